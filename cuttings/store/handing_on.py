"""The database of the previous generation, copied and checked while the tables of the next one are still made.

Copying and hashing take as long as building the models does, and leave the interpreter to others.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cuttings.contract import TABLES
from cuttings.store.disk import copy_hashed

if TYPE_CHECKING:
    from cuttings.store.models import Model


class HandedOn:
    """A copy of a database that is being made at `target`, and the models that it is to get. `close` it."""

    def __init__(self, source: Path, target: Path, sha256: str, models_dir: Path) -> None:
        self._sha256: Final = sha256
        self._pool: Final = ThreadPoolExecutor(1)
        self._copied: Final[Future[str]] = self._pool.submit(copy_hashed, source, target)
        self._models: Final = self._pool.submit(_loaded, models_dir)

    def is_whole(self) -> bool:
        """Wait for the copy: whether it has the bytes that were published.

        Damage must not be handed on: the manifest of the new generation would call it whole.
        """
        return self._copied.result() == self._sha256

    def models(self) -> tuple[Model, ...]:
        """The models of `sql/`; raises what `load_models` raises."""
        return self._models.result()

    def close(self) -> None:
        """Wait until nothing is written any more."""
        self._pool.shutdown(cancel_futures=True)


def _loaded(models_dir: Path) -> tuple[Model, ...]:
    from cuttings.store.models import load_models  # noqa: PLC0415 (most of what opens a warehouse needs no DuckDB)

    return load_models(models_dir, TABLES)
