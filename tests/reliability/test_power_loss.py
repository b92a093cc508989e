"""P3: an acknowledged publish survives a loss of power; a cut at any call leaves the old generation or the new one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from cuttings import store
from tests.reliability.power import Disk, Snapshot, restore


def cuts(toy: ModuleType, folder: Path, *, forgets_sync: bool = False) -> tuple[int, list[str]]:
    """Number of states tried, and those that were wrong."""
    warehouse, trial = folder / "warehouse", folder / "trial"
    warehouse.mkdir()
    acknowledged = 0
    seen: set[frozenset[tuple[str, bytes | None]]] = set()
    wrong: list[str] = []

    def check(kind: str, state: Snapshot) -> None:
        key = frozenset(state.items())
        if acknowledged == 0 or (key, acknowledged) in seen:
            return
        seen.add((key, acknowledged))  # type: ignore[arg-type]
        restore(state, trial)
        try:
            found = published(toy, trial)
            if found not in ({str(acknowledged)}, {str(acknowledged + 1)}):
                wrong.append(f"{kind} at {disk.event_count}: acknowledged {acknowledged}, found {found}")
        except Exception as error:  # noqa: BLE001 (whatever a reader meets is a failure)
            wrong.append(f"{kind} at {disk.event_count}: {type(error).__name__}: {error}"[:200])
        finally:
            shutil.rmtree(trial)

    disk = Disk(warehouse, check, forgets_sync=forgets_sync)
    with disk.watched():
        for state in (1, 2, 3):
            toy.publish(warehouse, state)
            acknowledged = state
    return len(seen), wrong


def published(toy: ModuleType, warehouse: Path) -> set[str]:
    with store.pinned(warehouse) as directory:
        states: set[str] = toy.states_seen(directory)
        assert store.verify(warehouse) == []
    return states


def test_a_cut_at_any_moment_leaves_a_whole_generation(
    toy: ModuleType, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    count, wrong = cuts(toy, tmp_path)
    record_property("trials", count)
    assert wrong == []
    assert count > 20, "the calls that make things durable are no longer those that are watched"


def test_without_syncs_the_loss_is_caught(toy: ModuleType, tmp_path: Path) -> None:
    """Negative control."""
    _, wrong = cuts(toy, tmp_path, forgets_sync=True)
    assert wrong
