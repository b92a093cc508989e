"""All members of a container, those of containers within it included."""

from __future__ import annotations

import io
import os
from dataclasses import replace
from typing import IO, Final

from cuttings.containers.kinds import HEAD_BYTES, Kind, has_layout, kind_of
from cuttings.containers.lines import read_lines
from cuttings.containers.member import (
    DAMAGED,
    SEPARATOR,
    Bounds,
    Member,
    Members,
    Problem,
    Readable,
    StreamError,
    read_body,
    too_large,
)
from cuttings.containers.streams import Budget, Buffered, Unpacked
from cuttings.containers.tar import read_tar
from cuttings.containers.warc import read_warc
from cuttings.containers.zip import read_zip

# Containers within containers: an archive of compressed files, but nothing deeper.
MAX_DEPTH: Final = 2


def unpack(fd: int, name: bytes, bounds: Bounds) -> Members:
    """Yield the members of an open file that `kind_of` takes for a container, in its order.

    A member with an empty name is the container itself: it, or the rest of it, could not be read, or it has no member.
    """
    budget = Budget(bounds.archive_bytes, bounds.archive_members)
    with open(fd, "rb", buffering=0, closefd=False) as file:
        file.seek(0)
        kind = kind_of(name, os.pread(fd, HEAD_BYTES, 0))
        assert kind is not None, "only containers are unpacked"
        yield from _members(file, kind, bounds, budget, depth=1)


def _members(file: IO[bytes], kind: Kind, bounds: Bounds, budget: Budget, *, depth: int) -> Members:
    is_empty = True
    try:
        for member in _read(file, kind, bounds, budget):
            if member is None:
                yield None
                continue
            is_empty = False
            budget.count_member()
            yield from _descend(member, bounds, budget, depth)
    except StreamError as error:
        yield Member(b"", None, 0, error.problem)
    else:
        if is_empty:
            yield Member(b"", None, 0, Problem("empty", "there is no member in it"))


def _descend(member: Member, bounds: Bounds, budget: Budget, depth: int) -> Members:
    """The member, or what is in it where it is a container."""
    raw = member.raw
    kind = kind_of(member.name, raw[:HEAD_BYTES]) if member.problem is None and raw is not None else None
    if kind is None or raw is None:
        if member.problem is None and raw is not None and len(raw) > bounds.object_bytes:
            # It was let in as an archive, and is none.
            member = replace(member, raw=None, problem=too_large(len(raw), bounds.object_bytes))
        yield member
        return
    if depth == MAX_DEPTH:
        detail = f"it is a container within {MAX_DEPTH} others: unpack it first"
        yield replace(member, problem=Problem("too_nested", detail))
        return
    for deeper in _members(io.BytesIO(raw), kind, bounds, budget, depth=depth + 1):
        if deeper is None:
            yield None
        elif not deeper.name:
            yield replace(member, problem=deeper.problem)
        else:
            yield replace(deeper, name=member.name + SEPARATOR + deeper.name)


def _read(file: IO[bytes], kind: Kind, bounds: Bounds, budget: Budget) -> Members:
    """The members of one container, not looked into."""
    if kind.layout == "zip" and kind.compression is None:
        yield from read_zip(file, bounds, budget)
        return
    readable: Readable = file
    if kind.compression is not None:
        readable = unpacked = Buffered(Unpacked(file, kind.compression, budget))
        if kind.layout in ("tar", "warc") and not has_layout(kind.layout, unpacked.peek(HEAD_BYTES)):
            raise StreamError(DAMAGED, f"it is named as a {kind.layout} file, and what is in it is none")
    if kind.layout == "tar":
        yield from read_tar(readable, bounds)
    elif kind.layout == "warc":
        yield from read_warc(readable, bounds)
    elif kind.layout == "jsonl":
        yield from read_lines(readable, bounds)
    else:
        yield from _one_text(readable, kind, bounds)


def _one_text(stream: Readable, kind: Kind, bounds: Bounds) -> Members:
    """What a compressed file holds: one member, with the file's name but for its ending."""
    name = kind.stem.rpartition(b"/")[2] or b"content"
    limit = bounds.limit_of(name)
    body = yield from read_body(_Capped(stream, limit), None, limit)
    if body.problem is not None and not body.raw:
        raise StreamError(body.problem.reason, body.problem.detail)
    problem = body.problem
    is_loaded_with_rest = problem is not None and problem.reason == "trailing_garbage"
    yield Member(name, body.raw, body.size_bytes, None if is_loaded_with_rest else problem)
    if problem is not None and is_loaded_with_rest:
        raise StreamError(problem.reason, problem.detail)


class _Capped:
    """A stream that ends in an error as soon as it is larger than an object may be: no more is unpacked for nothing."""

    def __init__(self, stream: Readable, limit_bytes: int) -> None:
        self._stream, self._limit_bytes, self._count = stream, limit_bytes, 0

    def read(self, count: int, /) -> bytes:
        data = self._stream.read(count)
        self._count += len(data)
        if self._count > self._limit_bytes:
            problem = too_large(self._count, self._limit_bytes)
            raise StreamError(problem.reason, f"it unpacks to more than the limit of {self._limit_bytes} bytes")
        return data
