"""One object out of a container, and the error that ends a container before its end."""

from __future__ import annotations

import io
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from cuttings.containers.kinds import kind_by_name

# Between the name of a container and that of its member.
SEPARATOR: Final = b"!"

CHUNK_BYTES: Final = 1 << 20
# A reader that passes over so many bytes without a member says that it is still at work.
SIGN_OF_LIFE_BYTES: Final = 64 << 20

# An archive within an archive may be larger than a page; it is in memory while its members are read.
NESTED_BYTES: Final = 64 << 20

TRUNCATED: Final = "truncated_stream"
DAMAGED: Final = "damaged"
# What was read before one of these is worth keeping.
KEEPS_PREFIX: Final = (TRUNCATED, DAMAGED, "trailing_garbage")


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a container may give: bytes of one member, bytes and members of all of it; the fields that hold text."""

    object_bytes: int
    archive_bytes: int
    archive_members: int
    text_fields: tuple[str, ...]

    def limit_of(self, name: bytes) -> int:
        """The most bytes of a member of that name: those of an object, or more where it is a container in turn."""
        return self.object_bytes if kind_by_name(name) is None else max(self.object_bytes, NESTED_BYTES)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an object is not loaded: a reason code and a sentence for a person. Refused means that it was not read."""

    reason: str
    detail: str
    is_refused: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """One object out of a container; `name` is its name there as bytes, empty for the container itself.

    `raw` is None where the bytes were not read or not kept; `size_bytes` counts what was read all the same.
    `captured` and `url` are as a record says them; `modified_seconds` is since 1970, as an archive says it.
    """

    name: bytes
    raw: bytes | None
    size_bytes: int
    problem: Problem | None = None
    captured: str | None = None
    url: str | None = None
    modified_seconds: int | None = None


# What a reader yields.
Members = Iterator[Member | None]


class StreamError(Exception):
    """The bytes of a container end, break or grow beyond a limit here; `problem` tells why."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(reason, detail)
        self.problem = Problem(reason, detail)


class Readable(Protocol):
    """Bytes from front to back. `read` gives at least one byte and at most `count`, and b"" at the end."""

    def read(self, count: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Body:
    """What was read of one member; `raw` is None when it was more than the limit. `problem` ends the container, too."""

    raw: bytes | None
    size_bytes: int
    problem: Problem | None = None


def read_body(stream: Readable, size_bytes: int | None, limit_bytes: int) -> Generator[None, None, Body]:
    """Read so many bytes, or all where `size_bytes` is None; keep them if they are no more than the limit.

    What precedes a break or a damage is kept and comes with its problem; other errors of the stream are raised.
    """
    kept: io.BytesIO | None = io.BytesIO()
    count = 0
    next_sign = SIGN_OF_LIFE_BYTES
    problem = None
    try:
        while size_bytes is None or count < size_bytes:
            piece = stream.read(CHUNK_BYTES if size_bytes is None else min(CHUNK_BYTES, size_bytes - count))
            if not piece:
                if size_bytes is not None:
                    problem = Problem(TRUNCATED, f"it breaks off after {count} of {size_bytes} bytes")
                break
            count += len(piece)
            if count > limit_bytes:
                kept = None
            if kept is not None:
                kept.write(piece)
            if count >= next_sign:
                next_sign += SIGN_OF_LIFE_BYTES
                yield None
    except StreamError as error:
        if error.problem.reason not in KEEPS_PREFIX:
            raise
        problem = error.problem
    return Body(None if kept is None else kept.getvalue(), count, problem)


def too_large(size_bytes: int, limit_bytes: int) -> Problem:
    """The problem of an object beyond the limit."""
    return Problem("too_large", f"it has {size_bytes} bytes, more than the limit of {limit_bytes}")
