"""A model of a disk that loses power: of every file and folder it knows what was forced to the disk, and when.

Two states are possible after a cut at any moment, and everything between them: `lost`, nothing that was not forced is
there; `named`, the names of files are all there, but content that was not forced is not. A rename is as durable as the
folder it happened in.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

Snapshot = dict[str, bytes | None]  # path: content of a file, None for a folder


class Disk:
    """Watches the calls that make things durable below `root`. After each, `check` gets the two possible states."""

    def __init__(self, root: Path, check: Callable[[str, Snapshot], None], *, forgets_sync: bool = False) -> None:
        self.root = root
        self.event_count = 0
        self._check = check
        self._forgets_sync = forgets_sync
        self._content: dict[int, bytes] = {}
        self._entries: dict[int, dict[str, int]] = {}
        self._kinds: dict[int, str] = {}  # inode: "folder", "file" or "link", which is left out: a convenience
        self._held: list[int] = []  # descriptors that keep an inode from being given to another file

    @contextmanager
    def watched(self) -> Iterator[None]:
        honest = {name: getattr(os, name) for name in ("fsync", "replace", "rename")}

        def fsync(fd: int) -> None:
            honest["fsync"](fd)
            if not self._forgets_sync:
                self._force(fd)
            self._cut()

        def moved(name: str) -> Callable[..., None]:
            def move(*arguments: Any, **options: Any) -> None:
                honest[name](*arguments, **options)
                self._cut()

            return move

        with (
            mock.patch("os.fsync", fsync),
            mock.patch("os.replace", moved("replace")),
            mock.patch("os.rename", moved("rename")),
        ):
            yield
        for fd in self._held:
            os.close(fd)
        self._held.clear()

    def _force(self, fd: int) -> None:
        status = os.fstat(fd)
        self._held.append(os.dup(fd))
        if stat.S_ISDIR(status.st_mode):
            with os.scandir(fd) as entries:
                self._entries[status.st_ino] = {entry.name: self._learn(entry) for entry in entries}
        else:
            self._content[status.st_ino] = Path(f"/proc/self/fd/{fd}").read_bytes()

    def _learn(self, entry: os.DirEntry[str]) -> int:
        status = entry.stat(follow_symlinks=False)
        is_folder = entry.is_dir(follow_symlinks=False)
        self._kinds[status.st_ino] = "link" if entry.is_symlink() else "folder" if is_folder else "file"
        return status.st_ino

    def _cut(self) -> None:
        self.event_count += 1
        self._check("lost", dict(self._lost(self.root.stat().st_ino, "")))
        self._check("named", dict(self._named()))

    def _lost(self, inode: int, path: str) -> Iterator[tuple[str, bytes | None]]:
        for name, child in self._entries.get(inode, {}).items():
            place = f"{path}{name}"
            kind = self._kinds[child]
            if kind == "folder":
                yield place, None
                yield from self._lost(child, f"{place}/")
            elif kind == "file":
                yield place, self._content.get(child, b"")

    def _named(self) -> Iterator[tuple[str, bytes | None]]:
        for path in sorted(self.root.rglob("*")):
            status = path.lstat()
            place = path.relative_to(self.root).as_posix()
            if stat.S_ISDIR(status.st_mode):
                yield place, None
            elif stat.S_ISREG(status.st_mode):
                yield place, self._content.get(status.st_ino, b"")


def restore(state: Snapshot, root: Path) -> None:
    """Write a state to a folder, as a machine that starts again finds it."""
    root.mkdir()
    for place, content in sorted(state.items()):
        path = root / place
        if content is None:
            path.mkdir(parents=True, exist_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
