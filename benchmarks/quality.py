"""The quality gate: the cutter on the labelled pages beside the checkout, against pinned floors.

    python -m benchmarks.quality            measure, compare with benchmarks/quality.json, exit 1 where a figure fell
    python -m benchmarks.quality --pin      write new floors; refuses to lower one
    python -m benchmarks.quality --pin --lower REASON    lower them, with the reason kept in the file

The floors hold for the labelled set whose digest stands beside them: on another set nothing is compared, only shown.
The scorers are those of the labelled set; the pages are cut without a store, by the function the flow uses.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import polars as pl

from cuttings import dates
from cuttings.pages import CutTables, cut_pages

PROJECT: Final = Path(__file__).resolve().parents[1]
LABELLED: Final = PROJECT.parent / "shared" / "eval"
FLOORS: Final = Path(__file__).with_name("quality.json")
FLATTENERS: Final = ("resi", "bs4nl")
# Pages that are cut in one batch.
BATCH: Final = 64
# A figure may fall by this much before the gate closes: less than one page of the smallest set.
SLACK: Final = 0.001
# Figures of the scorer of composed pages that are pinned; for the last ones lower is better.
COMPOSED: Final = (
    "lossless", "primary shingle F1", "blob F1", "order right", "primary title exact", "related title exact",
    "source exact", "date right", "exact page", "zone accuracy", "role macro-F1", "LEAK", "LOSS", "false primary",
    "unjudged blobs / page",
)  # fmt: skip
LOWER_IS_BETTER: Final = ("LEAK", "LOSS", "false primary", "unjudged blobs / page", "empty")


def pages_of(folder: Path) -> Iterator[tuple[str, Path]]:
    """Name and path of each composed page."""
    for path in sorted(folder.glob("*.txt")):
        yield path.name, path


def single_pages(flattener: str) -> Iterator[tuple[str, Path]]:
    """Name and path of each real page of one article, as the scorer of single pages names them."""
    for gold in sorted((LABELLED / "pages").glob("*/*.gold.txt")):
        name = gold.name.removesuffix(".gold.txt")
        yield f"{gold.parent.name}__{name}.txt", gold.parent / f"{name}.raw.{flattener}.txt"


def captures(folder: Path) -> dict[str, str]:
    """Capture time of each composed page, where it is known."""
    manifest = folder / "manifest.tsv"
    if not manifest.exists():
        return {}
    with manifest.open(encoding="utf-8") as lines:
        rows = csv.DictReader(lines, delimiter="\t")
        return {row["sha256"]: row["captured_at"] for row in rows if row["captured_at"]}


def cut(pages: Sequence[tuple[str, Path]]) -> CutTables:
    """All pages, cut in batches."""
    raws = [path.read_bytes() for _, path in pages]
    parts = [cut_pages(raws[first : first + BATCH]) for first in range(0, len(raws), BATCH)]
    return CutTables(*(pl.concat([getattr(part, name) for part in parts]) for name in CutTables.__slots__))


def write_tables(pages: Sequence[tuple[str, Path]], captured: dict[str, str], out: Path) -> None:
    """The five tables that the scorers read."""
    tables = cut(pages)
    files = pl.DataFrame(
        {
            "source_name": [name for name, _ in pages],
            "page_id": [sha256(path.read_bytes()).hexdigest() for _, path in pages],
            "disposition": ["loaded"] * len(pages),
        }
    )
    at = pl.Series("captured_at", [captured.get(page) for page in tables.pages["page_id"]], pl.String)
    own = tables.pages.with_columns(at.str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_unit="us", time_zone="UTC"))
    mentions = tables.date_mentions.join(
        own.select("page_id", "captured_at", "language"), on="page_id", how="left", maintain_order="left"
    ).with_columns(captured_from=pl.lit("sidecar"), publisher=pl.lit(None, pl.String))
    read = dates.read_mentions(mentions).select(published_earliest_at="earliest_at", published_latest_at="latest_at")
    dated = pl.concat([mentions.select("page_id", date_byte_start="byte_start"), read], how="horizontal")
    appearances = tables.appearances.join(
        dated.unique(["page_id", "date_byte_start"]), on=["page_id", "date_byte_start"], how="left"
    ).with_columns(article_id=pl.concat_str(pl.col("title").fill_null(""), pl.lit("|"), pl.col("body")))
    for name, table in {
        "files": files, "pages": own, "segments": tables.segments, "appearances": appearances,
        "articles": appearances.select("article_id", "body").unique("article_id"),
    }.items():  # fmt: skip
        (out / name).mkdir(parents=True)
        table.write_parquet(out / name / "part-0.parquet")


def score(arguments: Sequence[str | Path]) -> dict[str, Any]:
    """The JSON of one of the scorers."""
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        command = [sys.executable, *map(str, arguments), "--json", report.name]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"the scorer failed: {' '.join(command)}\n{done.stderr}")
        result: dict[str, Any] = json.loads(Path(report.name).read_text(encoding="utf-8"))
        return result


def composed_figures(name: str) -> dict[str, float]:
    """Figures of the composed pages or of the seeds."""
    folder = LABELLED / name
    with tempfile.TemporaryDirectory() as scratch:
        write_tables(list(pages_of(folder)), captures(folder), Path(scratch))
        overall = score([LABELLED / "score_pages.py", folder, scratch, "--boot", "0"])["overall"]
    return {f"{name}: {figure}": round(overall[figure][0], 4) for figure in COMPOSED if figure in overall}


def single_figures(flattener: str) -> dict[str, float]:
    """Figures of the real pages of one article."""
    with tempfile.TemporaryDirectory() as scratch:
        write_tables(list(single_pages(flattener)), {}, Path(scratch))
        report = score([LABELLED / "score_single.py", "score", LABELLED / "pages", scratch, "--flat", flattener])
    return {f"{part} {flattener}: {figure}": report[part][figure] for part in report for figure in ("f1", "empty")}


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
    steps: list[Callable[[], dict[str, float]]] = [lambda: composed_figures("seeds"), lambda: composed_figures("multi")]
    figures = {name: value for step in steps for name, value in step().items()}
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
        text = json.dumps({"digest": set_digest, **reason, "floors": figures}, indent=1)
        FLOORS.write_text(text + "\n", encoding="utf-8")
        print(f"pinned {len(figures)} floors in {FLOORS.name}")
        return
    if worse:
        print("\nbelow the floors of benchmarks/quality.json:", *worse, sep="\n  ")
        print("mend it, or lower the floors on purpose: python -m benchmarks.quality --pin --lower REASON")
        raise SystemExit(1)


if __name__ == "__main__":
    main()
