"""Generations held open for the dashboard: pinned on the disk, closed to everything else, one connection each."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from cuttings.contract_version import CONTRACT_VERSION
from cuttings.errors import CorruptWarehouseError, CuttingsError, UsageError
from cuttings.store import connect_views, pinned, read_manifest
from cuttings.web.queries import Queries

# Of one generation's connection; a query that needs more fails with DuckDB's own message.
MEMORY_LIMIT_BYTES: Final = 4 * 1024**3
# Pages that stay open while newer generations are published keep theirs; the one used longest ago is given up.
HELD_GENERATIONS: Final = 3
_CURRENT: Final = "CURRENT"
_GENERATION_ID: Final = re.compile(r"[0-9a-f]{16}")


class OpenGeneration:
    """One generation, leased until `close`.

    `path` is a warehouse, or the folder of a single generation, for example one that was copied out of an object
    store. Raises NothingPublishedError, CorruptWarehouseError, and UsageError when `generation_id` is not there.
    """

    def __init__(self, path: Path, generation_id: str | None = None) -> None:
        self._stack = ExitStack()
        try:
            if is_lone_generation(path):
                self.directory = path.resolve()
            else:
                self.directory = self._stack.enter_context(pinned(path, generation_id)).resolve()
            self.generation_id: Final = self.directory.name
            self._root = self._stack.enter_context(connect_views(self.directory, MEMORY_LIMIT_BYTES))
        except duckdb.Error as error:
            self._stack.close()
            raise _unreadable(self.directory, error) from error
        except BaseException:
            self._stack.close()
            raise
        self._lock = threading.Lock()
        self.queries: Final = Queries(self.connection)

    def connection(self) -> duckdb.DuckDBPyConnection:
        """A cursor of its own for one thread; the tables stand in `main`, the models in `core` and `marts`.

        Locked down and read-only: values go in as bound parameters. Close it after use.
        """
        with self._lock:
            return self._root.cursor()

    def close(self) -> None:
        """Give the generation up."""
        self._stack.close()


def is_lone_generation(path: Path) -> bool:
    """`path` is the folder of one generation, not of a warehouse."""
    return not (path / _CURRENT).exists() and (path / "pages").is_dir() and (path / "appearances").is_dir()


@dataclass(slots=True)
class _Held:
    """An open generation and how many requests use it now."""

    generation: OpenGeneration
    user_count: int = 0


def _unreadable(directory: Path, error: duckdb.Error) -> CuttingsError:
    """Why a generation cannot be opened: another version wrote it, or it is damaged."""
    try:
        written = read_manifest(directory / "manifest.json").contract_version
    except (FileNotFoundError, CorruptWarehouseError):  # then the error of the database says more
        written = CONTRACT_VERSION
    if written != CONTRACT_VERSION:
        return UsageError(
            f"{directory.name}: its tables are of contract version {written}, and this cuttings reads version "
            f"{CONTRACT_VERSION}: install the cuttings that wrote it, or publish anew with `cuttings run`"
        )
    return CorruptWarehouseError(f"{directory}: {error}: run `cuttings verify`")


class Generations:
    """The generations a server holds open for its pages: what is published, and what pages still stand on.

    A generation is used within a lease (`leases`), and none is closed while a lease counts on it: one that is given up
    meanwhile is closed by its last user.
    """

    def __init__(self, warehouse: Path) -> None:
        self.warehouse: Final = warehouse
        self._held: OrderedDict[str, _Held] = OrderedDict()
        self._lock = threading.Lock()
        self._opening = threading.Lock()  # one is opened once; the others are served meanwhile

    def published_id(self) -> str | None:
        """Id of the generation that is published now; None when there is none."""
        if is_lone_generation(self.warehouse):
            return self.warehouse.resolve().name
        try:
            written = (self.warehouse / _CURRENT).read_text(encoding="ascii", errors="replace").strip()
        except FileNotFoundError:
            return None
        return written if _GENERATION_ID.fullmatch(written) else None

    @contextmanager
    def leases(self) -> Iterator[Leases]:
        """What one request uses; given back at the end of the context."""
        leases = Leases(self)
        try:
            yield leases
        finally:
            leases.give_back()

    def close(self) -> None:
        """Give all of them up."""
        with self._lock:
            given_up = self._give_up(keep=0)
        _close(given_up)

    def _take(self, generation_id: str | None) -> _Held:
        wanted = self.published_id() if generation_id is None else generation_id
        with self._lock:
            found = self._counted(wanted)
        if found is not None:
            return found
        with self._opening:
            with self._lock:
                found = self._counted(wanted)
            if found is not None:
                return found
            opened = OpenGeneration(self.warehouse, generation_id)
            if generation_id is not None and opened.generation_id != generation_id:
                opened.close()
                raise UsageError(f"{self.warehouse}: the generation {generation_id!r} is not there")
            with self._lock:
                # What is published may have moved on since it was asked for, to one that is held.
                found = self._counted(opened.generation_id)
                if found is None:
                    found = self._held[opened.generation_id] = _Held(opened, user_count=1)
                    given_up = self._give_up(HELD_GENERATIONS)
                else:
                    given_up = [opened]
        _close(given_up)
        return found

    def _counted(self, generation_id: str | None) -> _Held | None:
        """The one that is held and still on the disk, with one user more. Under the lock."""
        found = self._held.get(generation_id or "")
        if found is None or not found.generation.directory.is_dir():
            return None
        self._held.move_to_end(found.generation.generation_id)
        found.user_count += 1
        return found

    def _give_up(self, keep: int) -> list[OpenGeneration]:
        """Drop all but the `keep` that were used last; those that nobody uses are to be closed. Under the lock."""
        given_up = []
        while len(self._held) > keep:
            held = self._held.popitem(last=False)[1]
            if not held.user_count:
                given_up.append(held.generation)
        return given_up

    def _return(self, returned: Iterable[_Held]) -> None:
        unused = []
        with self._lock:
            for held in returned:
                held.user_count -= 1
                if not held.user_count and self._held.get(held.generation.generation_id) is not held:
                    unused.append(held.generation)
        _close(unused)


class Leases:
    """The generations of one request: each stays open until they are given back."""

    def __init__(self, generations: Generations) -> None:
        self._generations = generations
        self._taken: list[_Held] = []

    @property
    def warehouse(self) -> Path:
        """Where they are."""
        return self._generations.warehouse

    def published_id(self) -> str | None:
        """Id of the generation that is published now; None when there is none."""
        return self._generations.published_id()

    def get(self, generation_id: str | None = None) -> OpenGeneration:
        """The published generation, or the one asked for.

        Raises NothingPublishedError, CorruptWarehouseError, UsageError when the one asked for is gone.
        """
        taken = self._generations._take(generation_id)
        self._taken.append(taken)
        return taken.generation

    def give_back(self) -> None:
        """The request is answered."""
        taken, self._taken = self._taken, []
        self._generations._return(taken)


def _close(generations: Iterable[OpenGeneration]) -> None:
    for generation in generations:
        generation.close()
