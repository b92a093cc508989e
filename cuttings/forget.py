"""Removing a publisher, an object, a page or a text from a warehouse, for good.

    resolve in every kept generation  ->  tombstones, durably  ->  run again without them  ->  remove what was before
                                                                                           ->  certificate

What is asked for becomes ids, digests and byte ranges before anything is removed, so that a run over the same sources
leaves it out again although nothing of the text is kept. Broken off at any moment, the same call goes on.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

import polars as pl

from cuttings import store
from cuttings.contract import TABLES
from cuttings.corpus import Tombstones, folded_case, line_digests, name_digests, publisher_ids
from cuttings.errors import CuttingsError, NothingPublishedError, UsageError
from cuttings.sources.names import file_id
from cuttings.store.erase import bury, certify, purge
from cuttings.store.layout import Layout

Kind = Literal["publisher", "source-name", "page", "text"]

LEAST_PAGE_DIGITS: Final = 8  # of a page id that is given by its beginning
LEAST_PASSAGE_CHARS: Final = 8  # of a passage: a shorter one stands in texts that nobody means
_ARTICLE_ID: Final = re.compile(r"[0-9a-f]{32}")
_KEY: Final = ("page_id", "position")
_TEXTS: Final = ("title", "standfirst", "byline", "dateline", "body")


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What a `forget` did. `names` are the objects that the sources still hold: shown to a person, and not kept."""

    certificate: Path
    generation: str
    removed_generations: tuple[str, ...]
    removed_rows: dict[str, int]
    names: tuple[str, ...]


@dataclass(slots=True)
class _Found:
    """What the kept generations hold of what is asked for."""

    tombstones: Tombstones = field(default_factory=Tombstones)
    names: set[str] = field(default_factory=set)
    row_counts: dict[str, int] = field(default_factory=dict)
    files: dict[str, list[str]] = field(default_factory=dict)


def forget(
    warehouse: Path, kind: Kind, given: str, rerun: Callable[[Path], Any], *, wait_seconds: float = 0.0
) -> Forgotten:
    """Forget what `given` names. `rerun(warehouse)` publishes anew over the recorded sources.

    Older generations are removed; for those that a reader holds this waits `wait_seconds`, then raises BusyError: by
    then what is forgotten is no longer published. Raises UsageError when no kept generation has anything of that name,
    and whatever `rerun` raises, after which the published generation still has it.
    """
    if Layout(warehouse).current_id() is None:
        raise NothingPublishedError(f"{warehouse}: nothing is published here, so there is nothing to forget")
    known = store.read_tombstones(warehouse)
    found = _look(warehouse, kind, given)
    if not found.tombstones and not _is_known(known, kind, given):
        raise UsageError(f"{warehouse}: found no {kind} {given[:80]!r} in any kept generation; nothing was changed")
    _require_sources(warehouse)
    before_id = Layout(warehouse).current_id()
    everything = known | found.tombstones
    bury(warehouse, everything)
    try:
        rerun(warehouse)
    except CuttingsError as error:
        error.args = (f"{error}\nIt is not forgotten yet: no run will publish it again, but the published generation "
                      "still holds it. Mend the cause and run the same command again.",)  # fmt: skip
        raise
    removed, blobs = purge(warehouse, everything.pages, wait_seconds)
    with store.pinned(warehouse) as directory:
        after_id, counts = directory.name, _row_counts(directory)
        is_emptied = pl.col("rule") == "forgotten"
        emptied = store.scan_table(directory, "segments").filter(is_emptied).select(pl.len()).collect().item()
    rows = {name: count - counts[name] for name, count in found.row_counts.items() if count > counts[name]}
    certificate = {
        "asked_for": {"by": kind, "sha256": hashlib.sha256(given.encode("utf-8", "surrogateescape")).hexdigest()},
        "issued_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "generation_before": before_id,
        "generation_after": after_id,
        "rows_removed": rows,
        "segments_emptied": emptied,
        "pages": sorted(found.tombstones.pages),
        "objects": sorted(found.tombstones.objects),
        "articles": sorted(found.tombstones.articles),
        "publishers": sorted(found.tombstones.publishers),
        "generations_removed": {name: found.files.get(name, []) for name in removed},
        "quarantine_removed": blobs,
        "also_removed": ["cache", "refused.html"],
    }
    path = certify(warehouse, certificate)
    return Forgotten(path, after_id, tuple(removed), rows, tuple(sorted(found.names)))


def _require_sources(warehouse: Path) -> None:
    """Raise UsageError where the run that forgets would find nothing: it would publish an empty warehouse."""
    with store.pinned(warehouse) as directory:
        facts = store.read_manifest(directory / "manifest.json").facts
    for source in map(Path, facts.get("config", {}).get("sources", ())):
        try:
            state = "" if source.is_file() or any(source.iterdir()) else "it is empty"
        except OSError as error:
            state = error.strerror or str(error)
        if state:
            raise UsageError(
                f"{source}: {state}. To forget is to run again over the sources of the published generation, and this "
                f"is one of them: put it back, or run `cuttings run SOURCE --warehouse {warehouse}` over the place "
                "where its objects are now, and forget then; nothing was changed"
            )


def _look(warehouse: Path, kind: Kind, given: str) -> _Found:
    """What is asked for in every generation on the disk, held meanwhile."""
    found = _Found()
    layout = Layout(warehouse)
    current_id = layout.current_id()
    resolve = {"publisher": _publisher, "source-name": _source_name, "page": _page, "text": _text}[kind]
    with ExitStack() as stack:
        directories = [stack.enter_context(store.pinned(warehouse, name)) for name in layout.generation_ids()]
        for directory in directories:
            found.tombstones |= resolve(directory, given)
            found.files[directory.name] = sorted(store.read_manifest(directory / "manifest.json").files)
            if directory.name == current_id:
                found.row_counts = _row_counts(directory)
        if kind == "text" and not _ARTICLE_ID.fullmatch(given):
            found.tombstones |= Tombstones(pages=_quarantined_with(layout, given))
        for directory in directories:
            found.names |= _names(directory, found.tombstones)
    return found


def _publisher(directory: Path, given: str) -> Tombstones:
    """By id, name or any spelling of it."""
    asked = {given, *publisher_ids(pl.Series([given])).drop_nulls()}
    table = store.scan_table(directory, "publishers").filter(pl.col("publisher_id").is_in(sorted(asked))).collect()
    ids = frozenset(table.get_column("publisher_id"))
    return _of_source(directory, pl.col("publisher_id").is_in(sorted(ids))) | Tombstones(publishers=ids)


def _source_name(directory: Path, given: str) -> Tombstones:
    """By the name of an object, a folder with a slash at its end, or a publisher line as printed."""
    is_named = pl.col("source_name") == given
    if given.endswith("/"):
        is_named |= pl.col("source_name").str.starts_with(given)
    files = store.scan_table(directory, "files").filter(
        is_named & (pl.col("reason") != "forgotten").fill_null(value=True)
    )
    objects = files.select("file_id", "content_sha256").collect()
    buried = Tombstones(
        pages=frozenset(objects.get_column("content_sha256").drop_nulls()),
        objects=frozenset(objects.get_column("file_id")),
    )
    printed = store.scan_table(directory, "appearances").select(pl.col("source_name").unique()).collect().to_series()
    asked = name_digests(pl.Series([given])).item()
    same = printed.filter(name_digests(printed) == asked) if asked else printed.clear()
    if same.len():
        is_printed = pl.col("source_name").is_in(same.implode())
        buried |= _of_source(directory, is_printed) | Tombstones(names=frozenset([asked]))
    return buried


def _page(directory: Path, given: str) -> Tombstones:
    """By the sha256 of its bytes, or the beginning of it; of a page or of quarantined bytes."""
    if len(given) < LEAST_PAGE_DIGITS:
        raise UsageError(f"--page {given!r}: give at least {LEAST_PAGE_DIGITS} digits of the page's id")
    has_bytes = pl.col("content_sha256").str.starts_with(given)
    pages = store.scan_table(directory, "files").filter(has_bytes).select(pl.col("content_sha256").unique()).collect()
    if pages.height > 1:
        raise UsageError(f"--page {given!r} fits {pages.height} pages: give more digits")
    return Tombstones(pages=frozenset(pages.to_series()))


def _text(directory: Path, given: str) -> Tombstones:
    """By article_id, or by a passage, whatever its letter case and blanks."""
    texts = store.scan_table(directory, "articles")
    if _ARTICLE_ID.fullmatch(given):
        found = texts.filter(pl.col("article_id") == given).collect()
        passages = store.scan_table(directory, "segments").clear().collect()
    else:
        if len(_folded(given)) < LEAST_PASSAGE_CHARS:
            raise UsageError(f"--text {given!r}: give a passage of at least {LEAST_PASSAGE_CHARS} characters, or an id")
        found = texts.filter(pl.any_horizontal(_has(name, given) for name in _TEXTS)).collect()
        passages = store.scan_table(directory, "segments").filter(_has("text", given)).collect()
    ids = frozenset(found.get_column("article_id"))
    own = _segments_of(directory, pl.col("article_id").is_in(sorted(ids)))
    columns = [*(found.get_column(name) for name in _TEXTS), own.get_column("text"), passages.get_column("text")]
    lines = pl.concat(columns).drop_nulls().str.split("\n").explode().unique().alias("line")
    # A line that other articles share, such as a site's own sentence, does not tell this text.
    others = texts.filter(~pl.col("article_id").is_in(sorted(ids))).select(pl.col("body").str.split("\n").alias("line"))
    shared = others.explode("line").filter(pl.col("line").is_in(lines.implode())).unique().collect().to_series()
    digests = line_digests(lines.filter(~lines.is_in(shared.implode()))).drop_nulls()
    return Tombstones(
        articles=ids, lines=frozenset(digests), ranges=_ranges(pl.concat((own, passages.select(own.columns))))
    )


def _of_source(directory: Path, is_of_source: pl.Expr) -> Tombstones:
    """The pages whose primary is of a source, and the places of its articles on other pages."""
    appearances = store.scan_table(directory, "appearances").filter(is_of_source)
    primaries = appearances.filter(pl.col("zone") == "primary").select("page_id").collect().to_series()
    elsewhere = _segments_of(directory, is_of_source).filter(~pl.col("page_id").is_in(primaries.implode()))
    return Tombstones(pages=frozenset(primaries), ranges=_ranges(elsewhere))


def _segments_of(directory: Path, is_asked: pl.Expr) -> pl.DataFrame:
    """The segments of some appearances: page_id, byte_start, byte_end, text."""
    keys = store.scan_table(directory, "appearances").filter(is_asked).select(_KEY)
    segments = store.scan_table(directory, "segments").join(keys, on=_KEY, how="semi")
    return segments.select("page_id", "byte_start", "byte_end", "text").collect()


def _ranges(segments: pl.DataFrame) -> dict[str, tuple[tuple[int, int], ...]]:
    ranges: dict[str, set[tuple[int, int]]] = {}
    for page_id, start, end in segments.select("page_id", "byte_start", "byte_end").iter_rows():
        ranges.setdefault(page_id, set()).add((start, end))
    return {page_id: tuple(sorted(places)) for page_id, places in ranges.items()}


def _has(name: str, given: str) -> pl.Expr:
    blank = folded_case(pl.col(name)).str.replace_all(r"\s+", " ")
    return blank.str.contains(_folded(given), literal=True).fill_null(value=False)


def _folded(given: str) -> str:
    folded: str = pl.select(folded_case(pl.lit(given)).str.replace_all(r"\s+", " ").str.strip_chars()).item()
    return folded


def _quarantined_with(layout: Layout, passage: str) -> frozenset[str]:
    """Digests of the quarantined bytes that hold a passage, in UTF-8 or UTF-16."""
    codes = [passage.encode(encoding, "surrogatepass") for encoding in ("utf-8", "utf-16-le", "utf-16-be")]
    found = (path for path in layout.quarantine.glob("[0-9a-f]*") if any(code in path.read_bytes() for code in codes))
    return frozenset(path.name for path in found)


def _names(directory: Path, tombstones: Tombstones) -> set[str]:
    """Names of the objects that hold what is forgotten."""
    pages = sorted(tombstones.pages | tombstones.ranges.keys())
    files = store.scan_table(directory, "files").filter(
        pl.col("content_sha256").is_in(pages) | pl.col("file_id").is_in(sorted(tombstones.objects))
    )
    return set(files.select("source_name").collect().to_series())


def _row_counts(directory: Path) -> dict[str, int]:
    return {name: sum(file.row_count for file in store.table_files(directory, name)) for name in TABLES}


def _is_known(known: Tombstones, kind: Kind, given: str) -> bool:
    """It was asked for before; what was broken off then can go on."""
    if kind == "publisher":
        return bool({given, *publisher_ids(pl.Series([given])).drop_nulls()} & known.publishers)
    if kind == "source-name":
        return name_digests(pl.Series([given])).item() in known.names or file_id("", given.encode()) in known.objects
    if kind == "page":
        return len(given) >= LEAST_PAGE_DIGITS and any(page_id.startswith(given) for page_id in known.pages)
    return given in known.articles or line_digests(pl.Series([given])).item() in known.lines
