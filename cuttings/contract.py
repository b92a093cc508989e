"""The table contract: every published table as one Arrow schema, with its grain, keys and units.

A table or column named here is a promise to readers. Columns may be added; one that changes type or disappears breaks
the golden test `tests/contract/` and needs a changelog entry that says what a reader must do.

Ids are lower-case hexadecimal prefixes of SHA-256. A name that ends in `_at` is an instant in UTC with microseconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pyarrow as pa

ZONES: Final = ("primary", "related", "sibling", "page")
ROLES: Final = (
    "title", "title_repeat", "kicker", "standfirst", "subhead", "byline", "author_bio", "place", "source", "date",
    "dateline", "body", "list_item", "quote", "transcript_turn", "table", "live_entry_time", "live_entry_title",
    "caption", "alt_text", "inline_related", "related_heading", "ad", "promo", "read_more", "comments", "share", "nav",
    "icon", "tags", "legal", "cookie", "paywall", "video_ui", "extractor", "ws", "unknown",
)  # fmt: skip
# Roles that make up the text of an article; all of them fold to body.
BODY_ROLES: Final = ("body", "list_item", "quote", "transcript_turn", "table")
JOINTS: Final = ("none", "space", "line", "paragraph")
PAGE_TYPES: Final = ("article", "index", "live", "feed", "empty", "unknown")
BODY_STATUSES: Final = ("full", "truncated", "absent", "caption_only", "promo_only")
CAPTURE_SOURCES: Final = ("sidecar", "record", "option", "name", "mtime", "inferred", "none")
DISPOSITIONS: Final = ("loaded", "duplicate", "quarantined", "refused")
DATE_USES: Final = ("published", "updated", "live_entry", "extractor", "body")
DATE_PRECISIONS: Final = ("second", "minute", "hour", "day", "week", "month", "year")
ZONE_SOURCES: Final = ("written", "publisher", "option", "none")
DATE_ANCHORS: Final = ("written", "capture", "none")
REPAIR_KINDS: Final = ("link_join", "missing_space", "residue_cut", "doubled_line", "lossy_joint", "lost_value")
PUBLISHER_KINDS: Final = ("publisher", "agency", "aggregator")
CHECK_LEVELS: Final = ("fail", "warn")

TIMESTAMP: Final = pa.timestamp("us", tz="UTC")
READINGS: Final = pa.list_(pa.struct([("earliest_at", TIMESTAMP), ("latest_at", TIMESTAMP)]))


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its Arrow type, whether it may be null, what it means, and its closed list of values if any."""

    name: str
    type: pa.DataType
    description: str
    is_nullable: bool = False
    values: tuple[str, ...] | None = None
    references: str | None = None  # "table.column"


@dataclass(frozen=True, slots=True)
class Table:
    """One published table.

    `grain` completes "one row per …". Rows are sorted by `key`, which is unique. `captured_on` names the expression
    that gives the hive partition; None means the table is one file.
    """

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    captured_on: str | None = None

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema, with grain and key in its metadata and each description in its field's."""
        fields = [
            pa.field(c.name, c.type, nullable=c.is_nullable, metadata={"description": c.description})
            for c in self.columns
        ]
        return pa.schema(fields, metadata={"table": self.name, "grain": self.grain, "key": ",".join(self.key)})


def _text(name: str, description: str, **options: object) -> Column:
    return Column(name, pa.string(), description, **options)  # type: ignore[arg-type]


def _count(name: str, description: str, **options: object) -> Column:
    return Column(name, pa.int64(), description, **options)  # type: ignore[arg-type]


def _small(name: str, description: str, **options: object) -> Column:
    return Column(name, pa.int32(), description, **options)  # type: ignore[arg-type]


def _flag(name: str, description: str, **options: object) -> Column:
    return Column(name, pa.bool_(), description, **options)  # type: ignore[arg-type]


def _ratio(name: str, description: str, **options: object) -> Column:
    return Column(name, pa.float64(), description, **options)  # type: ignore[arg-type]


def _at(name: str, description: str, **options: object) -> Column:
    return Column(name, TIMESTAMP, description, **options)  # type: ignore[arg-type]


def _maybe(column: Column) -> Column:
    return Column(column.name, column.type, column.description, True, column.values, column.references)


_CAPTURE = (
    _maybe(_at("captured_at", "when the page was fetched, as far as known")),
    _text("captured_from", "where captured_at comes from", values=CAPTURE_SOURCES),
)
_PUBLISHED = (
    _maybe(_at("published_at", "best point under the assumption stated in date_mentions")),
    _maybe(_at("published_earliest_at", "start of the interval that holds under any assumption")),
    _maybe(_at("published_latest_at", "end of the interval that holds under any assumption")),
    _maybe(_text("published_precision", "the finest unit that was written", values=DATE_PRECISIONS)),
)

FILES: Final = Table(
    "files",
    "object seen in a source",
    ("file_id",),
    (
        _text("file_id", "sha256 of the source label and the name, first 32 digits"),
        _text("source_label", "which of the run's sources: empty when there is one, else the name of its folder"),
        _text("source_name", "path within the source, archive!member, or URI; undecodable bytes as \\xNN"),
        _maybe(_text("content_sha256", "sha256 of the bytes; null when they could not be read")),
        _count("size_bytes", "size of the object in bytes, as found"),
        _maybe(_at("modified_at", "modification time of the object")),
        _maybe(
            _text("page_id", "the page these bytes are; null unless loaded or duplicate", references="pages.page_id")
        ),
        *_CAPTURE,
        _maybe(_text("url", "address of the page, from the sidecar or the record")),
        _text("disposition", "what became of the object", values=DISPOSITIONS),
        _maybe(_text("reason", "why it was not loaded: a code from the list in docs/operations.md")),
    ),
    captured_on="captured_at",
)

PAGES: Final = Table(
    "pages",
    "distinct page content",
    ("page_id",),
    (
        _text("page_id", "sha256 of the raw bytes"),
        _count("size_bytes", "length of the raw bytes"),
        _text("encoding", "encoding the bytes were read as"),
        _flag("is_damaged", "some bytes were not valid in that encoding, or control characters stand in the text"),
        _maybe(_text("language", "ISO 639-1 code of the page's main language; null when unsure")),
        _text("page_type", "what kind of page", values=PAGE_TYPES),
        _text("dialect", "how the markup was flattened: lines, blocks, one_line, markup, feed_xml or unknown"),
        _maybe(_text("publisher_id", "publisher of the primary, if printed", references="publishers.publisher_id")),
        *_CAPTURE,
        _maybe(_at("captured_earliest_at", "start of the interval the capture lies in")),
        _maybe(_at("captured_latest_at", "end of the interval the capture lies in")),
        _small("primary_count", "appearances with zone primary: 0 or 1"),
        _small("related_count", "appearances with zone related or sibling"),
        _ratio("confidence", "that of its least sure article; 0.5 where it has none"),
    ),
    captured_on="captured_at",
)  # fmt: skip

SEGMENTS: Final = Table(
    "segments",
    "byte range of a page; the ranges of a page tile it",
    ("page_id", "segment_no"),
    (
        _text("page_id", "the page", references="pages.page_id"),
        _small("segment_no", "order on the page, from 0"),
        _count("byte_start", "first byte of the range in the raw page"),
        _count("byte_end", "first byte after the range"),
        _text("zone", "which thing the range belongs to", values=ZONES),
        _text("role", "what the range is", values=ROLES),
        _maybe(_small("position", "the appearance it belongs to; null in zone page")),
        _text("joint", "how the text joins to the segment before it in the same article", values=JOINTS),
        _text("rule", "name of the rule that decided"),
        _ratio("confidence", "chance that zone and role are right, as measured on labelled pages"),
        _text("text", "the bytes, decoded; undecodable bytes are U+FFFD"),
    ),
    captured_on="pages.captured_at",
)

APPEARANCES: Final = Table(
    "appearances",
    "article on a page",
    ("page_id", "position"),
    (
        _text("page_id", "the page", references="pages.page_id"),
        _small("position", "0 is the primary; 1 and up are the others in page order"),
        _text("zone", "primary, related or sibling", values=("primary", "related", "sibling")),
        _text("article_id", "the text", references="articles.article_id"),
        _maybe(_text("title", "the title as printed")),
        _maybe(_text("source_name", "the publisher line as printed, never inferred")),
        _maybe(_text("publisher_id", "the publisher behind source_name", references="publishers.publisher_id")),
        _maybe(_text("date_text", "the publication date as printed")),
        *_PUBLISHED,
        _text("body_status", "how much of the body is there", values=BODY_STATUSES),
        _flag("is_contiguous", "no foreign segment stands inside the body"),
        _count("byte_start", "first byte of the first segment"),
        _count("byte_end", "first byte after the last segment"),
        _ratio("confidence", "chance that its text is right (nine tenths of the words), as measured on labelled pages"),
    ),
    captured_on="pages.captured_at",
)

ARTICLES: Final = Table(
    "articles",
    "distinct text (normalised title and body)",
    ("article_id",),
    (
        _text("article_id", "sha256 of the normalised title and body, first 32 digits"),
        _maybe(_text("title", "the title as printed")),
        _maybe(_text("standfirst", "the summary under the title")),
        _maybe(_text("byline", "the author line as printed")),
        _maybe(_text("dateline", "place and agency at the head of the body, as printed")),
        _maybe(_text("agency", "news agency named in dateline or credit")),
        _maybe(_text("publisher_id", "publisher, if its appearances agree", references="publishers.publisher_id")),
        _maybe(_text("language", "ISO 639-1 code; null when unsure")),
        _text("body", "the text with its repairs applied, one paragraph a line; empty when absent"),
        _text("body_status", "how much of the body is there", values=BODY_STATUSES),
        _count("word_count", "words of the body; characters for scripts without spaces"),
        *_PUBLISHED,
        _maybe(_text("published_from", "page_id of the appearance whose date is used: the narrowest interval")),
        _maybe(_text("story_id", "cluster of near-duplicate texts", references="stories.story_id")),
        _count("appearance_count", "appearances of this text"),
        _maybe(_at("first_captured_at", "earliest known capture of a page that shows it")),
    ),
    captured_on="first_captured_at",
)  # fmt: skip

DATE_MENTIONS: Final = Table(
    "date_mentions",
    "date text on a page",
    ("page_id", "byte_start", "byte_end"),
    (
        _text("page_id", "the page", references="pages.page_id"),
        _count("byte_start", "first byte of the text in the raw page"),
        _count("byte_end", "first byte after the text"),
        _maybe(_small("position", "the appearance it belongs to; null when it belongs to none")),
        _text("text", "the date as printed"),
        _text("use", "what the date is for", values=DATE_USES),
        _text("form", "name of the form it was read as"),
        _maybe(_at("earliest_at", "start of the interval that holds under any assumption")),
        _maybe(_at("latest_at", "end of the interval that holds under any assumption")),
        _maybe(_at("instant_at", "best point under the stated assumption")),
        _text("precision", "the finest unit that was written", values=DATE_PRECISIONS),
        _maybe(_text("zone_written", "the time zone as written")),
        _text("zone_from", "where the zone comes from", values=ZONE_SOURCES),
        _text("anchor", "what fixes it on the time line", values=DATE_ANCHORS),
        _flag("is_ambiguous", "more than one reading is possible"),
        Column("alternatives", READINGS, "the intervals of the other readings"),
        _text("rule", "name of the rule that resolved it"),
        _ratio("confidence", "how much of it was written and how little supplied, 0 to 1: an order, not a chance"),
        _maybe(_count("offset_seconds", "seconds before the capture, for a relative date, anchored or not")),
    ),
    captured_on="pages.captured_at",
)  # fmt: skip

REPAIRS: Final = Table(
    "repairs",
    "repair or known loss in a derived text",
    ("page_id", "byte_at", "kind"),
    (
        _text("page_id", "the page", references="pages.page_id"),
        _small("position", "the appearance whose text it changes"),
        _count("byte_at", "where in the raw page"),
        _text("kind", "what was done, or what is known to be lost", values=REPAIR_KINDS),
        _text("before", "the text as found"),
        _maybe(_text("after", "the text as published; null where the loss cannot be mended")),
    ),
    captured_on="pages.captured_at",
)

PUBLISHERS: Final = Table(
    "publishers",
    "publisher",
    ("publisher_id",),
    (
        _text("publisher_id", "sha256 of the folded name, first 16 digits"),
        _text("name", "its usual name where the lexicon knows it, else the spelling used most"),
        _text("kind", "publisher, agency or aggregator", values=PUBLISHER_KINDS),
    ),
)

PUBLISHER_ALIASES: Final = Table(
    "publisher_aliases",
    "spelling of a publisher's name",
    ("alias",),
    (
        _text("alias", "the spelling as printed, without bullets"),
        _text("publisher_id", "the publisher", references="publishers.publisher_id"),
        _text("evidence", "why it is the same: lexicon, folded or printed"),
    ),
)

STORIES: Final = Table(
    "stories",
    "cluster of near-duplicate texts",
    ("story_id",),
    (
        _text("story_id", "first 16 digits of the smallest article_id in it"),
        _count("article_count", "distinct texts in it"),
        _maybe(_at("first_published_at", "earliest published_at in it")),
        _text("representative_article_id", "its longest text", references="articles.article_id"),
    ),
)

TEMPLATE_LINES: Final = Table(
    "template_lines",
    "furniture line learned for a site",
    ("site", "line_hash"),
    (
        _text("site", "publisher or cluster of pages that share a template"),
        _text("line_hash", "sha256 of the folded line, first 16 digits"),
        _text("text", "the line"),
        _count("page_count", "pages of the site that have it"),
        _ratio("share", "page_count over the pages of the site, 0 to 1"),
        _maybe(_at("first_seen", "earliest known capture")),
        _maybe(_at("last_seen", "latest known capture")),
    ),
)

QUARANTINE: Final = Table(
    "quarantine",
    "object or row that was not published",
    ("file_id", "stage", "reason"),
    (
        _text("file_id", "the object", references="files.file_id"),
        _text("stage", "source, decode, cut or check"),
        _text("reason", "a code from the list in docs/operations.md"),
        _text("detail", "what was found and what was expected, for a person"),
        _maybe(_text("content_sha256", "sha256 of the bytes; null when they could not be read")),
        _maybe(_text("bytes_kept_at", "path within the warehouse where the bytes are kept; null when there are none")),
    ),
)

RUNS: Final = Table(
    "runs",
    "run that published",
    ("run_id",),
    (
        _text("run_id", "id of the generation it published"),
        _at("started_at", "wall clock at the start"),
        _at("finished_at", "wall clock before the publish"),
        _count("object_count", "objects discovered"),
        _count("object_bytes", "their bytes"),
        _count("loaded_count", "objects loaded"),
        _count("loaded_bytes", "their bytes"),
        _count("duplicate_count", "objects with the bytes of another"),
        _count("duplicate_bytes", "their bytes"),
        _count("quarantined_count", "objects set aside"),
        _count("quarantined_bytes", "their bytes"),
        _count("refused_count", "objects that were not read"),
        _count("refused_bytes", "their bytes"),
        _text("config_digest", "sha256 of the configuration, first 16 digits"),
        _text("code_digest", "sha256 of the engine's files, first 16 digits"),
        _text("inputs_digest", "sha256 of the objects and what is known of each"),
    ),
)

CHECKS: Final = Table(
    "checks",
    "expectation on a table in a run",
    ("run_id", "suite", "expectation"),
    (
        _text("run_id", "the run", references="runs.run_id"),
        _text("suite", "the table that was checked"),
        _text("expectation", "name of the check"),
        _text("level", "fail refuses the publish, warn is reported", values=CHECK_LEVELS),
        _flag("success", "the expectation held"),
        _maybe(_text("observed", "what was found")),
        _count("failing_count", "rows that broke it"),
        Column("failing_keys", pa.list_(pa.string()), "keys of the first rows that broke it"),
    ),
)

TABLES: Final[dict[str, Table]] = {
    table.name: table
    for table in (
        FILES, PAGES, SEGMENTS, APPEARANCES, ARTICLES, DATE_MENTIONS, REPAIRS, PUBLISHERS, PUBLISHER_ALIASES, STORIES,
        TEMPLATE_LINES, QUARANTINE, RUNS, CHECKS,
    )
}  # fmt: skip

# The tables that tell the history of the warehouse: they alone carry the clock.
HISTORY_TABLES: Final = ("runs", "checks")
