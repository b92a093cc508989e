"""Prepared pages as `relate` needs them: ids as numbers, and of texts only which page prints them.

What only many pages show needs little of each page. A digest takes 80 bytes in a frame, 32 among the ids, and its
number takes 4; titles and date lines can be read again when the tables are written. So memory follows the few numbers
of a page and not what it says. Numbers are places in ascending order: rows sorted by number are rows sorted by id.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import polars as pl

from cuttings.contract import BODY_STATUSES, DATE_USES, ZONES
from cuttings.corpus.hexes import HexIds, Packed, packed
from cuttings.corpus.identity import ARTICLE_ID_DIGITS

# Texts of which an article shows the first that one of its appearances prints.
TEXTS: Final = ("title", "standfirst", "byline", "dateline", "agency")
# What `keyed` reads of prepared pages; lines are read for their keys first, and for their texts where those repeat.
COLUMNS: Final = {
    "pages": ("page_id", "size_bytes", "language"),
    "appearances": (
        "page_id", "position", "zone", "article_id", "source_name", "body_status", "date_byte_start", *TEXTS,
    ),
    "texts": ("page_id", "position", "body_bytes", "word_count", "sketch"),
    "date_mentions": ("page_id", "byte_start", "byte_end", "text", "use"),
    "repairs": ("page_id", "byte_at", "kind"),
    "lines": ("page_id", "key"),
}  # fmt: skip
# Of a list that is closed or short a value takes a byte or four, as a text sixteen.
_NARROW: Final = {
    "zone": pl.Enum(ZONES), "use": pl.Enum(DATE_USES), "body_status": pl.Enum(BODY_STATUSES),
    "language": pl.Categorical(), "body_bytes": pl.UInt32(), "word_count": pl.UInt32(),
}  # fmt: skip
_POSITIONS: Final = 1 << 32


@dataclass(frozen=True, slots=True)
class Ids:
    """All ids of pages and of articles, ascending."""

    pages: HexIds
    articles: HexIds


@dataclass(frozen=True, slots=True)
class KeyedPages:
    """Frames of prepared pages with the columns of COLUMNS; page_id and article_id are places in the ids.

    Of a text of TEXTS an appearance tells whether it prints one. `lines` has the lines that
    stand on more than one page, their texts as places in `line_texts`.
    """

    ids: Ids
    line_texts: pl.Series
    pages: pl.DataFrame
    appearances: pl.DataFrame
    texts: pl.DataFrame
    date_mentions: pl.DataFrame
    repairs: pl.DataFrame
    lines: pl.DataFrame

    @property
    def uncut(self) -> pl.Series:
        """The ids of pages without a row."""
        is_cut = np.zeros(len(self.ids.pages), dtype=np.bool_)
        is_cut[self.pages.get_column("page_id").to_numpy()] = True
        return self.ids.pages.texts(pl.Series(np.flatnonzero(~is_cut)))

    def without(self, page_ids: Collection[str]) -> KeyedPages:
        """The same without some pages; the places of ids stay."""
        gone = numbered(
            "pages", pl.DataFrame({"page_id": sorted(page_ids)}, schema={"page_id": pl.String}), self.ids.pages
        )
        frames = (
            {name: getattr(self, name).join(gone, on="page_id", how="anti") for name in COLUMNS} if page_ids else {}
        )
        return replace(self, **frames)


def keyed(
    parts: Iterable[Mapping[str, pl.DataFrame]], lines: Callable[[], Iterable[pl.DataFrame]], page_ids: HexIds
) -> KeyedPages:
    """Keyed pages out of frames of prepared pages in parts, whole pages each; `lines` gives their lines once more.

    `page_ids` has every page. Raises ValueError when a row is of another page.
    """
    article_ids: list[Packed] = []
    found: dict[str, list[pl.DataFrame]] = {name: [] for name in COLUMNS}
    for part in parts:
        for name, columns in COLUMNS.items():
            rows = part[name].select(columns)
            narrow = [pl.col(column).cast(kind) for column, kind in _NARROW.items() if column in columns]
            found[name].append(numbered(name, rows.with_columns(narrow), page_ids))
        appearances = found["appearances"].pop()
        article_ids.append(packed(appearances.get_column("article_id"), ARTICLE_ID_DIGITS // 2))
        found["appearances"].append(_narrow(appearances.drop("article_id")))
        found["lines"].append(found["lines"].pop().unique())
    frames = {name: _joined(found.pop(name)) for name in ("pages", "texts", "date_mentions", "repairs", "appearances")}
    distinct, places = np.unique(np.concatenate(article_ids), return_inverse=True)
    article_ids.clear()
    frames["appearances"] = frames["appearances"].with_columns(article_id=pl.Series(places.astype(np.uint32)))
    shown, texts = _repeated(found["lines"], lines, page_ids)
    return KeyedPages(Ids(page_ids, HexIds(distinct)), texts, **frames, lines=shown)


def numbered(name: str, frame: pl.DataFrame, page_ids: HexIds) -> pl.DataFrame:
    """`frame` with the place of each page_id in `page_ids`; ValueError where one is not there."""
    # The rows of a page stand together wherever they come from, so there are few runs of one id.
    runs = frame.get_column("page_id").rle().struct.unnest()
    own = runs.get_column("value").drop_nulls()
    places, is_known = page_ids.places(own)
    if not is_known.all():
        unknown = own.filter(pl.Series(~is_known))
        rows = frame.filter(pl.col("page_id").is_in(unknown.implode())).height
        raise ValueError(f"{name}: {rows} rows are of pages that were not cut, such as {unknown.sort()[0]}")
    found = np.zeros(runs.height, dtype=np.uint32)
    found[runs.get_column("value").is_not_null().to_numpy()] = places
    numbers = pl.Series(np.repeat(found, runs.get_column("len").to_numpy()))
    return frame.with_columns(page_id=pl.when(pl.col("page_id").is_not_null()).then(numbers))


def place() -> pl.Expr:
    """An appearance as one number: its page's, and its position."""
    return pl.col("page_id").cast(pl.UInt64) * _POSITIONS + pl.col("position").cast(pl.UInt64)


def page_of(places: pl.Expr) -> pl.Expr:
    """The page's number of what `place` made."""
    return (places // _POSITIONS).cast(pl.UInt32)


def position_of(places: pl.Expr) -> pl.Expr:
    """The position of what `place` made."""
    return (places % _POSITIONS).cast(pl.Int32)


def _narrow(appearances: pl.DataFrame) -> pl.DataFrame:
    return appearances.with_columns(pl.col(TEXTS).is_not_null())


def _joined(parts: list[pl.DataFrame]) -> pl.DataFrame:
    """The parts in one piece, which leaves nothing of what each was cut from."""
    joined = pl.concat(parts, rechunk=True)
    parts.clear()
    return joined


def _repeated(
    keys: list[pl.DataFrame], lines: Callable[[], Iterable[pl.DataFrame]], page_ids: HexIds
) -> tuple[pl.DataFrame, pl.Series]:
    """Lines that stand on more than one page, and their texts; `keys` has each line of a page once."""
    ordered = np.sort(np.concatenate([part.get_column("key").to_numpy() for part in keys]))
    keys.clear()
    repeated = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    parts: list[pl.DataFrame] = []
    for part in lines() if len(repeated) else ():
        own = part.get_column("key").to_numpy()
        at = np.minimum(np.searchsorted(repeated, own), len(repeated) - 1)
        parts.append(numbered("lines", part.filter(pl.Series(repeated[at] == own)), page_ids))
    if not parts:
        schema = {"page_id": pl.UInt32, "text": pl.UInt32, "key": pl.UInt64}
        return pl.DataFrame(schema=schema), pl.Series("text", dtype=pl.String)
    texts = pl.concat([part.get_column("text").unique() for part in parts]).unique().sort()
    places = pl.DataFrame({"text": texts}).with_row_index("place")
    shown = [
        part.join(places, on="text", how="left", maintain_order="left").select("page_id", "key", text="place")
        for part in parts
    ]
    return _joined(shown), texts
