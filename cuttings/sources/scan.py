"""All objects of the sources, each with exactly one disposition, and the bytes of the pages in batches.

The scan reads and hashes every object: identity is content, never a modification time. The pages are read a second
time when they are cut, so that memory follows the batch; an object that changed in between is set aside. An archive or
a file of records is not an object but its members are; it is one only where it cannot be read.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, fields
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from cuttings.config import Config, Limits
from cuttings.containers.kinds import kind_by_name
from cuttings.containers.member import Member
from cuttings.errors import UsageError
from cuttings.sources.capture import Capture, exactly, read_name, read_written
from cuttings.sources.held import HeldObjects
from cuttings.sources.members import Unpacker
from cuttings.sources.names import display_name, source_labels
from cuttings.sources.objects import FoundObject, Source, judge, tell_apart
from cuttings.sources.reading import opened_root, read_object
from cuttings.sources.rereading import Rereader
from cuttings.sources.sidecar import SIDECAR_BYTES, SIDECAR_NAME, Sidecar, read_sidecar
from cuttings.sources.walk import Directory, walk

if TYPE_CHECKING:
    import polars as pl

# Addresses are at most 2 KiB in practice.
_MAX_URL_CHARS: Final = 4096
# Objects in hand at once, beside those that are held in columns.
_ROWS_AT_ONCE: Final = 16_384
_NEVER: Final = 1 << 31  # a day behind all others
_CAPTURE_FIELDS: Final = tuple(field.name for field in fields(Capture))


class Known(Protocol):
    """Pages that need not be cut."""

    def has(self, page_ids: Sequence[str]) -> Iterable[bool]:
        """Whether each page is one of them."""


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

    def __init__(self, config: Config) -> None:
        self._config = config
        self._objects = HeldObjects()
        self._warnings: list[str] = []
        self.discovered_count = 0
        self.discovered_bytes = 0
        self._inputs_digest: str | None = None  # of the objects as they are known now

    def add_source(self, source: Source, unpacker: Unpacker) -> None:
        """Walk one source and read each of its objects."""
        config = self._config
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
                directories = walk(root_fd, identity_of(config.warehouse))
            for directory in directories:
                if sidecar.is_there and not directory.path and source.file is None:
                    directory.files.remove(SIDECAR_NAME)
                self.discovered_count += len(directory.files) + len(directory.refusals)
                for objects in self._read_directory(source, directory, sidecar, unpacker):
                    self.discovered_count += len(objects) - 1  # a container is as many objects as it has members
                    self.discovered_bytes += sum(found.size_bytes for found in objects)
                    if sidecar.rows:
                        names.update(
                            display_name(name) for found in objects for name in (found.name, found.container or b"")
                        )
                    for found in objects:
                        self._objects.append(found)
        if source.file is None:
            sidecar.warn_of_strays(names)
            if config.warehouse.is_dir() and config.warehouse.resolve().is_relative_to(source.directory):
                self._warnings.append(f"{_shown(config.warehouse)}: the warehouse lies in the source and was not read")
        self._warnings += sidecar.warnings

    def settle(self) -> None:
        """Put the objects of all sources in order, and find the duplicates."""
        self._objects.put_in_order()
        if self._objects.has_members:
            for renamed in tell_apart(self._objects):
                self._objects.put_back(renamed)
            self._objects.put_in_order()
        for duplicate in self._objects.repeated("loaded"):
            duplicate.set_duplicate()
            self._objects.put_back(duplicate)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is wrong beside the objects, such as rows of a sidecar: sentences for a person."""
        return tuple(self._warnings)

    @property
    def page_count(self) -> int:
        """Distinct pages to cut."""
        return self._objects.total("loaded")[0]

    @property
    def page_ids(self) -> Iterator[list[str]]:
        """Ids of the distinct pages, some after others; none at least once."""
        contents = self._objects.contents("loaded")
        while some := list(islice(contents, _ROWS_AT_ONCE)):
            yield some
        yield []

    @property
    def page_bytes(self) -> int:
        """Their bytes."""
        return self._objects.total("loaded")[1]

    @property
    def inputs_digest(self) -> str:
        """sha256 of all objects and what is known of each; equal inputs give equal tables."""
        if self._inputs_digest is None:
            self._inputs_digest = self._digest_of_objects()
        return self._inputs_digest

    def _digest_of_objects(self) -> str:
        digest = hashlib.sha256()
        encode = json.JSONEncoder(default=str).encode  # one for all: `dumps` would make one an object
        for found in self._objects:
            known = (
                found.source.label, display_name(found.name), found.size_bytes, found.modified_us, found.content_sha256,
                found.disposition, found.reason, found.detail, found.url, found.capture and _told(found.capture),
            )  # fmt: skip
            digest.update(encode(known).encode("ascii") + b"\n")
        return digest.hexdigest()

    @property
    def files(self) -> pl.DataFrame:
        """The contract's `files`, one row an object, by file_id, and the interval of the capture in two more columns.

        `captured_at` holds evidence as strong as a name or stronger; `captured_from` is 'none' elsewhere, where what
        the corpus shows and then `modified_at` may still stand in.
        """
        # Here, not above: a look that finds nothing to do must not wait for Polars.
        from cuttings.sources.frames import files_frame  # noqa: PLC0415

        return files_frame(list(self._objects))

    @property
    def quarantine(self) -> pl.DataFrame:
        """The contract's `quarantine`: one row for each object that is quarantined or refused, by file_id."""
        from cuttings.sources.frames import quarantine_frame  # noqa: PLC0415

        return quarantine_frame(list(self._objects))

    def tables(self) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
        """`files` and `quarantine` of some objects after others, so that no more is in hand at once."""
        from cuttings.sources.frames import files_frame, quarantine_frame  # noqa: PLC0415

        for objects in self._objects.chunks(_ROWS_AT_ONCE):
            yield files_frame(objects), quarantine_frame(objects)

    def batches(self, max_bytes: int | None = None, known: Known | None = None) -> Iterator[Batch]:
        """Read the distinct pages again and yield them in batches of about `max_bytes` (Limits.batch_bytes if None).

        They come in the order of the tables, by day of capture and id, so that what is cut together is written
        together; members of containers do only within their batch, because a container is read from its beginning.

        Pages that are `known` need not be cut: they are not read again, their bytes are those of the scan.

        An object whose bytes are no longer those of the scan becomes `changed_while_reading`; if another object has
        them, that one is loaded instead. So read `files`, `quarantine` and `inputs_digest` again after the last batch.
        """
        limit = self._config.limits.batch_bytes if max_bytes is None else max_bytes
        found_pages: list[tuple[int, str, bytes]] = []
        byte_count = 0
        with Rereader(self._config) as rereader:
            for found, raw in self._first_unchanged(rereader, self._unknown(known)):
                if found.disposition != "loaded":
                    found.disposition, found.reason = "loaded", None
                    self._objects.put_back(found)
                    self._inputs_digest = None
                if found_pages and byte_count + len(raw) > limit:
                    yield _batch(found_pages)
                    found_pages, byte_count = [], 0
                assert found.content_sha256 is not None
                found_pages.append((_NEVER if found.day is None else found.day, found.content_sha256, raw))
                byte_count += len(raw)
        if found_pages:
            yield _batch(found_pages)

    def quarantined_bytes(self) -> Iterator[tuple[str, bytes]]:
        """sha256 and bytes of each distinct quarantined content that is kept, for the store."""
        with Rereader(self._config) as rereader:
            for found, raw in self._first_unchanged(rereader, self._kept()):
                assert found.content_sha256 is not None
                yield found.content_sha256, raw

    def contents(self, page_ids: Collection[str]) -> Iterator[tuple[str, bytes]]:
        """Id and bytes of each of these pages, as far as an object still has the bytes of the scan."""
        wanted = (found for found in self._loaded() if found.content_sha256 in page_ids)
        with Rereader(self._config) as rereader:
            for found, raw in self._first_unchanged(rereader, wanted, are_changes_kept=False):
                assert found.content_sha256 is not None
                yield found.content_sha256, raw

    def _loaded(self) -> Iterator[FoundObject]:
        return self._objects.having(lambda disposition, _: disposition == "loaded")

    def _unknown(self, known: Known | None) -> Iterator[FoundObject]:
        """The loaded objects whose page is not known, in the order of the tables."""
        loaded = self._objects.by_day("loaded")
        if known is None:
            yield from loaded
            return
        while some := list(islice(loaded, _ROWS_AT_ONCE)):
            is_known = known.has([found.content_sha256 or "" for found in some])
            yield from (found for found, is_there in zip(some, is_known, strict=True) if not is_there)

    def _kept(self) -> Iterator[FoundObject]:
        """The first object of each content that goes to the quarantine of the store."""
        seen: set[str | None] = set()
        for found in self._objects.having(lambda _, is_kept: is_kept):
            if found.content_sha256 not in seen:
                seen.add(found.content_sha256)
                yield found

    def _first_unchanged(
        self, rereader: Rereader, wanted: Iterable[FoundObject], *, are_changes_kept: bool = True
    ) -> Iterator[tuple[FoundObject, bytes]]:
        """Each wanted object, or the next one of the same content that still has it, and its bytes."""
        copies: Mapping[str, list[int]] | None = None  # looked for when an object did change
        for some in _whole_containers(wanted):
            left = some
            while left:
                following: list[FoundObject] = []
                for found, raw in rereader.read(left):
                    if raw is not None:
                        yield found, raw
                        continue
                    copies = self._objects.copies() if copies is None else copies
                    following += islice(self._next_holders(found, copies), 1)
                    if are_changes_kept:
                        self._set_changed(found)
                left = following

    def _next_holders(self, found: FoundObject, copies: Mapping[str, list[int]]) -> Iterator[FoundObject]:
        """The objects behind this one that have the same content, and the same use for it."""
        numbers = copies.get(found.content_sha256 or "", [found.number])
        others = map(self._objects.at, numbers[numbers.index(found.number) + 1 :])
        return (other for other in others if (other.has_page, other.is_kept) == (found.has_page, found.is_kept))

    def _set_changed(self, found: FoundObject) -> None:
        found.set_changed()
        self._objects.put_back(found)
        self._inputs_digest = None

    def _read_directory(
        self, source: Source, directory: Directory, sidecar: Sidecar, unpacker: Unpacker
    ) -> Iterator[list[FoundObject]]:
        """The objects of each entry of a directory: one, or those of a container."""
        folders = [display_name(part) for part in directory.path.split(b"/")] if directory.path else []
        if source.file is None:
            folders.insert(0, source.directory.name)
        folder_capture = _capture_in(folders)
        for file in directory.files:
            name = directory.name_of(file)
            unpacked = unpacker.objects(source, directory.fd, file, name) if kind_by_name(file) else None
            if unpacked is None:
                found = judge(source, name, read_object(directory.fd, file, self._config.limits.object_bytes))
                self._date(found, sidecar, folder_capture, file, None)
                yield [found]
                continue
            for found, member in unpacked:
                self._date(found, sidecar, folder_capture, file, member)
            yield [found for found, _ in unpacked]
        for refused in directory.refusals:
            yield [FoundObject(source, refused.name, 0, None, None, "refused", refused.reason, refused.detail)]

    def _date(
        self, found: FoundObject, sidecar: Sidecar, folder_capture: Capture | None, file: bytes, member: Member | None
    ) -> None:
        """Set when and from where an object was fetched, by the strongest evidence there is."""
        evidence = sidecar.rows.get(display_name(found.name)) if sidecar.rows else None
        if evidence is None and found.container is not None:
            evidence = sidecar.rows.get(display_name(found.container))
        recorded = read_written(member.captured, "record") if member and member.captured else None
        found.url = (evidence and evidence.url) or (_printable(member.url) if member and member.url else None)
        if evidence and evidence.capture:
            found.capture = evidence.capture
        elif recorded:
            found.capture = recorded
        elif self._config.captured_at:
            found.capture = exactly(self._config.captured_at, "option")
        else:
            found.capture = _capture_named(file, member) or folder_capture


def _told(capture: Capture) -> dict[str, str]:
    """The fields by name. Not `asdict`, whose copies of three instants take longer than reading the file does."""
    return {name: str(getattr(capture, name)) for name in _CAPTURE_FIELDS}


def scan(config: Config) -> Scan:
    """Walk, read and hash all sources of a run.

    Raises UsageError when a source is not there or cannot be opened, or a sidecar is no sidecar. Everything else that
    is wrong with an object is its disposition.
    """
    found = Scan(config)
    with Unpacker(config) as unpacker:
        for source in sources_of(config.sources):
            found.add_source(source, unpacker)
    found.settle()
    return found


def _batch(found_pages: list[tuple[int, str, bytes]]) -> Batch:
    """Pages by their day and id as a batch."""
    found_pages.sort()
    return Batch([page_id for _, page_id, _ in found_pages], [raw for _, _, raw in found_pages])


def _whole_containers(objects: Iterable[FoundObject]) -> Iterator[list[FoundObject]]:
    """The objects in lists of no more than need be: a container is read as a whole."""
    some: list[FoundObject] = []
    for found in objects:
        if len(some) >= _ROWS_AT_ONCE and (found.container is None or found.container != some[-1].container):
            yield some
            some = []
        some.append(found)
    if some:
        yield some


def sources_of(paths: Iterable[Path]) -> list[Source]:
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


def identity_of(path: Path) -> tuple[int, int] | None:
    """Device and inode; None where nothing can be seen."""
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
    reading = read_object(root_fd, SIDECAR_NAME, max(limits.object_bytes, SIDECAR_BYTES))
    if reading.reason in ("vanished", "symlink", "not_regular"):
        return Sidecar(shown)
    if reading.raw is None:
        raise UsageError(f"{shown}: {reading.detail}")
    return read_sidecar(reading.raw, shown)


def _capture_in(folders: list[str]) -> Capture | None:
    """The capture time that the innermost of these names tells."""
    return next((capture for folder in reversed(folders) if (capture := read_name(folder))), None)


def _capture_named(file: bytes, member: Member | None) -> Capture | None:
    """The capture time in a file's name; for a member in its own, in its folders', or in its container's."""
    if member is None:
        return read_name(display_name(file))
    kind = kind_by_name(file)
    stem = kind.stem if kind else file
    # Without its endings: a name of many words tells no time.
    return _capture_in([display_name(stem) + ".", *(display_name(part) for part in re.split(b"[!/]", member.name))])


def _printable(url: str) -> str:
    """The address a record gives, with what is no character escaped, cut where no address goes on."""
    return url[:_MAX_URL_CHARS].encode("utf-8", "backslashreplace").decode("utf-8")
