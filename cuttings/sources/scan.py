"""All objects of the sources, each with exactly one disposition, and the bytes of the pages in batches.

The scan reads and hashes every object: identity is content, never a modification time. The pages are read a second
time when they are cut, so that memory follows the batch; an object that changed in between is set aside. An archive or
a file of records is not an object but its members are; it is one only where it cannot be read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Final, Protocol

from cuttings.config import Config
from cuttings.containers.kinds import kind_by_name
from cuttings.errors import UsageError
from cuttings.sources.held import HeldObjects
from cuttings.sources.members import Unpacker
from cuttings.sources.names import display_name
from cuttings.sources.objects import FoundObject, Source, digest_of, judge, tell_apart
from cuttings.sources.provenance import named_by, tell_provenance
from cuttings.sources.reading import opened_root, read_object
from cuttings.sources.rereading import OBJECTS_AT_ONCE, Rereader, whole_containers
from cuttings.sources.roots import identity_of, shown_path, sources_of
from cuttings.sources.sidecar import SIDECAR_NAME, Sidecar, open_sidecar
from cuttings.sources.walk import Directory, walk

if TYPE_CHECKING:
    import polars as pl

_NEVER: Final = 1 << 31  # a day behind all others


class Known(Protocol):
    """Pages that need not be cut."""

    def has(self, page_ids: Sequence[str]) -> Iterable[bool]:
        """Whether each page is one of them."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Distinct pages: their ids (sha256 of the bytes) and their bytes, in the same order."""

    page_ids: list[str]
    raws: list[bytes]

    @classmethod
    def of(cls, found_pages: list[tuple[int, str, bytes]]) -> Batch:
        """Of pages as their day, id and bytes; the batch has them in the order of day and id."""
        found_pages.sort()
        return cls([page_id for _, page_id, _ in found_pages], [raw for _, _, raw in found_pages])


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
                shown = shown_path(source.directory)
                raise UsageError(f"{shown}: cannot be opened: {error.strerror}: check its permissions") from error
            sidecar = open_sidecar(source, root_fd, config.limits.object_bytes)
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
                self._warnings.append(
                    f"{shown_path(config.warehouse)}: the warehouse lies in the source and was not read"
                )
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
        while some := list(islice(contents, OBJECTS_AT_ONCE)):
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
            self._inputs_digest = digest_of(self._objects)
        return self._inputs_digest

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

        for objects in self._objects.chunks(OBJECTS_AT_ONCE):
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
                    yield Batch.of(found_pages)
                    found_pages, byte_count = [], 0
                assert found.content_sha256 is not None
                found_pages.append((_NEVER if found.day is None else found.day, found.content_sha256, raw))
                byte_count += len(raw)
        if found_pages:
            yield Batch.of(found_pages)

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
        while some := list(islice(loaded, OBJECTS_AT_ONCE)):
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
        for some in whole_containers(wanted):
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
        tell = partial(
            tell_provenance, sidecar=sidecar, captured_at=self._config.captured_at, in_folder=named_by(folders)
        )
        for file in directory.files:
            name = directory.name_of(file)
            unpacked = unpacker.objects(source, directory.fd, file, name) if kind_by_name(file) else None
            if unpacked is None:
                found = judge(source, name, read_object(directory.fd, file, self._config.limits.object_bytes))
                tell(found, file, None)
                yield [found]
                continue
            for found, member in unpacked:
                tell(found, file, member)
            yield [found for found, _ in unpacked]
        for refused in directory.refusals:
            yield [FoundObject(source, refused.name, 0, None, None, "refused", refused.reason, refused.detail)]


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
