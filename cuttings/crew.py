"""The workers that cut: processes that hostile pages may kill, so that a page costs itself and never its batch.

A batch is cut in parts small enough for a worker's memory. A part whose worker died is cut by halves, down to the page
that kills its worker alone: that is given back with the name of what it died of. A page that only went beyond a limit
is tried once more, in a fresh worker and with more time.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from typing import Final

from cuttings import store
from cuttings.config import OBJECT_BYTES
from cuttings.corpus import Tombstones
from cuttings.cutting import cut_batch, cut_to_shard
from cuttings.sandbox import Limits, Sandbox, WorkerDiedError
from cuttings.sources import Batch

_log = logging.getLogger(__name__)

_MIB: Final = 1 << 20
# More workers than this would wait for the process that feeds them.
MOST_WORKERS: Final = 16
# Pages of one part: about as much as the largest page that is cut whole, by `pages.long`. A line takes memory of its
# own, as much as so many bytes of text, and so does a page. Each part costs a twentieth of a second beside its pages.
PART_BYTES: Final = 768 * 1024
LINE_BYTES: Final = 40
PAGE_BYTES: Final = 200
# Below the 256 MiB that are promised, because a worker grows a little between two looks at it.
PART_LIMITS: Final = Limits(resident_bytes=248 * _MIB, reusable_bytes=224 * _MIB, cpu_seconds=60, wall_seconds=600.0)
# A page beyond the default limit, which an operator let in, takes about so many times its bytes.
_PAGE_RESIDENT_RATIO: Final = 8
_PAGE_CPU_SECONDS: Final = 120
# Deaths that more room may prevent.
_LIMITS: Final = frozenset({"out_of_memory", "SIGXCPU", "timeout"})
# Polars keeps memory for each of its threads, and each core has a worker of its own. What it has freed it keeps
# some seconds for the next part: to give it back, and to fault it in again for each part, is a twentieth of the time.
_ENVIRONMENT: Final = {
    "POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1", "_RJEM_MALLOC_CONF": "dirty_decay_ms:10000",
}  # fmt: skip


# A page with a bit of all that pages have, so that a worker which has cut it has loaded what it cuts with.
_FIRST_PAGE: Final = b"""\
Home
The bridge over the harbour opens again

By Ada Fenwick
23 May, 2024 22:33

The bridge over the harbour opens again on Monday, three weeks later than the city had said in spring.

"It was worth the wait," the mayor said.

Related articles
A school gets its garden back
32 minutes ago
The pupils of the school on the hill plant what they want to eat, and their teachers may help them.

All rights reserved
"""

# Workers that were started before a run asked for them, and what they are at.
_early: Final[list[tuple[Sandbox, Future[object]]]] = []


@contextmanager
def started_early() -> Iterator[None]:
    """Start a worker of the next crew now, which cuts a page of ours; at the end of the block it is gone."""
    with Sandbox(PART_LIMITS, _ENVIRONMENT) as sandbox, ThreadPoolExecutor(1) as pool:
        _early.append((sandbox, pool.submit(sandbox.call, cut_batch, [_FIRST_PAGE], Tombstones())))
        try:
            yield
        finally:
            _early.clear()
            sandbox.close()


class Crew:
    """Cuts batches into a cache; a context manager, its workers end with it. `cut` is what runs in a worker."""

    def __init__(self, cache: store.CutCache, tombstones: Tombstones, cut: Callable[..., None] = cut_to_shard) -> None:
        self._cache = cache
        self._tombstones = tombstones
        self._cut = cut
        self._numbers = count()
        # One for each core that this process may use: a container or a scheduler may leave it few of the machine's.
        cores = len(os.sched_getaffinity(0))
        self._sandboxes = [Sandbox(PART_LIMITS, _ENVIRONMENT) for _ in range(min(cores, MOST_WORKERS))]
        if _early:
            self._sandboxes[0], starting = _early.pop()
            starting.exception()  # a worker that does not even start is started again, and then says why
        self._own_peak_bytes = 0  # of workers for a single page
        self._idle: SimpleQueue[Sandbox] = SimpleQueue()
        for sandbox in self._sandboxes:
            self._idle.put(sandbox)

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        for sandbox in self._sandboxes:
            sandbox.close()

    @property
    def peak_bytes(self) -> int:
        """The most that a worker held in memory."""
        return max(self._own_peak_bytes, *(sandbox.peak_bytes for sandbox in self._sandboxes))

    def cut(self, batch: Batch) -> dict[str, str]:
        """Cut pages into the cache; return the pages that killed their worker, and what it died of."""
        killers: dict[str, str] = {}
        with ThreadPoolExecutor(len(self._sandboxes)) as pool:
            for directories, died_of in pool.map(self._cut_part, _parts(batch)):
                for directory in directories:
                    self._cache.adopt(directory)
                killers |= died_of
        return killers

    def _cut_part(self, part: Batch) -> tuple[list[Path], dict[str, str]]:
        """The shards of a part, and its killers."""
        sandbox = self._idle.get()
        try:
            return self._halve(sandbox, part)
        finally:
            self._idle.put(sandbox)

    def _halve(self, sandbox: Sandbox, part: Batch) -> tuple[list[Path], dict[str, str]]:
        """Cut a part; where its worker dies each half of it, down to the one page."""
        directory, death = self._attempt(sandbox, part)
        if death is None:
            return [directory], {}
        if len(part.page_ids) == 1:
            (page_id,) = part.page_ids
            if death in _LIMITS:
                with Sandbox(_page_limits(len(part.raws[0])), _ENVIRONMENT) as own:
                    directory, death = self._attempt(own, part)
                    self._own_peak_bytes = max(self._own_peak_bytes, own.peak_bytes)
            return ([directory], {}) if death is None else ([], {page_id: death})
        _log.info("a worker died (%s); its %d pages are cut in two halves", death, len(part.page_ids))
        middle = len(part.page_ids) // 2
        first, first_killers = self._halve(sandbox, Batch(part.page_ids[:middle], part.raws[:middle]))
        second, second_killers = self._halve(sandbox, Batch(part.page_ids[middle:], part.raws[middle:]))
        return first + second, first_killers | second_killers

    def _attempt(self, sandbox: Sandbox, part: Batch) -> tuple[Path, str | None]:
        """Where the shard of a part is, and what its worker died of if it is not."""
        directory = self._cache.free_directory(next(self._numbers))
        try:
            sandbox.call(self._cut, directory, part.raws, part.page_ids, self._tombstones)
        except WorkerDiedError as death:
            return directory, death.reason
        except OSError:
            raise  # the disk's fault and not the page's
        except Exception as error:  # noqa: BLE001 - a page that no rule was made for must not stop the others
            return directory, type(error).__name__
        return directory, None


def _parts(batch: Batch) -> Iterator[Batch]:
    """The batch in parts of about PART_BYTES, at least a page each."""
    start, part_bytes = 0, 0
    for number, raw in enumerate(batch.raws):
        weight = PAGE_BYTES + len(raw) + LINE_BYTES * raw.count(b"\n")
        if number > start and part_bytes + weight > PART_BYTES:
            yield Batch(batch.page_ids[start:number], batch.raws[start:number])
            start, part_bytes = number, 0
        part_bytes += weight
    if start < len(batch.raws):
        yield Batch(batch.page_ids[start:], batch.raws[start:])


def _page_limits(size_bytes: int) -> Limits:
    """Those of a worker for parts with more time, and more memory where the page is larger than the default limit."""
    resident_bytes = PART_LIMITS.resident_bytes + _PAGE_RESIDENT_RATIO * max(0, size_bytes - OBJECT_BYTES)
    return replace(
        PART_LIMITS,
        resident_bytes=resident_bytes,
        data_bytes=PART_LIMITS.data_bytes
        and PART_LIMITS.data_bytes + 4 * (resident_bytes - PART_LIMITS.resident_bytes),
        cpu_seconds=_PAGE_CPU_SECONDS,
        wall_seconds=2 * PART_LIMITS.wall_seconds,
    )
