"""Every entry below a source, directory by directory, without following links and without losing one."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from cuttings.sources.reading import kind_of, open_directory, refusal

# Directories nested deeper are refused: no dump has them, and opening one costs as many steps as it is deep.
MAX_DEPTH: Final = 128


@dataclass(frozen=True, slots=True)
class Refusal:
    """An entry that will not be read: its name within the source, a reason code, and a sentence for a person."""

    name: bytes
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Directory:
    """One directory of a source. `fd` is open until the walk is asked for the next directory.

    `files` are names within the directory, sorted; `refusals` carry names within the source.
    """

    path: bytes
    fd: int
    files: list[bytes] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    def name_of(self, file: bytes) -> bytes:
        """The name within the source of a file of this directory."""
        return self.path + b"/" + file if self.path else file


def walk(root_fd: int, left_out: tuple[int, int] | None = None) -> Iterator[Directory]:
    """Yield every directory below a root, the root included, in no promised order.

    `left_out` is the (device, inode) of one directory not to enter: the warehouse, when it lies inside the source.
    A directory that cannot be listed is a refusal named with a closing slash, never skipped in silence.
    """
    pending: list[bytes] = [b""]
    while pending:
        path = pending.pop()
        try:
            fd = open_directory(root_fd, path)
        except OSError as error:
            yield Directory(path, -1, refusals=[_refused_directory(path, error)])
            continue
        try:
            status = os.fstat(fd)
            if (status.st_dev, status.st_ino) == left_out:
                continue
            directory = Directory(path, fd)
            try:
                pending.extend(_list_into(directory))
            except OSError as error:
                directory.refusals.append(_refused_directory(path, error))
            yield directory
        finally:
            os.close(fd)


def _list_into(directory: Directory) -> list[bytes]:
    """Sort the entries of a directory into its files and refusals; return the paths of its subdirectories."""
    below: list[bytes] = []
    with os.scandir(directory.fd) as entries:
        listed = sorted((os.fsencode(entry.name), entry) for entry in entries)
    for name, entry in listed:
        full_name = directory.name_of(name)
        try:
            if entry.is_file(follow_symlinks=False):
                directory.files.append(name)
            elif entry.is_dir(follow_symlinks=False):
                if full_name.count(b"/") >= MAX_DEPTH:
                    detail = f"it is nested more than {MAX_DEPTH} directories deep"
                    directory.refusals.append(Refusal(full_name + b"/", "too_deep", detail))
                else:
                    below.append(full_name)
            else:
                mode = os.stat(name, dir_fd=directory.fd, follow_symlinks=False).st_mode
                reason = "symlink" if stat.S_ISLNK(mode) else "not_regular"
                directory.refusals.append(Refusal(full_name, reason, f"it is {kind_of(mode)}: only files are read"))
        except OSError as error:
            refused = refusal(error)
            directory.refusals.append(Refusal(full_name, refused.reason or "", refused.detail or ""))
    return below


def _refused_directory(path: bytes, error: OSError) -> Refusal:
    if error.errno in (errno.ELOOP, errno.ENOTDIR):
        return Refusal(path, "symlink", "it was a directory when it was listed and is none any more")
    return Refusal(path + b"/", "unreadable", f"the directory could not be listed: {error.strerror or error}")
