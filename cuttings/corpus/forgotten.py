"""Texts and pages that must not be published again, taken out of the frames of cut pages.

A page goes whole when its bytes are forgotten, or when its primary article is of a forgotten source. Elsewhere only the
articles of that source, and the forgotten texts, go: their bytes stay accounted for by segments of zone `page`, role
`unknown`, rule `forgotten` and an empty text, so that the segments of a page still tile it; the other articles of the
page close the gap in the numbering. Everything is told by ids, digests and byte ranges; no text is kept to tell it by.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, TypeVar

import polars as pl

from cuttings.corpus import identity, publishers
from cuttings.corpus.frames import CutFrames, digest, folded_case

if TYPE_CHECKING:
    from typing import Protocol

    from _typeshed import DataclassInstance

    class _CutTables(CutFrames, DataclassInstance, Protocol):
        """Frames of cut pages as a dataclass."""


_Cut = TypeVar("_Cut", bound="_CutTables")

RULE: Final = "forgotten"
REASON: Final = "forgotten"
DETAIL: Final = "it was forgotten at the operator's request: a tombstone of this warehouse names it"
LINE_DIGITS: Final = 32
# A shorter line is also written by chance, and its digest could be guessed; it is told by its place alone.
LEAST_LINE_CHARS: Final = 40
REPRINT_RATIO: Final = 0.5  # of the telling lines of a body
_KEY: Final = ("page_id", "position")
_TEXTS: Final = ("title", "standfirst", "byline", "dateline", "agency")


@dataclass(frozen=True, slots=True)
class Tombstones:
    """What is forgotten. Nothing here is text.

    pages: sha256 of raw bytes; objects: file_id; publishers: publisher_id; names: `name_digests` of a printed source
    line; articles: article_id; lines: `line_digests`; ranges: byte ranges by page_id.
    """

    pages: frozenset[str] = frozenset()
    objects: frozenset[str] = frozenset()
    publishers: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    articles: frozenset[str] = frozenset()
    lines: frozenset[str] = frozenset()
    ranges: Mapping[str, tuple[tuple[int, int], ...]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any((self.pages, self.objects, self.publishers, self.names, self.articles, self.lines, self.ranges))

    def __or__(self, other: Tombstones) -> Tombstones:
        ranges = {
            page_id: tuple(sorted({*self.ranges.get(page_id, ()), *other.ranges.get(page_id, ())}))
            for page_id in sorted({*self.ranges, *other.ranges})
        }
        return Tombstones(
            self.pages | other.pages,
            self.objects | other.objects,
            self.publishers | other.publishers,
            self.names | other.names,
            self.articles | other.articles,
            self.lines | other.lines,
            ranges,
        )


def line_digests(texts: pl.Series) -> pl.Series:
    """Digest of each text as a line: folded, blanks collapsed; null for a line that is too short to be told by it."""
    return _as_lines(texts.alias("text").to_frame()).get_column("line")


def name_digests(names: pl.Series) -> pl.Series:
    """Digest of each printed source line, as far as spellings of one name share it; null where nothing is printed."""
    bare = names.alias("name").to_frame().select(publishers.folded(publishers.alias(pl.col("name"))))
    return digest(bare.to_series(), LINE_DIGITS)


def without_forgotten(cut: _Cut, tombstones: Tombstones) -> tuple[_Cut, list[str]]:
    """`cut` without what is forgotten, and the pages that go whole, which the caller has yet to take out.

    Each page is judged by itself, so a batch at a time gives what all pages at once give.
    """
    named = _named(cut.appearances)
    is_of_source = pl.col("publisher_id").is_in(sorted(tombstones.publishers)) | pl.col("name_digest").is_in(
        sorted(tombstones.names)
    )
    is_of_source = is_of_source.fill_null(value=False)
    of_source = named.filter(is_of_source & (pl.col("zone") == "primary")).get_column("page_id")
    is_listed = pl.col("page_id").is_in(sorted(tombstones.pages))
    gone = sorted({*of_source, *cut.pages.filter(is_listed).get_column("page_id")})
    is_forgotten = is_of_source | pl.col("article_id").is_in(sorted(tombstones.articles))
    forgotten = named.filter(is_forgotten).select(_KEY)
    listed = _by_line(cut.segments, tombstones.lines)
    placed = _by_range(cut.segments, tombstones.ranges)
    # An article that lay within a forgotten range is that article still, however a later version cuts it.
    reprinted = _reprints(cut.appearances, tombstones.lines)
    forgotten = pl.concat((forgotten, placed.select(_KEY).drop_nulls(), reprinted)).unique()
    owned = cut.segments.join(forgotten, on=_KEY, how="semi").select("page_id", "segment_no")
    blank = pl.concat((owned, listed, placed.select("page_id", "segment_no"))).unique()
    if blank.height == 0:
        return cut, gone
    return _blanked(cut, forgotten, blank, tombstones.lines), gone


def compacted(frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` in memory of its own: rows and texts that were taken out are not in the buffers behind it either.

    A frame that was filtered shares the buffers of all its rows, and a file written from it holds their texts.
    """
    return pl.DataFrame(frame.to_arrow(compat_level=pl.CompatLevel.oldest()), schema=frame.schema)


def without_objects(
    files: pl.DataFrame, quarantine: pl.DataFrame, content_ids: Collection[str], object_ids: Collection[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`files` and `quarantine` when the objects with these bytes, or these file ids, are forgotten.

    Each is refused, and tells of itself only that it is there and how large it is: no name, no digest, no time.
    """
    is_forgotten = pl.col("content_sha256").is_in(sorted(content_ids)).fill_null(value=False) | pl.col("file_id").is_in(
        sorted(object_ids)
    )
    forgotten = files.filter(is_forgotten).select("file_id")
    told: dict[str, pl.Expr] = {name: pl.lit(None, kind) for name, kind in files.schema.items() if name.endswith("_at")}
    told |= {name: pl.lit(None, pl.String) for name in ("content_sha256", "url", "page_id")}
    told |= {
        "source_name": pl.lit("forgotten/") + pl.col("file_id"), "captured_from": pl.lit("none"),
        "disposition": pl.lit("refused"), "reason": pl.lit(REASON),
    }  # fmt: skip
    rows = forgotten.with_columns(
        stage=pl.lit("source"), reason=pl.lit(REASON), detail=pl.lit(DETAIL),
        content_sha256=pl.lit(None, pl.String), bytes_kept_at=pl.lit(None, pl.String),
    )  # fmt: skip
    others = quarantine.join(forgotten, on="file_id", how="anti", maintain_order="left")
    return (
        files.with_columns(
            pl.when(is_forgotten).then(value).otherwise(pl.col(name)).alias(name) for name, value in told.items()
        ),
        pl.concat((others, rows.select(quarantine.columns))).sort("file_id", "stage", "reason"),
    )


def _named(appearances: pl.DataFrame) -> pl.DataFrame:
    """page_id, position, zone, article_id, publisher_id?, name_digest? of every appearance."""
    spelled = publishers.spellings(appearances.get_column("source_name"))
    known = publishers.with_publisher_id(identity.with_article_id(appearances), spelled)
    return known.with_columns(name_digest=name_digests(known.get_column("source_name"))).select(
        *_KEY, "zone", "article_id", "publisher_id", "name_digest"
    )


def _as_lines(frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` with `line`, the digest of its `text` as a line."""
    flat = folded_case(pl.col("text")).str.replace_all(r"\s+", " ").str.strip_chars()
    folded = frame.select(pl.when(flat.str.len_chars() >= LEAST_LINE_CHARS).then(flat)).to_series()
    return frame.with_columns(line=digest(folded, LINE_DIGITS))


def _by_line(segments: pl.DataFrame, lines: Collection[str]) -> pl.DataFrame:
    """page_id, segment_no of the segments with a line that is forgotten."""
    if not lines:
        return segments.clear().select("page_id", "segment_no")
    split = segments.select("page_id", "segment_no", pl.col("text").str.split("\n")).explode("text")
    return _as_lines(split).filter(pl.col("line").is_in(sorted(lines))).select("page_id", "segment_no").unique()


def _reprints(appearances: pl.DataFrame, lines: Collection[str]) -> pl.DataFrame:
    """page_id, position of the appearances of whose telling lines most are forgotten ones."""
    if not lines:
        return appearances.clear().select(_KEY)
    split = _as_lines(appearances.select(*_KEY, pl.col("body").str.split("\n").alias("text")).explode("text"))
    known = split.drop_nulls("line").group_by(_KEY).agg(pl.col("line").is_in(sorted(lines)).mean().alias("share"))
    return known.filter(pl.col("share") > REPRINT_RATIO).select(_KEY)


def _by_range(segments: pl.DataFrame, ranges: Mapping[str, Collection[tuple[int, int]]]) -> pl.DataFrame:
    """The segments that share a byte with a forgotten range of their page."""
    rows = [(page_id, start, end) for page_id, places in ranges.items() for start, end in places]
    places = pl.DataFrame(rows, schema={"page_id": pl.String, "start": pl.Int64, "end": pl.Int64}, orient="row")
    return (
        segments.join(places, on="page_id")
        .filter((pl.col("byte_start") < pl.col("end")) & (pl.col("byte_end") > pl.col("start")))
        .select("page_id", "segment_no", "position", "byte_start", "byte_end")
        .unique()
    )


def _blanked(cut: _Cut, forgotten: pl.DataFrame, blank: pl.DataFrame, lines: Collection[str]) -> _Cut:
    marked = cut.segments.join(
        blank.with_columns(is_blank=pl.lit(value=True)), on=("page_id", "segment_no"), how="left", maintain_order="left"
    ).with_columns(pl.col("is_blank").fill_null(value=False))
    places = marked.filter("is_blank").select("page_id", "byte_start", "byte_end")
    emptied = {
        "text": pl.lit(""), "zone": pl.lit("page"), "role": pl.lit("unknown"), "joint": pl.lit("none"),
        "position": pl.lit(None, marked.schema["position"]), "rule": pl.lit(RULE), "confidence": pl.lit(1.0),
    }  # fmt: skip
    segments = marked.with_columns(
        pl.when("is_blank").then(value).otherwise(pl.col(name)).alias(name) for name, value in emptied.items()
    ).drop("is_blank")
    kept = segments.select(_KEY).drop_nulls().unique()
    appearances = cut.appearances.join(forgotten, on=_KEY, how="anti").join(kept, on=_KEY, how="semi")
    appearances = _without_lines(_without_dates(appearances, places), lines)
    numbers = _numbers(appearances)
    counted = appearances.group_by("page_id").agg(
        pl.col("zone").eq("primary").sum().cast(pl.Int32).alias("primary_count"),
        pl.col("zone").ne("primary").sum().cast(pl.Int32).alias("related_count"),
    )
    return replace(
        cut,
        pages=cut.pages.drop("primary_count", "related_count")
        .join(counted, on="page_id", how="left", maintain_order="left")
        .with_columns(pl.col("primary_count", "related_count").fill_null(0))
        .select(cut.pages.columns),
        segments=_renumbered(segments, numbers),
        appearances=_renumbered(appearances, numbers),
        date_mentions=_renumbered(_outside(cut.date_mentions, places, "byte_start", pl.col("byte_end") - 1), numbers),
        repairs=_renumbered(_outside(cut.repairs, places, "byte_at", pl.col("byte_at")), numbers).drop_nulls(
            "position"
        ),
        lines=_lines_of(cut.lines, segments, places.get_column("page_id").unique()),
    )


def _without_dates(appearances: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """`appearances` without the date texts that stand in forgotten places."""
    lost = appearances.join(places, on="page_id", suffix="_place").filter(
        (pl.col("date_byte_start") >= pl.col("byte_start_place"))
        & (pl.col("date_byte_start") < pl.col("byte_end_place"))
    )
    is_lost = pl.struct(_KEY).is_in(lost.select(pl.struct(_KEY)).to_series().implode())
    return appearances.with_columns(
        pl.when(~is_lost).then(pl.col(name)).alias(name) for name in ("date_text", "date_byte_start")
    )


def _without_lines(appearances: pl.DataFrame, lines: Collection[str]) -> pl.DataFrame:
    """`appearances` whose texts have lost the forgotten lines; a body without a line left is absent."""
    if not lines or appearances.height == 0:
        return appearances
    is_known = pl.col("line").is_null() | ~pl.col("line").is_in(sorted(lines))
    bodies = (
        _as_lines(appearances.select(*_KEY, pl.col("body").str.split("\n").alias("text")).explode("text"))
        .filter(is_known)
        .group_by(_KEY, maintain_order=True)
        .agg(pl.col("text").str.join("\n").alias("body"))
    )
    shorter = appearances.drop("body").join(bodies, on=_KEY, how="left", maintain_order="left")
    texts = [
        _as_lines(shorter.select(pl.col(name).alias("text"))).select(pl.when(is_known).then("text").alias(name))
        for name in _TEXTS
    ]
    body = pl.col("body").fill_null("")
    return (
        shorter.with_columns(*(text.to_series() for text in texts), body)
        .with_columns(body_status=pl.when(body == "").then(pl.lit("absent")).otherwise("body_status"))
        .select(appearances.columns)
    )


def _numbers(appearances: pl.DataFrame) -> pl.DataFrame:
    """page_id, position, number: the primary stays 0, the others count on from 1."""
    others = appearances.filter(pl.col("position") > 0).select(
        *_KEY, pl.col("position").rank("ordinal").over("page_id").cast(pl.Int32).alias("number")
    )
    first = appearances.filter(pl.col("position") == 0).select(*_KEY, pl.lit(0, pl.Int32).alias("number"))
    return pl.concat((first, others))


def _renumbered(frame: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    """`frame` with the new positions; one that is no article any more is null."""
    joined = frame.join(numbers, on=_KEY, how="left", maintain_order="left")
    return joined.with_columns(position=pl.col("number").cast(frame.schema["position"])).select(frame.columns)


def _outside(frame: pl.DataFrame, places: pl.DataFrame, first: str, last: pl.Expr) -> pl.DataFrame:
    """`frame` without the rows of which a byte, from `first` to `last`, stands in a forgotten place."""
    numbered = frame.with_row_index("row")
    bounds = places.select("page_id", pl.col("byte_start").alias("place_start"), pl.col("byte_end").alias("place_end"))
    touched = numbered.join(bounds, on="page_id").filter(
        (pl.col(first) < pl.col("place_end")) & (last >= pl.col("place_start"))
    )
    return numbered.join(touched.select("row").unique(), on="row", how="anti", maintain_order="left").drop("row")


def _lines_of(lines: pl.DataFrame, segments: pl.DataFrame, page_ids: pl.Series) -> pl.DataFrame:
    """`lines`; of pages that lost something only those that are still a line of one of their segments."""
    shown = (
        segments.filter(pl.col("page_id").is_in(page_ids.implode()))
        .select("page_id", pl.col("text").str.split("\n"))
        .explode("text")
        .select("page_id", pl.col("text").str.strip_chars())
        .unique()
    )
    is_untouched = ~pl.col("page_id").is_in(page_ids.implode())
    is_shown = pl.struct("page_id", pl.col("text").str.strip_chars()).is_in(
        shown.select(pl.struct("page_id", "text")).to_series().implode()
    )
    return lines.filter(is_untouched | is_shown)
