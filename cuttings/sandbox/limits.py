"""What a worker may use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_MIB: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one worker; processor and wall time are those of one answer, a call's or an item's.

    `resident_bytes` is what it may hold in memory, watched from outside every few milliseconds. `data_bytes` is what it
    may allocate, touched or not (RLIMIT_DATA): a library that reserves address space, as Polars does, needs several
    times what it touches; None sets no bound. A worker that holds more than `reusable_bytes` when a call begins is
    replaced before it, so that what one call left behind is not held against the next.
    """

    resident_bytes: int = 256 * _MIB
    reusable_bytes: int = 128 * _MIB
    data_bytes: int | None = 4096 * _MIB
    cpu_seconds: int = 20
    wall_seconds: float = 120.0
    file_bytes: int = 1024 * _MIB  # the largest file it may write; 0 forbids writing
    open_files: int = 128
    answer_bytes: int = 1024 * _MIB  # the largest answer
