"""What a run is asked to do, as one frozen value that every step receives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any, Final

DEFAULT_WAREHOUSE: Final = Path("warehouse")
# Generations kept beside those that a reader holds: the published one and two to go back to, because a bad publish is
# often noticed only after the next one.
KEPT_GENERATIONS: Final = 3
# Where `cuttings dashboard` listens unless told otherwise: the quality report links its rows there.
DASHBOARD_HOST: Final = "127.0.0.1"
DASHBOARD_PORT: Final = 8765
DASHBOARD_URL: Final = f"http://{DASHBOARD_HOST}:{DASHBOARD_PORT}"
# Fields of a JSON Lines record that hold a page's text: the first that is there and not empty.
TEXT_FIELDS: Final = ("text", "raw_text", "content", "body")

# A page is rarely a hundredth of it, and a worker that cuts one so large keeps within 256 MiB of memory.
OBJECT_BYTES: Final = 8 * 1024 * 1024
# What one archive may unpack to, and how many members it, or records a file, may have: a bomb ends there, and a larger
# dump says so.
ARCHIVE_BYTES: Final = 4 * 1024 * 1024 * 1024
ARCHIVE_MEMBERS: Final = 100_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on untrusted input, in bytes. An object beyond `object_bytes` is quarantined as `too_large`."""

    object_bytes: int = OBJECT_BYTES
    archive_bytes: int = ARCHIVE_BYTES  # all that one archive unpacks to; what is beyond is not read
    archive_members: int = ARCHIVE_MEMBERS  # members of one archive, records of one file
    batch_bytes: int = 16 * 1024 * 1024  # pages are cut in batches of about this size; memory follows it


@dataclass(frozen=True, slots=True)
class Config:
    """One run.

    `captured_at` is the capture time of every page that has no stronger evidence (aware, any zone).
    `trusts_mtime` lets a file's modification time stand in, the weakest evidence. `is_strict` refuses the publish where
    a page that fails a check would be set aside. `text_fields` are those of a record that may hold a page's text.
    `kept_generations` are left after a publish, the new one included, beside those that a reader holds. The quality
    report links to the inspector at `dashboard_url`.
    """

    sources: tuple[Path, ...]
    warehouse: Path = DEFAULT_WAREHOUSE
    captured_at: datetime | None = None
    trusts_mtime: bool = True
    limits: Limits = field(default_factory=Limits)
    is_strict: bool = False
    text_fields: tuple[str, ...] = TEXT_FIELDS
    kept_generations: int = KEPT_GENERATIONS
    dashboard_url: str = DASHBOARD_URL

    def recorded(self) -> dict[str, Any]:
        """The settings as JSON values, for the manifest of what they made: all but where the warehouse is."""
        moment = self.captured_at
        return {
            "sources": [str(path.resolve()) for path in self.sources],
            "captured_at": moment and moment.isoformat(),
            "trusts_mtime": self.trusts_mtime,
            "limits": asdict(self.limits),
            "is_strict": self.is_strict,
            "text_fields": list(self.text_fields),
            "kept_generations": self.kept_generations,
            "dashboard_url": self.dashboard_url,
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any], warehouse: Path) -> Config:
        """The inverse of `recorded`; a limit that this version no longer knows is left out."""
        moment = record["captured_at"]
        known = {limit.name for limit in fields(Limits)}
        return cls(
            sources=tuple(Path(source) for source in record["sources"]),
            warehouse=warehouse,
            captured_at=moment and datetime.fromisoformat(moment),
            trusts_mtime=record["trusts_mtime"],
            limits=Limits(**{name: value for name, value in record["limits"].items() if name in known}),
            is_strict=record.get("is_strict", False),
            text_fields=tuple(record.get("text_fields", TEXT_FIELDS)),
            kept_generations=record.get("kept_generations", KEPT_GENERATIONS),
            dashboard_url=record.get("dashboard_url", DASHBOARD_URL),
        )
