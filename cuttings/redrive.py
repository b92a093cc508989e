"""Trying again what was quarantined, with today's code: a run over the recorded sources, and what became of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cuttings import store
from cuttings.store.garbage import drop_unnamed_bytes


@dataclass(frozen=True, slots=True)
class Redriven:
    """One object that was set aside: why, and what it is now; `now` is None when its source no longer has it."""

    source_name: str
    reason: str
    now: str | None
    now_reason: str | None
    bytes_kept_at: str | None

    @property
    def is_loaded(self) -> bool:
        """Its page is published now, or has been under another name."""
        return self.now in ("loaded", "duplicate")


def redrive(warehouse: Path, rerun: Callable[[Path], Any]) -> tuple[str, list[Redriven], int]:
    """Publish anew over the recorded sources: the generation, each object that was set aside, removed files' number.

    What it gives is what a clean run over the same sources gives. Kept bytes that no kept generation names any more are
    removed. `rerun(warehouse)` may find nothing to do. Raises NothingPublishedError and what `rerun` raises.
    """
    with store.pinned(warehouse) as directory:
        aside = store.scan_table(directory, "quarantine").join(
            store.scan_table(directory, "files").select("file_id", "source_name"), on="file_id"
        )
        before = aside.sort("source_name", "file_id", "stage", "reason").collect()
    rerun(warehouse)
    with store.pinned(warehouse) as directory:
        files = store.scan_table(directory, "files").select("file_id", "disposition", "reason").collect()
        generation = directory.name
    now = {file_id: (disposition, reason) for file_id, disposition, reason in files.iter_rows()}
    rows = []
    for row in before.to_dicts():
        disposition, reason = now.get(row["file_id"], (None, None))
        rows.append(Redriven(row["source_name"], row["reason"], disposition, reason, row["bytes_kept_at"]))
    return generation, rows, drop_unnamed_bytes(warehouse)
