"""Members of a zip archive, by their place in its directory: names may repeat."""

from __future__ import annotations

import stat
import zipfile
import zlib
from typing import IO, Final

from cuttings.containers.member import (
    CHUNK_BYTES,
    DAMAGED,
    Bounds,
    Member,
    Members,
    Problem,
    StreamError,
    read_body,
)
from cuttings.containers.streams import Budget, check_ratio

# zipfile unpacks these in bounded pieces; bz2 and lzma it does not.
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_UNIX: Final = 3
_IS_ENCRYPTED: Final = 0x1
# What zipfile and the decoders under it raise on bytes that are not as they should be.
_BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, OverflowError, NotImplementedError,
    RuntimeError,
)  # fmt: skip


def read_zip(file: IO[bytes], bounds: Bounds, budget: Budget) -> Members:
    """Yield the files of an archive in the order of its directory; directories are none."""
    counted = _Counted(file)
    try:
        archive = zipfile.ZipFile(counted)
    except _BROKEN as error:
        raise StreamError(DAMAGED, f"it has no directory that can be read: {error}") from error
    with archive:
        for info in archive.infolist():
            if info.is_dir():
                continue
            name = info.filename.encode("utf-8", "surrogatepass")
            problem = _problem(info)
            if problem is not None:
                yield Member(name, None, 0, problem)
                continue
            limit = bounds.limit_of(name)
            stream = _MemberStream(archive, info, counted, limit, budget)
            try:
                body = yield from read_body(stream, None, limit)
            except StreamError as error:
                if error.problem.reason == "archive_too_large":
                    raise
                yield Member(name, None, stream.produced_bytes, error.problem)
            else:
                yield Member(name, body.raw, body.size_bytes, body.problem)


def _problem(info: zipfile.ZipInfo) -> Problem | None:
    kind = stat.S_IFMT(info.external_attr >> 16) if info.create_system == _UNIX else 0
    if kind == stat.S_IFLNK:
        return Problem("symlink", "it is a symbolic link: links are not followed", is_refused=True)
    if kind not in (0, stat.S_IFREG):
        return Problem("not_regular", "it is no regular file", is_refused=True)
    if info.flag_bits & _IS_ENCRYPTED:
        return Problem("encrypted", "it is encrypted: decrypt it first")
    if info.compress_type not in _METHODS:
        return Problem("unsupported", f"it is compressed with method {info.compress_type}, which is not read")
    return None


class _Counted:
    """A file that counts what is read of it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.read_bytes = 0

    def read(self, count: int = -1, /) -> bytes:
        data = self._file.read(count)
        self.read_bytes += len(data)
        return data

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True


class _MemberStream:
    """The bytes of one member, opened at the first read; what is read of the archive for them is counted."""

    def __init__(
        self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, counted: _Counted, limit_bytes: int, budget: Budget
    ) -> None:
        self._archive, self._info = archive, info
        self._stream: IO[bytes] | None = None
        self._counted = counted
        self._limit_bytes = limit_bytes
        self._budget = budget
        self._before = counted.read_bytes
        self.produced_bytes = 0

    def read(self, count: int, /) -> bytes:
        try:
            if self._stream is None:
                self._stream = self._archive.open(self._info)
            data: bytes = self._stream.read(min(count, CHUNK_BYTES))
        except _BROKEN as error:
            raise StreamError(DAMAGED, f"it is damaged after {self.produced_bytes} unpacked bytes: {error}") from error
        self.produced_bytes += len(data)
        check_ratio(self.produced_bytes, self._counted.read_bytes - self._before)
        self._budget.spend(len(data))
        if self.produced_bytes > self._limit_bytes:
            raise StreamError("too_large", f"it unpacks to more than the limit of {self._limit_bytes} bytes")
        return data
