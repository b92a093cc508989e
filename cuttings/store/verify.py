"""Is every published byte still the one that was published?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cuttings.errors import CorruptWarehouseError
from cuttings.store.disk import sha256_of
from cuttings.store.layout import MANIFEST_NAME, Layout
from cuttings.store.leases import pinned
from cuttings.store.manifest import read_manifest


@dataclass(frozen=True, slots=True)
class Fault:
    """One file that is not as published: where, what was found, what was expected."""

    path: Path
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.path}: found {self.found}, expected {self.expected}"


def verify(warehouse: Path) -> list[Fault]:
    """Read every file of the published generation and of the quarantine, and compare it with its digest.

    No fault: an empty list. Raises NothingPublishedError when there is no generation, CorruptWarehouseError when its
    manifest is gone.
    """
    with pinned(warehouse) as directory:
        return [*generation_faults(directory), *_quarantine_faults(Layout(warehouse))]


def generation_faults(directory: Path, *, is_read: bool = True) -> Iterator[Fault]:
    """What is not as published in one generation; without `is_read` only names and sizes are compared.

    A generation without a manifest is one fault.
    """
    path = directory / MANIFEST_NAME
    try:
        manifest = read_manifest(path)
    except CorruptWarehouseError:
        yield Fault(path, "other bytes", "the bytes that were published")
        return
    except FileNotFoundError:
        yield Fault(path, "no file", "a file")
        return
    if manifest.generation_id != directory.name:
        yield Fault(path, f"the manifest of {manifest.generation_id}", f"that of {directory.name}")
    there = {found.relative_to(directory).as_posix() for found in directory.rglob("*") if not found.is_dir()}
    for name in sorted(there - set(manifest.files) - {MANIFEST_NAME}):
        yield Fault(directory / name, "a file", "none: it is not in the manifest")
    for name, entry in sorted(manifest.files.items()):
        yield from _file_faults(directory / name, entry.sha256 if is_read else None, entry.size_bytes)


def _quarantine_faults(layout: Layout) -> Iterator[Fault]:
    for path in sorted(layout.quarantine.glob("[0-9a-f]*")):
        yield from _file_faults(path, path.name, None)


def _file_faults(path: Path, sha256: str | None, size_bytes: int | None) -> Iterator[Fault]:
    if path.is_symlink() or not path.is_file():
        yield Fault(path, "no file", "a file")
        return
    found_bytes = path.stat().st_size
    if size_bytes is not None and found_bytes != size_bytes:
        yield Fault(path, f"{found_bytes} bytes", f"{size_bytes} bytes")
    elif sha256 is not None and (found := sha256_of(path)) != sha256:
        yield Fault(path, f"sha256 {found}", f"sha256 {sha256}")
