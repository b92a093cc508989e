"""From the cut frames of all pages to the tables of the contract.

A pure function of the cut pages, of what is known of their files and of two options: the order of rows and of batches
changes nothing, so a history of small runs and one clean run give the same tables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

import polars as pl

from cuttings.contract import TABLES
from cuttings.corpus import capture, identity, publishers, stories, templates
from cuttings.corpus.dating import MentionReader, date_appearances, date_articles, read_dates
from cuttings.corpus.frames import CutFrames, conform, empty_table
from cuttings.corpus.hexes import PAGE_ID_BYTES, HexIds, packed
from cuttings.corpus.keyed import COLUMNS, TEXTS, Ids, KeyedPages, keyed, numbered, page_of, place, position_of
from cuttings.corpus.prepared import prepare
from cuttings.dates import read_mentions

_TEXT_KEY: Final = ("page_id", "position")
# The tables of `relate` that `named` and `completed` have yet to make those of the contract, and what joins their rows.
UNFINISHED: Final[Mapping[str, tuple[str, ...]]] = {
    "files": (),
    "pages": ("page_id",),
    "appearances": _TEXT_KEY,
    "date_mentions": ("page_id", "byte_start", "byte_end"),
    "repairs": ("page_id", "byte_at", "kind"),
    "articles": (),
}


def assemble(
    cut: CutFrames, files: pl.DataFrame, *, trusts_mtime: bool = True, reader: MentionReader = read_mentions
) -> dict[str, pl.DataFrame]:
    """All tables of the contract but quarantine, runs and checks, each as the contract has it, sorted by its key.

    `files` has the columns of the contract's files table; captured_at and captured_from hold the evidence of the
    object itself, before its modification time is considered. Raises BrokenRowsError when the frames break the
    contract: a key twice, a null where none may be; ValueError for a row of a page that is not there.
    """
    prepared = prepare(cut)
    page_ids = HexIds.ordered([packed(prepared.pages.get_column("page_id").unique(), PAGE_ID_BYTES)], PAGE_ID_BYTES)
    pages = keyed([{name: getattr(prepared, name) for name in COLUMNS}], lambda: [prepared.lines], page_ids)
    files = capture.resolve_files(numbered("files", files, page_ids), trusts_mtime=trusts_mtime)
    tables = {**relate(pages, capture.page_captures(files), reader=reader), "files": files}
    numbered("segments", prepared.segments.select("page_id"), page_ids)
    tables["segments"] = conform("segments", prepared.segments)
    for name in UNFINISHED:
        rows = named(name, tables[name], pages.ids)
        if name == "files":
            tables[name] = conform(name, rows)
        elif name == "articles":
            tables[name] = with_texts(rows, prepared.appearances, prepared.texts)
        else:
            tables[name] = completed(name, rows, getattr(prepared, name))
    return {name: tables[name] for name in TABLES if name in tables}


def relate(
    prepared: KeyedPages, captures: pl.DataFrame, *, reader: MentionReader = read_mentions
) -> dict[str, pl.DataFrame]:
    """Like `assemble`, out of keyed pages and `page_captures` of their files; page_id, also that of `captures`, is a
    place in the ids of pages.

    Of the tables of UNFINISHED it gives what only many pages show, rows in no promised order, ids as places; there are
    no segments and no files.
    """
    _require_pages("files", captures, prepared.pages, prepared.ids.pages)
    spelled = publishers.spellings(prepared.appearances.get_column("source_name"))
    told = publishers.with_publisher_id(prepared.appearances, spelled).drop("source_name")
    told = told.with_columns(pl.col("publisher_id").cast(pl.Categorical()))
    appearances = told.drop(TEXTS)
    primaries = appearances.filter(pl.col("zone") == "primary").select("page_id", "publisher_id")
    pages = prepared.pages.join(primaries.unique("page_id", keep="none"), on="page_id", how="left")
    sites = templates.site_of_pages(pages, prepared.lines, prepared.ids.pages)

    def dated(captured: pl.DataFrame) -> pl.DataFrame:
        return read_dates(prepared.date_mentions, captured, sites, reader)

    pages = _with_captures(pages, captures, lambda captured: date_appearances(appearances, dated(captured)))
    mentions = dated(pages)
    appearances = date_appearances(appearances, mentions, ("anchor", "captured_from"))

    known = pages.select("page_id", "language", "captured_at")
    articles = identity.articles(told.with_columns(place=place()).join(known, on="page_id", how="left"), TEXTS)
    articles = articles.join(prepared.texts.drop("sketch"), on=_TEXT_KEY, how="left", maintain_order="left")
    sketched = prepared.texts.select(*_TEXT_KEY, "sketch").drop_nulls("sketch")
    sketches = articles.select("article_id", *_TEXT_KEY).join(sketched, on=_TEXT_KEY, maintain_order="left")
    articles = stories.with_story_id(date_articles(articles, appearances), sketches, prepared.ids.articles)
    clusters = stories.stories(articles)
    representatives = prepared.ids.articles.texts(clusters.get_column("representative_article_id"))
    publisher_table, alias_table = publishers.tables(spelled)
    lines = templates.template_lines(prepared.lines, sites, pages, prepared.line_texts)
    small = {
        "publishers": publisher_table,
        "publisher_aliases": alias_table,
        "stories": clusters.with_columns(representatives.alias("representative_article_id")),
        "template_lines": lines,
    }
    unfinished = {
        "pages": pages,
        "appearances": appearances,
        "date_mentions": mentions,
        "repairs": prepared.repairs,
        "articles": articles,
    }
    for name in ("appearances", "date_mentions", "repairs"):
        _require_pages(name, unfinished[name], pages, prepared.ids.pages)
    return {**{name: conform(name, table) for name, table in small.items()}, **_slim(unfinished)}


def named(name: str, rows: pl.DataFrame, known: Ids) -> pl.DataFrame:
    """`rows` of an unfinished table of `relate` with ids for places.

    For each text an article has the page_id and position of the appearance that prints it.
    """
    ids = {"page_id": known.pages, "published_from": known.pages, "article_id": known.articles}
    if name == "articles":
        rows = rows.with_columns(
            *(page_of(pl.col(text)).alias(f"{text}_page") for text in TEXTS),
            *(position_of(pl.col(text)).alias(f"{text}_position") for text in TEXTS),
        ).drop(TEXTS)
        ids |= {f"{text}_page": known.pages for text in TEXTS}
    found = [column for column in ids if column in rows.columns]
    rows = rows.with_columns(ids[column].texts(rows.get_column(column)) for column in found)
    if name == "files":
        rows = rows.with_columns(pl.coalesce("content_sha256", "page_id").alias("content_sha256"))
    return rows


def completed(name: str, rows: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """The contract's rows of a table out of `rows` of `named` and what their pages tell by themselves.

    `told` is the frame of that name of prepared pages; it may have rows of other pages.
    """
    key = UNFINISHED[name]
    wanted = [column.name for column in TABLES[name].columns if column.name not in rows.columns]
    return conform(name, rows.join(told.select(*key, *wanted), on=key, how="left"))


def with_texts(articles: pl.DataFrame, appearances: pl.DataFrame, texts: pl.DataFrame) -> pl.DataFrame:
    """The contract's `articles`, out of rows of `named` and prepared appearances and texts of the pages they are on."""
    for text in TEXTS:
        key = [f"{text}_page", f"{text}_position"]
        printed = appearances.select(pl.col("page_id").alias(key[0]), pl.col("position").alias(key[1]), text)
        articles = articles.join(printed.drop_nulls(text), on=key, how="left")
    return conform("articles", articles.join(texts.select(*_TEXT_KEY, "body"), on=_TEXT_KEY, how="left"))


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
    pages: pl.DataFrame, captures: pl.DataFrame, shown: Callable[[pl.DataFrame], pl.DataFrame]
) -> pl.DataFrame:
    """`pages` with their captures. Pages without strong evidence are bounded by what the dates of all pages show.

    `shown` dates all appearances, given captured pages. For the bounds it gets the strong captures only, so that a weak
    one never confirms itself.
    """
    anchored = pages.join(captures.filter(pl.col("captured_from") != "mtime"), on="page_id", how="left")
    if anchored.get_column("captured_from").null_count() == 0:
        return anchored
    return capture.with_bounds(pages, captures, capture.bounds(shown(anchored)))


def _slim(tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The tables with the columns of the contract, and where the body of an article is."""
    wanted = {name: {column.name for column in TABLES[name].columns} for name in tables}
    wanted["articles"] |= {"page_id", "position", "body_bytes"}
    return {
        name: table.select(column for column in table.columns if column in wanted[name])
        for name, table in tables.items()
    }


def _require_pages(name: str, table: pl.DataFrame, pages: pl.DataFrame, page_ids: HexIds) -> None:
    orphans = table.get_column("page_id").drop_nulls().to_frame().join(pages, on="page_id", how="anti").to_series()
    if len(orphans):
        raise ValueError(f"{name}: {len(orphans)} rows are of pages that were not cut, such as {page_ids[orphans[0]]}")
