"""Members of containers: the container is opened here and unpacked in a sandbox; each member is judged like a file."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from types import TracebackType
from typing import Final

from cuttings.config import Config
from cuttings.containers.kinds import HEAD_BYTES, kind_by_name, kind_of
from cuttings.containers.member import SEPARATOR, Bounds, Member, Problem
from cuttings.sandbox import Descriptor, Limits, Sandbox, WorkerDiedError
from cuttings.sources.objects import FoundObject, Source, judge
from cuttings.sources.reading import ATTEMPTS, Reading, changed, hash_through, opened_file, refusal, version

_MIB: Final = 1 << 20
# A reader holds the object it reads, the archive within an archive that it comes from, and a decoder: measured 144 MiB
# for an object of 56 MiB in a zip archive in a compressed tar archive; xz may take 72 more. It never writes.
_LIMITS: Final = Limits(
    resident_bytes=256 * _MIB, reusable_bytes=64 * _MIB, data_bytes=236 * _MIB, cpu_seconds=60, wall_seconds=600.0,
    file_bytes=0, open_files=32,
)  # fmt: skip


class Unpacker:
    """Reads containers for a scan; use it in `with`. The sandbox starts at the first container."""

    def __init__(self, config: Config) -> None:
        limits = config.limits
        self._bounds = Bounds(
            limits.object_bytes, limits.archive_bytes, limits.archive_members, tuple(config.text_fields)
        )
        self._sandbox = Sandbox(_LIMITS)

    def __enter__(self) -> Unpacker:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._sandbox.close()

    @property
    def peak_bytes(self) -> int:
        """The most memory that a reader took."""
        return self._sandbox.peak_bytes

    def objects(
        self, source: Source, directory_fd: int, name: bytes, full_name: bytes
    ) -> list[tuple[FoundObject, Member]] | None:
        """The objects in a file, each with what its container says of it; None when the file is no container.

        The container is among them only where it, or the rest of it, could not be read; it then counts its own bytes.
        A container that changes under each of several readings is one object.
        """
        if kind_by_name(name) is None:
            return None
        reading = Reading(0)
        for _ in range(ATTEMPTS):
            try:
                with opened_file(directory_fd, name) as fd:
                    before = os.fstat(fd)
                    if not stat.S_ISREG(before.st_mode) or kind_of(name, os.pread(fd, HEAD_BYTES, 0)) is None:
                        return None
                    byte_count, digest = hash_through(fd)
                    container = Reading(before.st_size, before.st_mtime_ns, digest)
                    found = list(self._judged(source, full_name, container, self.members(fd, name)))
                    after = os.fstat(fd)
            except OSError as error:
                reading = refusal(error)
                break
            if byte_count == before.st_size and version(before) == version(after):
                return found
            reading = changed(before.st_size, after)
        return [(judge(source, full_name, reading), Member(b"", None, 0))]

    def members(self, fd: int, name: bytes) -> Iterator[Member]:
        """The members of an open container, in its order; one that a reader dies of ends with a problem."""
        # Here, not above: a look at a folder where nothing is new needs none of the decoders.
        from cuttings.containers.unpack import unpack  # noqa: PLC0415

        try:
            for member in self._sandbox.iterate(unpack, Descriptor(fd), name, self._bounds):
                if member is not None:
                    yield member
        except WorkerDiedError as death:
            detail = f"the process that read it ended with {death.reason}; it was not read further"
            yield Member(b"", None, 0, Problem(f"worker_died:{death.reason}", detail))

    def _judged(
        self, source: Source, full_name: bytes, container: Reading, members: Iterator[Member]
    ) -> Iterator[tuple[FoundObject, Member]]:
        for ordinal, member in enumerate(members):
            if member.name:
                name = full_name + SEPARATOR + member.name
                found = judge(source, name, _reading_of(member, container))
                found.container, found.ordinal = full_name, ordinal
            else:
                found = judge(source, full_name, _reading_of(member, container))
                found.size_bytes, found.content_sha256 = container.size_bytes, container.content_sha256
                found.is_kept = container.size_bytes <= self._bounds.object_bytes
            yield found, Member(member.name, None, member.size_bytes, None, member.captured, member.url)


def _reading_of(member: Member, container: Reading) -> Reading:
    """A member as if it were a file. Its time is the archive's word, where that is no later than the archive."""
    modified_ns = container.modified_ns
    if member.modified_seconds and modified_ns is not None and member.modified_seconds * 10**9 <= modified_ns:
        modified_ns = member.modified_seconds * 10**9
    digest = None if member.raw is None else hashlib.sha256(member.raw).hexdigest()
    if member.problem is None:
        return Reading(member.size_bytes, modified_ns, digest, member.raw)
    disposition = "refused" if member.problem.is_refused else "quarantined"
    return Reading(
        member.size_bytes, modified_ns, digest, member.raw, disposition, member.problem.reason, member.problem.detail
    )
