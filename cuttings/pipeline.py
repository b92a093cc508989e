"""The main job as a list of steps: scan, cut, assemble, write, check, publish.

Each step is a function called through `call(name, function, *arguments)`. `flows/ingest.py` passes a `call` that makes
a Prefect task of it, the default calls it directly: either way these are the very same steps in the very same order.
"""

from __future__ import annotations

import ctypes
import logging
import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import polars as pl

from cuttings import contract, corpus, gate, look, quality, store
from cuttings.config import Config
from cuttings.crew import Crew
from cuttings.cutting import files_table, large_tables, load
from cuttings.dates import normalise_dates
from cuttings.errors import UsageError
from cuttings.outcome import ObjectTally, RunResult, Tally, object_tally, outcome, tally
from cuttings.records import refusal, write_history, write_report
from cuttings.remainder import Remainder
from cuttings.resources import resource_dir

_log = logging.getLogger(__name__)

_Result = TypeVar("_Result")
# Tables written side by side take twice the memory: of 400,000 pages 430 MiB against 170, in 64 s against 88.
_WRITTEN_AT_ONCE: Final = 2
_WRITTEN_SINGLY_FROM: Final = 200_000  # pages
# Calls one step; the flow wraps it in a task.
Call = Callable[..., Any]
Tables = dict[str, pl.DataFrame]


def call_directly(name: str, function: Callable[..., _Result], *arguments: Any) -> _Result:
    """Call a step as the plain function it is."""
    return function(*arguments)


def rerun(warehouse: Path, *, force: bool = False) -> RunResult:
    """Run again over the sources, with the settings, that made the published generation.

    `force` builds and publishes also when nothing changed. Raises what `run` raises, NothingPublishedError when there
    is no generation, UsageError when it does not tell what it was made from.
    """
    with store.pinned(warehouse) as directory:
        facts = store.read_manifest(directory / "manifest.json").facts
    if "config" not in facts:
        raise UsageError(f"{warehouse}: its generation does not tell its sources: use `cuttings run SOURCE` instead")
    return run(Config.from_record(facts["config"], warehouse), force=force)


def run(
    config: Config,
    call: Call = call_directly,
    *,
    force: bool = False,
    inspect: Callable[[store.Difference], None] | None = None,
) -> RunResult:
    """Run the main job and publish one generation, unless there is nothing to do and no `force`.

    With `inspect` nothing is published: it gets the difference between what is published and what would be.

    Raises CheckFailedError when a check refuses the publish, BusyError when another run holds the warehouse,
    StorageError when the disk refuses; in each case the published generation is untouched.
    """
    started_at = datetime.now(UTC)
    started = time.monotonic()
    with store.writer(config.warehouse, config.kept_generations) as writer:
        _log.info("reading the sources")
        scan = call("scan", _scan, config)
        digests = look.digests(config, scan.inputs_digest)
        if look.is_done(writer, digests, config) and not force:
            return look.nothing_to_do(writer, started)
        with quality.auditor() as auditor, writer.build(digests) as build:
            cache = call("open cache", _opened_cache, writer, scan)
            build.begin_database(resource_dir("sql"), cache.key)
            _cut_missing(scan, cache, call)
            # Before the files are read off the scan: an object that changed since then becomes a quarantined one.
            call("keep quarantined bytes", build.keep_bytes, scan.quarantined_bytes())
            build.keep_bytes(scan.contents(scan.killers))

            def attempt(aside: pl.DataFrame) -> tuple[Tally, quality.AuditResult]:
                pages = call("read cuts", load, scan, cache)
                _give_back()
                objects, captures = call("write files", _write_files, build, scan, pages.ids, config, aside)
                _give_back()
                _log.info("dating and matching %s articles", f"{pages.appearances.height:,}")
                tables, ids = call("assemble", _assemble, pages, captures, aside), pages.ids
                del pages, captures  # the tables have what is needed of them
                _give_back()
                found = tally(objects, tables)
                _log.info("writing the tables")
                call("write tables", _write_tables, build, tables, ids, cache)
                del tables, ids  # DuckDB gets their room
                _give_back()
                call("build database", build.build_database, resource_dir("sql"), cache.key)
                _log.info("checking the built generation")
                return found, call("audit", _audit, auditor, build, scan)

            def keep(page_ids: Collection[str]) -> set[str]:
                kept: set[str] = call("keep bytes of pages set aside", _keep_pages, build, scan, page_ids)
                return kept

            admission = gate.admit(attempt, keep, scan.page_count, is_strict=config.is_strict)
            call("write history", write_history, build, admission, scan, config, started_at)
            call("write report", write_report, build, admission.audit, config)
            if admission.refusal is not None:
                raise refusal(config, build, admission)
            if inspect is not None:
                inspect(store.compare(build.previous_directory, build.directory, to_id="that this run would publish"))
                return outcome("", scan, admission.tally, admission.audit, started, is_published=False)
            _log.info("publishing")
            manifest = call("publish", _publish, build, scan, config, admission)
            call("tidy cache", cache.tidy, scan.page_ids)
    return outcome(manifest.generation_id, scan, admission.tally, admission.audit, started)


def _give_back() -> None:
    """Give back what was freed: glibc keeps it for who asks next, here 80 bytes a page."""
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)


def _scan(config: Config) -> Remainder:
    return Remainder(look.take_scan(config), store.read_tombstones(config.warehouse))


def _opened_cache(writer: store.Writer, scan: Remainder) -> store.CutCache:
    """The cuts of this engine; those made when other things were forgotten count for nothing."""
    return writer.cache(store.with_tombstones(store.cut_digest(), scan.tombstones))


def _cut_missing(scan: Remainder, cache: store.CutCache, call: Call) -> None:
    """Cut the pages that the cache lacks; memory follows the batch."""
    done_bytes = 0
    with Crew(cache, scan.tombstones) as crew, ThreadPoolExecutor(1) as beside:
        for batch in scan.batches(known=cache):
            if not done_bytes:
                beside.submit(_load_what_follows)
            scan.set_killers_aside(call("cut", crew.cut, batch))
            done_bytes += sum(map(len, batch.raws))
            _log.info("cut %.1f of at most %.1f MB", done_bytes / 1e6, scan.page_bytes / 1e6)


def _load_what_follows() -> None:
    """Load what reading cuts and matching need first of all, while this process waits for its workers: after a small
    change that is a third of a second.
    """
    # What Polars and PyArrow import when they exchange columns with NumPy and each other.
    import pyarrow.compute  # noqa: F401, PLC0415

    normalise_dates(["23 May, 2024 22:33"])  # of all languages the words of dates


def _write_files(
    build: store.Build, scan: Remainder, ids: corpus.Ids, config: Config, aside: pl.DataFrame
) -> tuple[ObjectTally, pl.DataFrame]:
    """Write what is known of the objects, of which the other tables need the captures of their pages only."""
    files, quarantine = scan.tables(ids.pages, aside)
    files = corpus.resolve_files(files, trusts_mtime=config.trusts_mtime)
    build.write_tables({"quarantine": corpus.conform("quarantine", quarantine)})
    build.write_large("files", files_table(files, ids))
    return object_tally(files, quarantine), corpus.page_captures(files)


def _assemble(pages: corpus.KeyedPages, captures: pl.DataFrame, aside: pl.DataFrame) -> Tables:
    return corpus.relate(pages.without(aside["page_id"].to_list()), captures)


def _keep_pages(build: store.Build, scan: Remainder, page_ids: Collection[str]) -> set[str]:
    """Keep the bytes of pages beside what was quarantined; the ids of those that could still be read."""
    kept: set[str] = set()

    def contents() -> Iterator[tuple[str, bytes]]:
        for page_id, raw in scan.contents(page_ids):
            kept.add(page_id)
            yield page_id, raw

    build.keep_bytes(contents())
    return kept


def _write_tables(build: store.Build, tables: Tables, ids: corpus.Ids, cache: store.CutCache) -> None:
    """Write the tables and let each go: at the end `tables` is empty."""
    history = {name: build.previous_rows(name) for name in contract.HISTORY_TABLES}
    at_once = _WRITTEN_AT_ONCE if tables["pages"].height < _WRITTEN_SINGLY_FROM else 1
    large = large_tables(tables, ids, cache)
    small = {**{name: rows for name, rows in tables.items() if name not in large}, **history}
    tables.clear()
    with ThreadPoolExecutor(at_once) as pool:  # encoding lets other threads run
        written = [pool.submit(build.write_tables, small)]
        while large:
            written.append(pool.submit(build.write_large, *large.popitem()))
        for done in written:
            done.result()


def _audit(auditor: quality.Auditor, build: store.Build, scan: Remainder) -> quality.AuditResult:
    discovered = quality.Discovered(scan.discovered_count, scan.discovered_bytes)
    with build.audited() as directory, ThreadPoolExecutor(1) as beside:
        beside.submit(quality.report_template)  # compiled while this process waits for the other
        return auditor(directory, build.generation_id, build.previous_directory, discovered)


def _publish(build: store.Build, scan: Remainder, config: Config, admission: gate.Admission) -> store.Manifest:
    discovered = store.Account(scan.discovered_count, scan.discovered_bytes)
    facts = {"config": config.recorded(), look.SET_ASIDE_FACT: admission.set_aside.height}
    return build.publish(discovered, facts, scan.inputs_digest)
