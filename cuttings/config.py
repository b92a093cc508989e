"""What a run is asked to do, as one frozen value that every step receives."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

DEFAULT_WAREHOUSE: Final = Path("warehouse")


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on untrusted input, in bytes. An object beyond `object_bytes` is quarantined as `too_large`."""

    object_bytes: int = 64 * 1024 * 1024
    batch_bytes: int = 16 * 1024 * 1024  # pages are cut in batches of about this size; memory follows it


@dataclass(frozen=True, slots=True)
class Config:
    """One run.

    `captured_at` is the capture time of every page that has no stronger evidence (aware, any zone).
    `trusts_mtime` lets a file's modification time stand in, the weakest evidence.
    """

    sources: tuple[Path, ...]
    warehouse: Path = DEFAULT_WAREHOUSE
    captured_at: datetime | None = None
    trusts_mtime: bool = True
    limits: Limits = field(default_factory=Limits)
