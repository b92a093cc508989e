"""One object from the file system, whole and consistent, or a reason why not.

Untrusted names never reach a library: each directory is opened by descriptor, one component at a time, without
following links, and each object by its directory's descriptor. A FIFO or device is refused before it could block.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

_OPEN_FILE: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
_OPEN_DIRECTORY: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY | os.O_CLOEXEC
_CHUNK_BYTES: Final = 1 << 20
# An object that changes under each of this many readings is set aside.
ATTEMPTS: Final = 3


class Reading(NamedTuple):
    """What reading one object gave.

    `raw` is None when the object was not read whole; then `disposition`, `reason` and `detail` say why. An object read
    whole has disposition None: that is for the scan to decide.
    """

    size_bytes: int
    modified_ns: int | None = None
    content_sha256: str | None = None
    raw: bytes | None = None
    disposition: str | None = None
    reason: str | None = None
    detail: str | None = None


@contextmanager
def opened_file(directory_fd: int, name: bytes) -> Iterator[int]:
    """Descriptor of a directory entry; OSError when it is a link or cannot be opened. It may be no regular file."""
    fd = os.open(name, _OPEN_FILE, dir_fd=directory_fd)
    try:
        yield fd
    finally:
        os.close(fd)


@contextmanager
def opened_root(path: Path) -> Iterator[int]:
    """Descriptor of the directory a source starts at. The operator named it, so links in its own path are followed."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield fd
    finally:
        os.close(fd)


def open_directory(root_fd: int, path: bytes) -> int:
    """Descriptor of a directory below a root, opened component by component; OSError when one is a link or is gone."""
    fd = os.dup(root_fd)
    try:
        for component in path.split(b"/") if path else ():
            child = os.open(component, _OPEN_DIRECTORY, dir_fd=fd)
            os.close(fd)
            fd = child
    except OSError:
        os.close(fd)
        raise
    return fd


def read_object(directory_fd: int, name: bytes, limit_bytes: int) -> Reading:
    """Read one directory entry whole. Beyond `limit_bytes` the bytes are only hashed, in fixed memory.

    Size, inode and modification time must be the same before and after, and the bytes as many as the size says.
    """
    reading = _read_once(directory_fd, name, limit_bytes)
    for _ in range(ATTEMPTS - 1):
        if reading.reason != "changed_while_reading":
            break
        reading = _read_once(directory_fd, name, limit_bytes)
    return reading


def refusal(error: OSError, size_bytes: int = 0) -> Reading:
    """The refusal that an error on opening or reading stands for."""
    reason, detail = {
        errno.ELOOP: ("symlink", "it is a symbolic link: links are not followed"),
        errno.ENXIO: ("not_regular", "it is a socket or a device, not a file"),
        errno.ENOENT: ("vanished", "it was listed but was gone when it was to be read"),
    }.get(error.errno or 0, ("unreadable", f"it could not be read: {error.strerror or error}"))
    return Reading(size_bytes, disposition="refused", reason=reason, detail=detail)


def _read_once(directory_fd: int, name: bytes, limit_bytes: int) -> Reading:
    try:
        fd = os.open(name, _OPEN_FILE, dir_fd=directory_fd)
    except OSError as error:
        return refusal(error)
    size_bytes = 0
    try:
        before = os.fstat(fd)
        if not stat.S_ISREG(before.st_mode):
            return Reading(0, disposition="refused", reason="not_regular", detail=f"it is {kind_of(before.st_mode)}")
        size_bytes = before.st_size
        if size_bytes > limit_bytes:
            raw, byte_count, digest = None, *hash_through(fd)
        else:
            raw = _read_through(fd, size_bytes)
            byte_count, digest = len(raw), hashlib.sha256(raw).hexdigest()
        after = os.fstat(fd)
    except OSError as error:
        return refusal(error, size_bytes)
    finally:
        os.close(fd)
    if byte_count != size_bytes or version(before) != version(after):
        return changed(size_bytes, after)
    if raw is None:
        detail = f"it has {size_bytes} bytes, more than the limit of {limit_bytes}"
        return Reading(size_bytes, before.st_mtime_ns, digest, None, "quarantined", "too_large", detail)
    return Reading(size_bytes, before.st_mtime_ns, digest, raw)


def changed(size_bytes: int, after: os.stat_result) -> Reading:
    """What a file gives that had so many bytes at first and is another one in the end."""
    detail = f"it had {size_bytes} bytes at first and {after.st_size} in the end: run again when it is at rest"
    return Reading(
        after.st_size, after.st_mtime_ns, disposition="quarantined", reason="changed_while_reading", detail=detail
    )


def kind_of(mode: int) -> str:
    """What a file mode stands for, in words."""
    return {
        stat.S_IFLNK: "a symbolic link",
        stat.S_IFIFO: "a FIFO",
        stat.S_IFSOCK: "a socket",
        stat.S_IFCHR: "a character device",
        stat.S_IFBLK: "a block device",
        stat.S_IFDIR: "a directory",
    }.get(stat.S_IFMT(mode), "no regular file")


def version(status: os.stat_result) -> tuple[int, int, int, int]:
    """Equal ones stand for the same bytes, as far as the file system tells."""
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _read_through(fd: int, size_bytes: int) -> bytes:
    """All bytes up to one more than the size: a longer result tells that the file grew."""
    data = os.read(fd, size_bytes + 1)
    if len(data) >= size_bytes:
        return data
    parts = [data]
    missing = size_bytes + 1 - len(data)
    while missing > 0 and (data := os.read(fd, missing)):
        parts.append(data)
        missing -= len(data)
    return b"".join(parts)


def hash_through(fd: int) -> tuple[int, str]:
    """Number and sha256 of the bytes from where the descriptor stands, in fixed memory."""
    digest = hashlib.sha256()
    byte_count = 0
    while data := os.read(fd, _CHUNK_BYTES):
        digest.update(data)
        byte_count += len(data)
    return byte_count, digest.hexdigest()
