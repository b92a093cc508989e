"""The gate between a built generation and its publication.

A row that breaks a check is set aside with its page, and the tables are put together again without it, so that one
broken page does not keep the others from their readers:

    attempt: assemble, write, audit  ->  all checks hold: publish
        ^                            ->  pages explain every failing row, and they are few: set them aside
        └────────────────────────────────┘
                                     ->  else: refuse; what was published before is untouched

The page's object is then `quarantined` with the names of the checks as its reason and stage `check`, and its bytes are
kept. A later version of the engine cuts it again by itself, because its code digest is another one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from cuttings import corpus, quality
from cuttings.errors import CheckFailedError
from cuttings.outcome import Tally

_log = logging.getLogger(__name__)

STAGE: Final = "check"
# The largest share of its pages that a run may set aside. More than that is no fault of some pages.
SET_ASIDE_AT_MOST_RATIO: Final = 0.25
# So many may be set aside whatever their share, if a page is left: a share of a handful says nothing.
SET_ASIDE_ALWAYS_COUNT: Final = 3
# Attempts of one run. Without a page others may read otherwise, but a fault that goes on elsewhere is not the pages'.
MAX_ATTEMPTS: Final = 4

# Builds and audits a generation without the pages of a frame as `corpus.set_aside` takes it.
Attempt = Callable[[pl.DataFrame], tuple[Tally, quality.AuditResult]]
# Keeps the bytes of pages; gives the ids of those whose bytes could still be read.
Keep = Callable[[Collection[str]], Collection[str]]


@dataclass(frozen=True, slots=True)
class Admission:
    """The last attempt: its tally and audit, the pages set aside before it, and why it is refused, if it is."""

    tally: Tally
    audit: quality.AuditResult
    set_aside: pl.DataFrame
    refusal: str | None


@dataclass(frozen=True, slots=True)
class _Fault:
    """A check that refuses the publish, and the pages behind its rows; None when no page explains some of them."""

    check: str
    why: str
    page_ids: Sequence[str] | None


def admit(attempt: Attempt, keep: Keep, page_count: int, *, is_strict: bool) -> Admission:
    """Attempt, set aside what fails, and attempt again, until every check holds or the publish has to be refused.

    `page_count` is the number of pages in the first attempt. `is_strict` sets nothing aside. Raises CheckFailedError
    when the tables cannot even be put together, as no report can be written then; and whatever an attempt raises.
    """
    aside = corpus.withheld_pages()
    for attempts_left in reversed(range(MAX_ATTEMPTS)):
        attempted, broken = _attempted(attempt, aside)
        if attempted is not None and not attempted[1].failures:
            return Admission(*attempted, aside, None)
        faults = _faults(attempted[1]) if attempted is not None else broken
        blamed = _blamed(faults)
        refusal = _refusal(
            faults, aside.height + len(blamed), page_count, is_strict=is_strict, is_last=not attempts_left
        )
        if refusal is not None and attempted is not None:
            return Admission(*attempted, aside, refusal)
        if refusal is not None:
            raise CheckFailedError(f"the tables break the contract; what was published before is untouched.\n{refusal}")
        _log.info("setting %s pages aside that fail a check", f"{len(blamed):,}")
        aside = pl.concat((aside, _rows(blamed, keep(blamed)))).sort("page_id")
    raise AssertionError("the last attempt admits or refuses")


def _attempted(attempt: Attempt, aside: pl.DataFrame) -> tuple[tuple[Tally, quality.AuditResult] | None, list[_Fault]]:
    """An attempt; no audit but the fault where the rows are too broken to be put together."""
    try:
        return attempt(aside), []
    except corpus.BrokenRowsError as error:
        return None, [_Fault(error.check, str(error), error.page_ids)]


def _faults(audit: quality.AuditResult) -> list[_Fault]:
    return [
        _Fault(f"{result.check.suite}.{result.check.name}", result.check.why, result.failing_pages)
        for result in audit.failures
    ]


def _blamed(faults: Sequence[_Fault]) -> dict[str, list[_Fault]]:
    """The faults of each page."""
    blamed: dict[str, list[_Fault]] = {}
    for fault in faults:
        for page_id in fault.page_ids or ():
            blamed.setdefault(page_id, []).append(fault)
    return blamed


def _refusal(
    faults: Sequence[_Fault], aside_count: int, page_count: int, *, is_strict: bool, is_last: bool
) -> str | None:
    """Why the pages behind the faults are not set aside; None when they are."""
    unexplained = [fault.check for fault in faults if not fault.page_ids]
    at_most_count = max(SET_ASIDE_ALWAYS_COUNT, int(SET_ASIDE_AT_MOST_RATIO * page_count))
    if unexplained:
        return f"No page explains {', '.join(unexplained)}, so no page can be set aside for it."
    if is_strict:
        return f"A strict run sets no page aside; without --strict it would be {aside_count:,} of {page_count:,}."
    if aside_count > at_most_count or aside_count >= page_count:
        return (
            f"{aside_count:,} of {page_count:,} pages would have to be set aside, more than "
            f"{SET_ASIDE_AT_MOST_RATIO:.0%}: that is no fault of some pages."
        )
    if is_last:
        return f"Other pages went on failing after {MAX_ATTEMPTS - 1} times of setting some aside."
    return None


def _rows(blamed: Mapping[str, Sequence[_Fault]], kept: Collection[str]) -> pl.DataFrame:
    return corpus.withheld_pages(
        (
            page_id,
            STAGE,
            ", ".join(fault.check for fault in faults),
            "; ".join(f"{fault.check} does not hold: {fault.why}" for fault in faults),
            page_id in kept,
        )
        for page_id, faults in blamed.items()
    )
