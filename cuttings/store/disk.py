"""Writes that survive a crash, and disk errors in words a person can act on."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cuttings.errors import StorageError

# Errors of the disk, not of the program, and what to do about each.
_ADVICE: Final = {
    errno.ENOSPC: "free some space and run again",
    errno.EDQUOT: "free some space within the quota and run again",
    errno.EFBIG: "the file system takes no file of that size",
    errno.EIO: "check the disk, then run `cuttings verify` and run again",
    errno.EACCES: "give this user write permission, or name another --warehouse",
    errno.EPERM: "give this user write permission, or name another --warehouse",
    errno.EROFS: "it is mounted read-only: name another --warehouse",
    errno.ENOTDIR: "a file stands where a folder is expected: name another --warehouse",
    errno.EISDIR: "a folder stands where a file is expected: name another --warehouse",
}
# In hand at once while a file is copied.
_COPIED_BYTES: Final = 1 << 20


@contextmanager
def storage_errors(place: Path, outcome: str) -> Iterator[None]:
    """Turn an error of the disk into a StorageError that names the place and the `outcome` for what is published."""
    try:
        yield
    except OSError as error:
        advice = _ADVICE.get(error.errno or 0)
        if advice is None:
            raise
        raise StorageError(f"{error.filename or place}: {error.strerror}; {outcome}; {advice}") from error


def sync(path: Path) -> None:
    """Force a file or directory to the disk."""
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def make_directory(path: Path) -> None:
    """Create a directory and its parents where they are missing, durably."""
    if path.is_dir():
        return
    make_directory(path.parent)
    try:
        os.mkdir(path)
    except FileExistsError:
        if path.is_dir():  # another process was faster
            return
        raise
    sync(path.parent)


def write_durably(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Put a file in its place in one step, so that any reader finds all of it or none of it, also after a power loss.

    The file stands beside its place under a dotted name until it is whole.
    """
    aside = path.with_name(f".{path.name}.tmp")
    write_synced(aside, content, mode)
    os.replace(aside, path)
    sync(path.parent)


def write_synced(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write a file and force its bytes to the disk; its name is durable only when its directory is synced."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, mode)
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(fd, view) :]
        os.fsync(fd)
    finally:
        os.close(fd)


def sha256_of(path: Path) -> str:
    """sha256 of a file's bytes, in fixed memory."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def copy_hashed(source: Path, target: Path) -> str:
    """Copy a file's bytes in fixed memory; the sha256 of those that were copied."""
    digest = hashlib.sha256()
    with source.open("rb") as read, target.open("wb") as written:
        while chunk := read.read(_COPIED_BYTES):
            digest.update(chunk)
            written.write(chunk)
    return digest.hexdigest()
