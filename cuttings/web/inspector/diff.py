"""What two generations say differently: which pages were added, removed, or read otherwise.

Tables as a whole are compared by the store; `page_diff.py` compares one page.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import polars as pl

from cuttings.store import Difference, compare, read_manifest
from cuttings.web.generation import OpenGeneration

CHANGE_ROWS: Final = 50  # pages on one screen of the list
_KEPT_COMPARISONS: Final = 4
_PARTS: Final = ("labels", "titles", "dates", "capture")  # what can differ of a page, as _DIGESTS names it
_GENERATION_ID: Final = re.compile(r"[0-9a-f]{16}")

# Per page one number for each thing that can differ; an order of rows does not show in it.
_DIGESTS: Final = """
with labels as (
    select page_id, sum(hash(segment_no, byte_start, byte_end, zone, role, position)::hugeint)::varchar as labels
    from segments group by page_id
),

titles as (
    select page_id, sum(hash(position, zone, title, source_name, body_status)::hugeint)::varchar as titles
    from appearances group by page_id
),

dates as (
    select page_id, sum(hash(byte_start, byte_end, earliest_at, latest_at, instant_at)::hugeint)::varchar as dates
    from date_mentions group by page_id
)

select
    pages.page_id, pages.confidence, labels.labels, titles.titles, dates.dates,
    cast(pages.captured_at as varchar) as capture
from pages
left join labels on pages.page_id = labels.page_id
left join titles on pages.page_id = titles.page_id
left join dates on pages.page_id = dates.page_id
"""
_NAMED: Final = """
select pages.page_id, primaries.title, (
    select min(files.source_name) from files where files.page_id = pages.page_id
)
from pages
left join appearances as primaries on pages.page_id = primaries.page_id and primaries.position = 0
where list_contains($page_ids, pages.page_id)
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """A generation on the disk; `finished_at` is when it was published, if the history of the newest one knows."""

    generation_id: str
    finished_at: datetime | None
    is_published: bool


@dataclass(frozen=True, slots=True)
class ChangedPage:
    """A page that differs. `kind` is added, removed or changed, `parts` what differs of a changed one."""

    page_id: str
    kind: str
    parts: tuple[str, ...]
    confidence_before: float | None
    confidence_after: float | None
    title: str | None = None
    source_name: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two generations: their tables, and every page that differs, the changed ones first, least certain first."""

    tables: Difference
    pages: tuple[ChangedPage, ...]

    def count(self, kind: str) -> int:
        """How many pages were added, removed or changed."""
        return sum(page.kind == kind for page in self.pages)


_compared: Final[OrderedDict[tuple[Path, Path], Comparison]] = OrderedDict()
_compared_lock: Final = threading.Lock()


def kept_generations(generation: OpenGeneration) -> list[Kept]:
    """The generations beside the published one, `generation`, itself among them; the newest first."""
    with closing(generation.connection()) as connection:
        finished = dict(connection.execute("select run_id, finished_at from runs").fetchall())
    kept = [Kept(name, finished.get(name), name == generation.generation_id) for name in _ids_beside(generation)]
    return sorted(kept, key=lambda one: (one.finished_at is not None, one.finished_at, one.generation_id), reverse=True)


def has_others(generation: OpenGeneration) -> bool:
    """There is another generation to compare this one with."""
    return len(_ids_beside(generation)) > 1


def _ids_beside(generation: OpenGeneration) -> list[str]:
    ids = (path.parent.name for path in generation.directory.parent.glob("*/manifest.json"))
    return [name for name in ids if _GENERATION_ID.fullmatch(name)]


def previous_id(generation: OpenGeneration) -> str | None:
    """The generation that this one follows."""
    return read_manifest(generation.directory / "manifest.json").previous_id


def compare_generations(before: OpenGeneration, after: OpenGeneration) -> Comparison:
    """Tables and pages that differ. Reads both whole the first time; generations never change, so it is kept."""
    key = (before.directory, after.directory)
    with _compared_lock:
        found = _compared.get(key)
    if found is None:
        found = Comparison(compare(*key), _changed_pages(_digests(before), _digests(after)))
        with _compared_lock:
            _compared[key] = found
            while len(_compared) > _KEPT_COMPARISONS:
                _compared.popitem(last=False)
    return found


def _changed_pages(old: pl.DataFrame, new: pl.DataFrame) -> tuple[ChangedPage, ...]:
    both = old.join(new, on="page_id", how="full", suffix="_new", coalesce=True)
    differs = [pl.col(name).ne_missing(pl.col(f"{name}_new")).alias(name) for name in _PARTS]
    rows = (
        both.select(
            "page_id",
            pl.when(pl.col("confidence").is_null())
            .then(pl.lit("added"))
            .when(pl.col("confidence_new").is_null())
            .then(pl.lit("removed"))
            .otherwise(pl.lit("changed"))
            .alias("kind"),
            "confidence",
            "confidence_new",
            *differs,
        )
        .filter(pl.any_horizontal(_PARTS) | (pl.col("kind") != "changed"))
        .sort(
            pl.col("kind").replace_strict({"changed": 0, "added": 1, "removed": 2}, return_dtype=pl.Int8),
            pl.coalesce("confidence_new", "confidence"),
            "page_id",
        )
    )
    return tuple(
        ChangedPage(
            page_id,
            kind,
            tuple(name for name, is_other in zip(_PARTS, parts, strict=True) if is_other) if kind == "changed" else (),
            confidence_before,
            confidence_after,
        )
        for page_id, kind, confidence_before, confidence_after, *parts in rows.iter_rows()
    )


def _digests(generation: OpenGeneration) -> pl.DataFrame:
    with closing(generation.connection()) as connection:
        frame: pl.DataFrame = connection.sql(_DIGESTS).pl()
    return frame


def named_pages(pages: Sequence[ChangedPage], before: OpenGeneration, after: OpenGeneration) -> list[ChangedPage]:
    """`pages` with the title of the primary and a file name, of the newer side where it has the page."""
    found: dict[str, tuple[str | None, str | None]] = {}
    for side in (before, after):
        with closing(side.connection()) as connection:
            values = {"page_ids": [page.page_id for page in pages]}
            found |= {page_id: (title, name) for page_id, title, name in connection.execute(_NAMED, values).fetchall()}
    return [
        ChangedPage(
            page.page_id,
            page.kind,
            page.parts,
            page.confidence_before,
            page.confidence_after,
            *found.get(page.page_id, (None, None)),
        )
        for page in pages
    ]
