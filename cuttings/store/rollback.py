"""Going back to a generation that was published before: the pointer moves, no file of a generation is touched."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cuttings.errors import CorruptWarehouseError, NothingPublishedError, UsageError
from cuttings.store.disk import storage_errors, write_durably
from cuttings.store.layout import Layout
from cuttings.store.manifest import read_manifest
from cuttings.store.publish import commit, locked, point_link
from cuttings.store.verify import generation_faults

_MOVED: Final = "the pointer has moved, only the tidying after it failed"


@dataclass(frozen=True, slots=True)
class Rollback:
    """What a rollback did: the generation that was published, and the one that is now."""

    from_id: str
    to_id: str


def roll_back(warehouse: Path, to: str | None = None, *, is_read: bool = True) -> Rollback:
    """Publish a kept generation again: the one whose id begins with `to`, else the one before the published one.

    The swap takes the same time for any warehouse; before it, every byte of the target is compared with its manifest
    unless `is_read` is False, which leaves the comparison of names and sizes. The generation that was rolled back from
    stays until the next publish, so that a rollback can be rolled back. Readers go on with what they hold.

    Raises UsageError when there is no such generation or it is the published one, CorruptWarehouseError when it is
    damaged, BusyError when a run holds the warehouse; then nothing was changed.
    """
    if Layout(warehouse).current_id() is None:
        raise NothingPublishedError(f"{warehouse}: nothing is published here, so there is nothing to go back to")
    with locked(warehouse) as layout:
        from_id = layout.current_id()
        assert from_id is not None
        to_id = layout.find_generation(to) if to is not None else _before(layout, from_id)
        if to_id == from_id:
            raise UsageError(f"{warehouse}: the generation {to_id} is the published one already")
        _require_sound(layout, to_id, is_read)
        left = layout.withdrawn_ids() | _line(layout, from_id)
        withdrawn = left - _line(layout, to_id)
        # Before the pointer: what it names is only believed once CURRENT is the first of its lines.
        write_durably(layout.withdrawn, "\n".join([to_id, *sorted(withdrawn), ""]).encode("ascii"))
        commit(layout, to_id)
        with storage_errors(warehouse, _MOVED):
            point_link(layout)
    return Rollback(from_id, to_id)


def _before(layout: Layout, generation_id: str) -> str:
    try:
        previous_id = read_manifest(layout.manifest(generation_id)).previous_id
    except (FileNotFoundError, CorruptWarehouseError) as error:
        raise CorruptWarehouseError(
            f"{layout.manifest(generation_id)}: is missing or damaged, so that it does not tell what came before: name "
            f"the generation to go back to; there are: {', '.join(layout.generation_ids())}"
        ) from error
    if previous_id is None or not layout.generation(previous_id).is_dir():
        others = [name for name in layout.generation_ids() if name != generation_id]
        raise UsageError(
            f"{layout.root}: no generation before {generation_id} is kept"
            + (f"; there are: {', '.join(others)}" if others else ": `cuttings run --keep` says how many are")
        )
    return previous_id


def _require_sound(layout: Layout, generation_id: str, is_read: bool) -> None:
    fault = next(generation_faults(layout.generation(generation_id), is_read=is_read), None)
    if fault is not None:
        raise CorruptWarehouseError(f"{fault}: the generation {generation_id} is damaged; nothing was changed")


def _line(layout: Layout, generation_id: str) -> set[str]:
    """A generation and those it follows, as far as their manifests can be read."""
    line: set[str] = set()
    next_id: str | None = generation_id
    while next_id:
        try:
            manifest = read_manifest(layout.manifest(next_id))
        except (FileNotFoundError, CorruptWarehouseError):
            break
        line.add(next_id)
        next_id = manifest.previous_id
    return line
