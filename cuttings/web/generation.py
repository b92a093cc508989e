"""Generations held open for the dashboard: pinned on the disk, closed to everything else, one connection each."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import duckdb

from cuttings.errors import CorruptWarehouseError, UsageError
from cuttings.store import connect_views, pinned
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
            raise CorruptWarehouseError(f"{self.directory}: {error}: run `cuttings verify`") from error
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


class Generations:
    """The generations a server holds open for its pages: what is published, and what pages still stand on."""

    def __init__(self, warehouse: Path) -> None:
        self.warehouse: Final = warehouse
        self._held: OrderedDict[str, OpenGeneration] = OrderedDict()
        self._lock = threading.Lock()

    def published_id(self) -> str | None:
        """Id of the generation that is published now; None when there is none."""
        if is_lone_generation(self.warehouse):
            return self.warehouse.resolve().name
        try:
            written = (self.warehouse / _CURRENT).read_text(encoding="ascii", errors="replace").strip()
        except FileNotFoundError:
            return None
        return written if _GENERATION_ID.fullmatch(written) else None

    def get(self, generation_id: str | None = None) -> OpenGeneration:
        """The published generation, or the one asked for.

        Raises NothingPublishedError, CorruptWarehouseError, UsageError when the one asked for is gone.
        """
        with self._lock:
            wanted = self.published_id() if generation_id is None else generation_id
            if wanted is not None and wanted in self._held:
                self._held.move_to_end(wanted)
                return self._held[wanted]
            opened = OpenGeneration(self.warehouse, generation_id)
            if generation_id is not None and opened.generation_id != generation_id:
                opened.close()
                raise UsageError(f"{self.warehouse}: the generation {generation_id!r} is not there")
            self._held[opened.generation_id] = opened
            while len(self._held) > HELD_GENERATIONS:
                self._held.popitem(last=False)[1].close()
            return opened

    def close(self) -> None:
        """Give all of them up."""
        with self._lock:
            while self._held:
                self._held.popitem()[1].close()
