"""The promises of promises.toml, what their tests found, and the page made of it.

`make torture` writes both: docs/promises.json and docs/promises.md (torture.py).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

PROJECT: Final = Path(__file__).resolve().parents[2]
RESULTS: Final = PROJECT / "docs" / "promises.json"
PAGE: Final = PROJECT / "docs" / "promises.md"
CONFIDENCE_TRIALS: Final = 3  # without a failure in n random trials, the rate is below 3/n with 95 % confidence

# What stands in docs/promises.json; see `results`.
Results = dict[str, Any]


@dataclass(frozen=True)
class Promise:
    """One entry of promises.toml; see there."""

    name: str
    text: str
    method: str
    asked: int
    tests: tuple[str, ...]
    fewer: str = ""
    is_exhaustive: bool = False


def load() -> tuple[Promise, ...]:
    """The promises of promises.toml."""
    entries = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return tuple(Promise(name, **{**entry, "tests": tuple(entry["tests"])}) for name, entry in entries.items())


PROMISES: Final = load()


def results(promise: Promise, parts: Mapping[str, Mapping[str, Any]], unfinished: Iterable[str]) -> dict[str, Any]:
    """What became of a promise: the sums over its files of tests, which stand beside them.

    `unfinished` are the parts of its tests that did not come to their end, and how they ended.
    """
    found = list(parts.values())
    trials, failures = (sum(part[name] for part in found) for name in ("trials", "failures"))
    ended_early = sorted(unfinished)
    is_bounded = not (failures or ended_early or promise.is_exhaustive) and trials > CONFIDENCE_TRIALS
    return {
        "promise": promise.text,
        "trials": trials,
        "asked": promise.asked,
        "failures": failures,
        "bound_95": CONFIDENCE_TRIALS / trials if is_bounded else None,
        "is_exhaustive": promise.is_exhaustive,
        "seeds": sorted({seed for part in found for seed in part["seeds"]}),
        "seconds": round(sum(part["seconds"] for part in found), 1),
        "failed": [test for part in found for test in part["failed"]],
        "skipped": sorted({reason for part in found for reason in part["skipped"]}),
        "unfinished": ended_early,
        "files": {file: {**part, "seconds": round(part["seconds"], 1)} for file, part in sorted(parts.items())},
    }


def bound(found: Mapping[str, Any]) -> str:
    """What the outcome says of the rate of failures."""
    if found["failures"]:
        return f"**{found['failures']} failed**"
    if found["unfinished"]:
        return "**did not end**"
    if not found["trials"]:
        return "not tested here"
    if found["is_exhaustive"]:
        return "every point"
    return "too few" if found["bound_95"] is None else f"below {found['bound_95']:.2%}"


def duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"


def table(found: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The rows of the page, one a promise."""
    rows = [
        "| | promise | trials | asked | failures | 95 % bound | seed | took | how it is tested |",
        "|---|---|---:|---:|---:|---|---|---:|---|",
    ]
    for promise in PROMISES:
        if one := found.get(promise.name):
            rows.append(
                f"| {promise.name} | {promise.text} | {one['trials']:,} | {one['asked']:,} | {one['failures']} "
                f"| {bound(one)} | {', '.join(one['seeds'])} | {duration(one['seconds'])} | {promise.method} |"
            )
    return rows


def notes(found: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """What the table does not say: fewer trials than asked, tests that were skipped, failed or did not end."""
    lines = []
    for promise in PROMISES:
        if not (one := found.get(promise.name)):
            continue
        if one["trials"] < one["asked"]:
            because = promise.fewer or "a part of its tests was skipped or did not end, or SHARE was less than 1"
            lines.append(f"- {promise.name}: fewer trials than asked: {because}.")
        elif promise.fewer:
            lines.append(f"- {promise.name}: {promise.fewer}.")
        lines += [f"- {promise.name}: a test was skipped: {reason}." for reason in one["skipped"]]
        lines += [f"- {promise.name}: failed: `{test}`." for test in one["failed"]]
        lines += [f"- {promise.name}: {how}." for how in one["unfinished"]]
    return lines


def page(whole: Results) -> str:
    """docs/promises.md."""
    share = "" if whole["share"] == 1 else f", with {whole['share']:.0%} of the trials that are drawn by lot"
    plus = " (the plus: with changes that were not committed)" if whole["revision"].endswith("+") else ""
    head = f"""# Promises

What one `make torture` found, trial by trial; written by it, do not edit. It ran over the revision
`{whole["revision"]}`{plus} in {duration(whole["seconds"])}, {whole["jobs"]} files of tests at a time on
{whole["cores"]} cores{share}. `make test` makes a share of the same trials. *Asked* is the number of trials that the
promise is to be tried with. A bound of 3/n is that of n random trials without a failure; where every point of a
protocol is tried, there is none to give. *Took* is the time of its tests, some of which several promises share.
`promises.json` has it all by file of tests, and `tests/reliability/promises.toml` names them."""
    for again in whole.get("again", []):
        tests = ", ".join(f"`{one}`" for one in again["tests"])
        head += f"""
What had failed there, or not ended, was tried again over the revision `{again["revision"]}`: {tests}."""
    lines = notes(whole["promises"])
    return "\n".join([head, "", *table(whole["promises"]), *(["", *lines] if lines else []), ""])
