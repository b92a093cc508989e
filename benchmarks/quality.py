"""The quality gate: the cutter on the labelled pages beside the checkout, against pinned floors.

    python -m benchmarks.quality            measure, compare with benchmarks/quality.json, exit 1 where a figure fell
    python -m benchmarks.quality --pin      raise the floors to what is better now; lowers none
    python -m benchmarks.quality --pin --lower REASON    lower them, with the reason kept in the file

The floors hold for the labelled set whose digest stands beside them: on another set nothing is compared, only shown.
The scorers are those of the labelled set, and read what `cuttings run` publishes, as a user would have it: a page that
a check sets aside is counted as such, and missed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import polars as pl

PROJECT: Final = Path(__file__).resolve().parents[1]
LABELLED: Final = PROJECT.parent / "shared" / "eval"
FLOORS: Final = Path(__file__).with_name("quality.json")
FLATTENERS: Final = ("resi", "bs4nl")
# A figure may fall by this much before the gate closes: less than one page of the smallest set.
SLACK: Final = 0.001
# Figures of the scorer of composed pages that are pinned; for the last ones lower is better.
COMPOSED: Final = (
    "lossless", "primary shingle F1", "blob F1", "order right", "primary title exact", "related title exact",
    "source exact", "date right", "exact page", "zone accuracy", "role macro-F1", "LEAK", "LOSS", "false primary",
    "unjudged blobs / page",
)  # fmt: skip
LOWER_IS_BETTER: Final = ("LEAK", "LOSS", "false primary", "unjudged blobs / page", "empty", "set aside")


def call(*arguments: str | Path) -> None:
    """Run a Python program; its exit code must be 0, or 3: published, with pages set aside."""
    command = [sys.executable, *map(str, arguments)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode not in (0, 3):
        raise SystemExit(f"failed: {' '.join(command)}\n{done.stdout}{done.stderr}")


def tables_of(dump: Path) -> Path:
    """What the command gives of a dump, in a warehouse beside it."""
    warehouse = dump.with_name("warehouse")
    call("-m", "cuttings", "run", dump, "--warehouse", warehouse, "--no-prefect", "--no-trust-mtime")
    return warehouse / "current"


def report_of(scorer: str, *arguments: str | Path) -> dict[str, Any]:
    """The JSON that one of the scorers writes."""
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        call(LABELLED / scorer, *arguments, "--json", report.name)
        result: dict[str, Any] = json.loads(Path(report.name).read_text(encoding="utf-8"))
        return result


def set_aside_count(tables: Path) -> int:
    """Objects of a dump that have no page, by a limit or a check."""
    files = pl.read_parquet(tables / "files" / "**" / "*.parquet")
    return files.filter(pl.col("disposition").is_in(["quarantined", "refused"])).height


def composed_figures(name: str) -> dict[str, float]:
    """Figures of the composed pages or of the seeds."""
    with tempfile.TemporaryDirectory() as scratch:
        dump = Path(scratch) / "dump"
        call(LABELLED / "dump_multi.py", LABELLED / name, dump)
        tables = tables_of(dump)
        overall = report_of("score_pages.py", LABELLED / name, tables, "--boot", "0")["overall"]
        figures = {f"{name}: {figure}": round(overall[figure][0], 4) for figure in COMPOSED if figure in overall}
        return figures | {f"{name}: set aside": set_aside_count(tables)}


def single_figures(flattener: str) -> dict[str, float]:
    """Figures of the real pages of one article."""
    with tempfile.TemporaryDirectory() as scratch:
        dump = Path(scratch) / "dump"
        call(LABELLED / "score_single.py", "dump", LABELLED / "pages", dump, "--flat", flattener)
        tables = tables_of(dump)
        report = report_of("score_single.py", "score", LABELLED / "pages", tables, "--flat", flattener)
        figures = {
            f"{part} {flattener}: {figure}": report[part][figure] for part in report for figure in ("f1", "empty")
        }
        return figures | {f"pages {flattener}: set aside": set_aside_count(tables)}


def digest() -> str:
    """One digest of all labelled pages: names and bytes."""
    total = sha256()
    for folder in ("multi", "pages", "seeds"):
        for path in sorted((LABELLED / folder).rglob("*")):
            if path.is_file():
                total.update(f"{path.relative_to(LABELLED)}\0".encode() + sha256(path.read_bytes()).digest())
    return total.hexdigest()[:16]


def measure() -> dict[str, float]:
    """Every pinned figure."""
    figures = composed_figures("seeds") | composed_figures("multi")
    for flattener in FLATTENERS:
        figures |= single_figures(flattener)
    return figures


def fell(figures: dict[str, float], floors: dict[str, float]) -> list[str]:
    """What is worse than its floor, in words."""
    worse = []
    for name, floor in floors.items():
        value = figures.get(name)
        sign = -1 if name.endswith(LOWER_IS_BETTER) else 1
        if value is None:
            worse.append(f"{name}: not measured, pinned at {floor}")
        elif sign * (value - floor) < -SLACK:
            worse.append(f"{name}: {value}, pinned at {floor}")
    return worse


def ratcheted(figures: dict[str, float], floors: dict[str, float]) -> dict[str, float]:
    """New floors: of what was measured and what was pinned the better."""
    return {
        name: (min if name.endswith(LOWER_IS_BETTER) else max)(value, floors.get(name, value))
        for name, value in figures.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pin", action="store_true", help="write the figures as the new floors")
    parser.add_argument("--lower", metavar="REASON", help="with --pin: floors may go down, for this reason")
    options = parser.parse_args()
    if not LABELLED.is_dir():
        raise SystemExit(f"no labelled pages at {LABELLED}: put them there to measure the cutter")
    figures, set_digest = measure(), digest()
    for name, value in figures.items():
        print(f"{name:42} {value:8.4f}")
    pinned = json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {}
    same_set = pinned.get("digest") == set_digest
    worse = fell(figures, pinned.get("floors", {})) if same_set else []
    if pinned and not same_set:
        print(f"the labelled set is another one ({set_digest}, pinned {pinned['digest']}): nothing compared")
    if options.pin and (not worse or options.lower):
        reason = {"lowered": options.lower} if options.lower else {}
        floors = figures if options.lower or not same_set else ratcheted(figures, pinned["floors"])
        text = json.dumps({"digest": set_digest, **reason, "floors": floors}, indent=1)
        FLOORS.write_text(text + "\n", encoding="utf-8")
        print(f"pinned {len(floors)} floors in {FLOORS.name}")
        return
    if worse:
        print("\nbelow the floors of benchmarks/quality.json:", *worse, sep="\n  ")
        print("mend it, or lower the floors on purpose: python -m benchmarks.quality --pin --lower REASON")
        raise SystemExit(1)


if __name__ == "__main__":
    main()
