"""All objects of the sources, each with exactly one disposition, and the bytes of the pages in batches.

The scan reads and hashes every object: identity is content, never a modification time. The pages are read a second
time when they are cut, so that memory follows the batch; an object that changed in between is set aside.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from cuttings.config import Config, Limits
from cuttings.errors import UsageError
from cuttings.sources.capture import exactly, read_name
from cuttings.sources.frames import files_frame, quarantine_frame
from cuttings.sources.names import display_name, source_labels
from cuttings.sources.objects import FoundObject, Source, judge, mark_duplicates
from cuttings.sources.reading import open_directory, opened_root, read_object, refusal
from cuttings.sources.sidecar import SIDECAR_NAME, Sidecar, read_sidecar
from cuttings.sources.walk import Directory, walk


@dataclass(frozen=True, slots=True)
class Batch:
    """Distinct pages: their ids (sha256 of the bytes) and their bytes, in the same order."""

    page_ids: list[str]
    raws: list[bytes]


class Scan:
    """What the sources hold. Made by `scan`.

    `discovered_count` and `discovered_bytes` are counted while listing and reading, apart from the dispositions, so
    that the conservation law compares two counts.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._objects: list[FoundObject] = []
        self._warnings: list[str] = []
        self.discovered_count = 0
        self.discovered_bytes = 0

    def add_source(self, source: Source, config: Config) -> None:
        """Walk one source and read each of its objects."""
        with ExitStack() as stack:
            try:
                root_fd = stack.enter_context(opened_root(source.directory))
            except OSError as error:
                shown = _shown(source.directory)
                raise UsageError(f"{shown}: cannot be opened: {error.strerror}: check its permissions") from error
            sidecar = _open_sidecar(source, root_fd, config.limits)
            names: set[str] = set()
            if source.file is not None:
                directories: Iterable[Directory] = [Directory(b"", root_fd, [source.file])]
            else:
                directories = walk(root_fd, _identity(config.warehouse))
            for directory in directories:
                if sidecar.is_there and not directory.path and source.file is None:
                    directory.files.remove(SIDECAR_NAME)
                self.discovered_count += len(directory.files) + len(directory.refusals)
                for found in _read_directory(source, directory, sidecar, config):
                    self.discovered_bytes += found.size_bytes
                    self._objects.append(found)
                    names.add(display_name(found.name))
        if source.file is None:
            sidecar.warn_of_strays(names)
            if config.warehouse.is_dir() and config.warehouse.resolve().is_relative_to(source.directory):
                self._warnings.append(f"{_shown(config.warehouse)}: the warehouse lies in the source and was not read")
        self._warnings += sidecar.warnings

    def settle(self) -> None:
        """Put the objects of all sources in order, and find the duplicates."""
        self._objects.sort(key=lambda found: (found.source.label, found.name))
        mark_duplicates(self._objects)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is wrong beside the objects, such as rows of a sidecar: sentences for a person."""
        return tuple(self._warnings)

    @property
    def page_count(self) -> int:
        """Distinct pages to cut."""
        return sum(found.disposition == "loaded" for found in self._objects)

    @property
    def page_bytes(self) -> int:
        """Their bytes."""
        return sum(found.size_bytes for found in self._objects if found.disposition == "loaded")

    @property
    def inputs_digest(self) -> str:
        """sha256 of all objects and what is known of each; equal inputs give equal tables."""
        digest = hashlib.sha256()
        for found in self._objects:
            known = (
                found.source.label, display_name(found.name), found.size_bytes, found.modified_us, found.content_sha256,
                found.disposition, found.reason, found.detail, found.url, found.capture and asdict(found.capture),
            )  # fmt: skip
            digest.update(json.dumps(known, default=str).encode("ascii") + b"\n")
        return digest.hexdigest()

    @property
    def files(self) -> pl.DataFrame:
        """The contract's `files`, one row an object, by file_id, and the interval of the capture in two more columns.

        `captured_at` holds evidence as strong as a name or stronger; `captured_from` is 'none' elsewhere, where what
        the corpus shows and then `modified_at` may still stand in.
        """
        return files_frame(self._objects)

    @property
    def quarantine(self) -> pl.DataFrame:
        """The contract's `quarantine`: one row for each object that is quarantined or refused, by file_id."""
        return quarantine_frame(self._objects)

    def batches(self, max_bytes: int | None = None) -> Iterator[Batch]:
        """Read the distinct pages again and yield them in batches of about `max_bytes` (Limits.batch_bytes if None).

        An object whose bytes are no longer those of the scan becomes `changed_while_reading`; if another object has
        them, that one is loaded instead. So read `files`, `quarantine` and `inputs_digest` again after the last batch.
        """
        limit = self._limits.batch_bytes if max_bytes is None else max_bytes
        holders: dict[str, list[FoundObject]] = {}
        for found in self._objects:
            if found.has_page and found.content_sha256:
                holders.setdefault(found.content_sha256, []).append(found)
        page_ids: list[str] = []
        raws: list[bytes] = []
        byte_count = 0
        with _Rereader(self._limits) as rereader:
            for page_id, same in holders.items():
                raw = _first_unchanged(rereader, same)
                if raw is None:
                    continue
                if raws and byte_count + len(raw) > limit:
                    yield Batch(page_ids, raws)
                    page_ids, raws, byte_count = [], [], 0
                page_ids.append(page_id)
                raws.append(raw)
                byte_count += len(raw)
        if raws:
            yield Batch(page_ids, raws)

    def quarantined_bytes(self) -> Iterator[tuple[str, bytes]]:
        """sha256 and bytes of each distinct quarantined content that is kept, for the store."""
        seen: set[str] = set()
        with _Rereader(self._limits) as rereader:
            for found in self._objects:
                digest = found.content_sha256
                if digest is None or digest in seen or not found.is_kept:
                    continue
                raw = rereader.read(found)
                if raw is None:
                    found.set_changed()
                    continue
                seen.add(digest)
                yield digest, raw


def scan(config: Config) -> Scan:
    """Walk, read and hash all sources of a run.

    Raises UsageError when a source is not there or cannot be opened, or a sidecar is no sidecar. Everything else that
    is wrong with an object is its disposition.
    """
    found = Scan(config.limits)
    for source in _sources(config.sources):
        found.add_source(source, config)
    found.settle()
    return found


def _sources(paths: Iterable[Path]) -> list[Source]:
    """The sources in the order given, each once, with their labels."""
    roots: list[Path] = []
    for path in paths:
        try:
            root = path.resolve(strict=True)
        except FileNotFoundError as error:
            raise UsageError(f"{_shown(path)}: there is no such file or folder: give the path of a dump") from error
        except (OSError, RuntimeError) as error:
            raise UsageError(f"{_shown(path)}: cannot be reached: {error}: give the path of a dump") from error
        if root not in roots:
            roots.append(root)
    labels = source_labels(roots)
    return [
        Source(root, None, label) if root.is_dir() else Source(root.parent, os.fsencode(root.name), label)
        for root, label in zip(roots, labels, strict=True)
    ]


def _shown(path: Path) -> str:
    return display_name(os.fsencode(path))


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _open_sidecar(source: Source, root_fd: int, limits: Limits) -> Sidecar:
    """The sidecar of a source; an empty one where there is none, or where it is a link or no file."""
    shown = f"{_shown(source.directory)}/captures.csv"
    if source.file == SIDECAR_NAME:
        return Sidecar(shown)
    reading = read_object(root_fd, SIDECAR_NAME, limits.object_bytes)
    if reading.reason in ("vanished", "symlink", "not_regular"):
        return Sidecar(shown)
    if reading.raw is None:
        raise UsageError(f"{shown}: {reading.detail}")
    return read_sidecar(reading.raw, shown)


def _read_directory(source: Source, directory: Directory, sidecar: Sidecar, config: Config) -> Iterator[FoundObject]:
    folders = [display_name(part) for part in directory.path.split(b"/")] if directory.path else []
    if source.file is None:
        folders.insert(0, source.directory.name)
    folder_capture = next((capture for folder in reversed(folders) if (capture := read_name(folder))), None)
    for file in directory.files:
        reading = read_object(directory.fd, file, config.limits.object_bytes)
        found = judge(source, directory.name_of(file), reading)
        evidence = sidecar.rows.get(display_name(found.name))
        if evidence:
            found.url = evidence.url
        if evidence and evidence.capture:
            found.capture = evidence.capture
        elif config.captured_at:
            found.capture = exactly(config.captured_at, "option")
        else:
            found.capture = read_name(display_name(file)) or folder_capture
        yield found
    for refused in directory.refusals:
        yield FoundObject(source, refused.name, 0, None, None, "refused", refused.reason, refused.detail)


def _first_unchanged(rereader: _Rereader, holders: list[FoundObject]) -> bytes | None:
    """The page's bytes from the first holder that still has them, which is then the loaded one."""
    for found in holders:
        raw = rereader.read(found)
        if raw is not None:
            found.disposition, found.reason = "loaded", None
            return raw
        found.set_changed()
    return None


class _Rereader:
    """Reads objects again by name, from one root at a time; the directory last used stays open."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._directory: tuple[Path, bytes] | None = None
        self._fd = -1

    def __enter__(self) -> _Rereader:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def read(self, found: FoundObject) -> bytes | None:
        """The bytes, or None when the object is gone, changing, or other than when it was scanned."""
        folder, _, base = found.name.rpartition(b"/")
        try:
            if self._directory != (found.source.directory, folder):
                self._close()
                with opened_root(found.source.directory) as root_fd:
                    self._fd = open_directory(root_fd, folder)
                self._directory = (found.source.directory, folder)
            reading = read_object(self._fd, base, self._limits.object_bytes)
        except OSError as error:
            reading = refusal(error)
        return reading.raw if reading.content_sha256 == found.content_sha256 else None

    def _close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
        self._fd, self._directory = -1, None
