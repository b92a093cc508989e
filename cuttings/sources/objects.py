"""One object of a source and what became of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Final

from cuttings.sources.capture import Capture
from cuttings.sources.names import display_name
from cuttings.sources.reading import Reading
from cuttings.sources.sniff import sniff

# Modification times in microseconds since 1970; outside the years 1 to 9999 they fit no calendar and are left out.
_MODIFIED_US: Final = range(-62_135_596_800_000_000, 253_402_300_800_000_000)
DAY_US: Final = 24 * 60 * 60 * 1_000_000
_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
_CAPTURE_FIELDS: Final = tuple(field.name for field in fields(Capture))


@dataclass(frozen=True, slots=True)
class Source:
    """One source: the directory it starts at, the one file in it if it is a file, and its label."""

    directory: Path
    file: bytes | None
    label: str


@dataclass(slots=True)
class FoundObject:
    """One object; `is_kept` says that its bytes go to the quarantine of the store. Only the scan changes it.

    A member of a container has the container's name within the source and its own place among the members. `number` is
    that of the object in its scan.
    """

    source: Source
    name: bytes
    size_bytes: int
    modified_us: int | None
    content_sha256: str | None
    disposition: str
    reason: str | None
    detail: str
    is_kept: bool = False
    capture: Capture | None = None
    url: str | None = None
    container: bytes | None = None
    ordinal: int = -1
    number: int = -1

    @property
    def has_page(self) -> bool:
        """Its bytes are a page."""
        return self.disposition in ("loaded", "duplicate")

    @property
    def day(self) -> int | None:
        """The day of its capture in days since 1970, or else of its modification: where its page stands in the tables,
        as far as it shows before pages are cut.
        """
        if self.capture is not None:
            return self.capture.at.toordinal() - _EPOCH_DAY
        return None if self.modified_us is None else self.modified_us // DAY_US

    def set_duplicate(self) -> None:
        """Another object of its content, before it, is the one that is loaded."""
        self.disposition, self.reason = "duplicate", "same_bytes"

    def set_changed(self) -> None:
        """Set it aside: the bytes of the first reading are gone."""
        self.disposition, self.reason = "quarantined", "changed_while_reading"
        self.detail = "its bytes changed between the first and the second reading: run again when it is at rest"
        self.content_sha256, self.is_kept = None, False


def judge(source: Source, name: bytes, reading: Reading) -> FoundObject:
    """The disposition of an object by itself; whether it is a duplicate shows when all are known.

    The bytes of what is quarantined are kept, but for what has none or more than the limit.
    """
    disposition, reason, detail = reading.disposition or "loaded", reading.reason, reading.detail or ""
    if reading.raw == b"" and reading.disposition is None:
        disposition, reason, detail = "quarantined", "empty", "it has no bytes"
    elif reading.raw and reading.disposition is None and (not_text := sniff(reading.raw)):
        disposition, reason, detail = "quarantined", not_text.reason, not_text.detail
    modified_us = None
    if reading.modified_ns is not None and reading.modified_ns // 1000 in _MODIFIED_US:
        modified_us = reading.modified_ns // 1000
    return FoundObject(
        source,
        name,
        reading.size_bytes,
        modified_us,
        reading.content_sha256,
        disposition,
        reason,
        detail,
        is_kept=disposition == "quarantined" and bool(reading.raw),
    )


def tell_apart(objects: Iterable[FoundObject]) -> Iterator[FoundObject]:
    """Give each object of a source a name of its own: an archive may repeat one, or have that of a file.

    The objects come in order; the second of a name becomes `name#2`, and so on. Gives those that were renamed.
    """
    taken: set[tuple[str, bytes]] = set()
    counts: dict[tuple[str, bytes], int] = {}
    for found in objects:
        key = wanted = (found.source.label, found.name)
        while key in taken:
            counts[wanted] = counts.get(wanted, 1) + 1
            key = (wanted[0], b"%s#%d" % (wanted[1], counts[wanted]))
        taken.add(key)
        if key is not wanted:
            found.name = key[1]
            yield found


def digest_of(objects: Iterable[FoundObject]) -> str:
    """sha256 of objects and of all that is known of each, in their order."""
    digest = hashlib.sha256()
    encode = json.JSONEncoder(default=str).encode  # one for all: `dumps` would make one an object
    for found in objects:
        known = (
            found.source.label, display_name(found.name), found.size_bytes, found.modified_us, found.content_sha256,
            found.disposition, found.reason, found.detail, found.url, found.capture and _told(found.capture),
        )  # fmt: skip
        digest.update(encode(known).encode("ascii") + b"\n")
    return digest.hexdigest()


def _told(capture: Capture) -> dict[str, str]:
    """The fields by name. Not `asdict`, whose copies of three instants take longer than reading the file does."""
    return {name: str(getattr(capture, name)) for name in _CAPTURE_FIELDS}
