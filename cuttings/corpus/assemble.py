"""From the cut frames of all pages to the tables of the contract.

A pure function of the cut pages, of what is known of their files and of two options: the order of rows and of batches
changes nothing, so a history of small runs and one clean run give the same tables.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

import polars as pl

from cuttings.contract import TABLES
from cuttings.corpus import capture, identity, publishers, stories, templates
from cuttings.corpus.dating import MentionReader, date_appearances, date_articles, read_dates
from cuttings.corpus.frames import CutFrames, conform, empty_table
from cuttings.corpus.prepared import PreparedPages, prepare
from cuttings.dates import read_mentions

# What the frames of articles need and nothing else does.
_TEXT_COLUMNS: Final = ("standfirst", "byline", "dateline", "agency")
_TEXT_KEY: Final = ("page_id", "position")


def assemble(
    cut: CutFrames, files: pl.DataFrame, *, trusts_mtime: bool = True, reader: MentionReader = read_mentions
) -> dict[str, pl.DataFrame]:
    """All tables of the contract but quarantine, runs and checks, each as the contract has it, sorted by its key.

    `files` has the columns of the contract's files table; captured_at and captured_from hold the evidence of the
    object itself, before its modification time is considered. Raises BrokenRowsError when the frames break the
    contract: a key twice, a null where none may be, an appearance or file of a page that is not there.
    """
    pages = prepare(cut)
    tables = relate(pages, files, trusts_mtime=trusts_mtime, reader=reader)
    segments = conform("segments", pages.segments)
    _require_pages("segments", segments, tables["pages"])
    tables |= {"segments": segments, "articles": with_bodies(tables["articles"], pages.texts)}
    return {name: tables[name] for name in TABLES if name in tables}


def relate(
    prepared: PreparedPages, files: pl.DataFrame, *, trusts_mtime: bool = True, reader: MentionReader = read_mentions
) -> dict[str, pl.DataFrame]:
    """Like `assemble`, out of prepared pages, and without what takes the room: no segments, and of each article the
    page_id, position and body_bytes of the appearance whose body is its body, which `with_bodies` puts in.
    """
    files = capture.resolve_files(files, trusts_mtime=trusts_mtime)
    spelled = publishers.spellings(prepared.appearances.get_column("source_name"))
    told = publishers.with_publisher_id(prepared.appearances, spelled)
    appearances = told.drop(_TEXT_COLUMNS)
    primaries = appearances.filter(pl.col("zone") == "primary").select("page_id", "publisher_id")
    pages = prepared.pages.join(primaries.unique("page_id", keep="none"), on="page_id", how="left")
    sites = templates.site_of_pages(pages, prepared.lines)

    def dated(captured: pl.DataFrame) -> pl.DataFrame:
        return read_dates(prepared.date_mentions, captured, sites, reader)

    pages = _with_captures(pages, files, lambda captured: date_appearances(appearances, dated(captured)))
    mentions = dated(pages)
    appearances = date_appearances(appearances, mentions)

    known = pages.select("page_id", "language", "captured_at")
    articles = identity.articles(told.join(known, on="page_id", how="left"))
    measured = prepared.texts.select(*_TEXT_KEY, "body_bytes", "word_count", "sketch")
    articles = articles.join(measured, on=_TEXT_KEY, how="left")
    articles = stories.with_story_id(date_articles(articles, appearances))
    publisher_table, alias_table = publishers.tables(spelled)
    tables = {
        "files": files,
        "pages": pages,
        "appearances": appearances,
        "date_mentions": mentions,
        "repairs": prepared.repairs,
        "publishers": publisher_table,
        "publisher_aliases": alias_table,
        "stories": stories.stories(articles),
        "template_lines": templates.template_lines(prepared.lines, sites, pages),
    }
    tables = {name: conform(name, table) for name, table in tables.items()}
    for name in ("files", "appearances", "date_mentions", "repairs"):
        _require_pages(name, tables[name], tables["pages"])
    return {**tables, "articles": articles}


def with_bodies(articles: pl.DataFrame, texts: pl.DataFrame) -> pl.DataFrame:
    """The contract's `articles`, out of articles of `relate` and texts with page_id, position and body."""
    bodies = texts.select(*_TEXT_KEY, "body")
    return conform("articles", articles.join(bodies, on=_TEXT_KEY, how="left"))


def assemble_pages(
    cut: CutFrames, captured_at: datetime | None = None, *, reader: MentionReader = read_mentions
) -> dict[str, pl.DataFrame]:
    """The tables of pages that come from no file, all fetched at `captured_at` (aware) if that is given."""
    given = pl.lit(captured_at, dtype=pl.Datetime("us", "UTC"))
    files = cut.pages.select(
        pl.col("page_id").str.head(32).alias("file_id"),
        pl.lit("").alias("source_label"),
        pl.lit("").alias("source_name"),
        pl.col("page_id").alias("content_sha256"),
        "size_bytes",
        "page_id",
        given.alias("captured_at"),
        pl.lit("none" if captured_at is None else "option").alias("captured_from"),
        pl.lit("loaded").alias("disposition"),
    )
    files = pl.concat((empty_table("files"), files), how="diagonal_relaxed")
    return assemble(cut, files, trusts_mtime=False, reader=reader)


def _with_captures(
    pages: pl.DataFrame, files: pl.DataFrame, shown: Callable[[pl.DataFrame], pl.DataFrame]
) -> pl.DataFrame:
    """`pages` with their captures. Pages without strong evidence are bounded by what the dates of all pages show.

    `shown` dates all appearances, given captured pages. For the bounds it gets the strong captures only, so that a weak
    one never confirms itself.
    """
    captures = capture.page_captures(files)
    anchored = pages.join(captures.filter(pl.col("captured_from") != "mtime"), on="page_id", how="left")
    if anchored.get_column("captured_from").null_count() == 0:
        return anchored
    return capture.with_bounds(pages, captures, capture.bounds(shown(anchored)))


def _require_pages(name: str, table: pl.DataFrame, pages: pl.DataFrame) -> None:
    orphans = table.filter(pl.col("page_id").is_not_null()).join(pages, on="page_id", how="anti")
    if orphans.height:
        raise ValueError(
            f"{name}: {orphans.height} rows are of pages that were not cut, such as {orphans['page_id'][0]}"
        )
