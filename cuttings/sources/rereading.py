"""The second reading: the bytes of objects that a scan has found, as far as they are still the same."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from cuttings.config import Config
from cuttings.sources.members import Unpacker
from cuttings.sources.objects import FoundObject
from cuttings.sources.reading import open_directory, opened_file, opened_root, read_object, refusal

# Objects in hand at once, beside those that are held in columns.
OBJECTS_AT_ONCE: Final = 16_384


def whole_containers(objects: Iterable[FoundObject]) -> Iterator[list[FoundObject]]:
    """The objects in lists of no more than need be: a container is read as a whole."""
    some: list[FoundObject] = []
    for found in objects:
        if len(some) >= OBJECTS_AT_ONCE and (found.container is None or found.container != some[-1].container):
            yield some
            some = []
        some.append(found)
    if some:
        yield some


class Rereader:
    """Reads objects again by name; the directory last used stays open. Use it in `with`."""

    def __init__(self, config: Config) -> None:
        self._limit_bytes = config.limits.object_bytes
        self._unpacker = Unpacker(config)
        self._directory: tuple[Path, bytes] | None = None
        self._fd = -1

    def __enter__(self) -> Rereader:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()
        self._unpacker.__exit__(None, None, None)

    def read(self, wanted: Iterable[FoundObject]) -> Iterator[tuple[FoundObject, bytes | None]]:
        """Each object with its bytes, or None when it is gone or another; the members of a container together."""
        containers: dict[tuple[Path, bytes], dict[int, FoundObject]] = {}
        for found in wanted:
            if found.container is None:
                yield found, self._read(found)
            else:
                containers.setdefault((found.source.directory, found.container), {})[found.ordinal] = found
        for (directory, name), members in containers.items():
            yield from self._read_members(directory, name, members)

    def _read(self, found: FoundObject) -> bytes | None:
        try:
            directory_fd, base = self._open(found.source.directory, found.name)
            reading = read_object(directory_fd, base, self._limit_bytes)
        except OSError as error:
            reading = refusal(error)
        return reading.raw if reading.content_sha256 == found.content_sha256 else None

    def _read_members(
        self, directory: Path, name: bytes, wanted: dict[int, FoundObject]
    ) -> Iterator[tuple[FoundObject, bytes | None]]:
        try:
            directory_fd, base = self._open(directory, name)
            with opened_file(directory_fd, base) as fd:
                for ordinal, member in enumerate(self._unpacker.members(fd, base)):
                    if ordinal in wanted and member.raw is not None:
                        found = wanted[ordinal]
                        if hashlib.sha256(member.raw).hexdigest() == found.content_sha256:
                            del wanted[ordinal]
                            yield found, member.raw
        except OSError:
            pass  # what is not read is told as such below
        for found in wanted.values():
            yield found, None

    def _open(self, directory: Path, name: bytes) -> tuple[int, bytes]:
        """The descriptor of the directory an object is in, and its name there."""
        folder, _, base = name.rpartition(b"/")
        if self._directory != (directory, folder):
            self._close()
            with opened_root(directory) as root_fd:
                self._fd = open_directory(root_fd, folder)
            self._directory = (directory, folder)
        return self._fd, base

    def _close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
        self._fd, self._directory = -1, None
