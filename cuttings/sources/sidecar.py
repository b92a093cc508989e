"""`captures.csv` in the root of a source: when each object was fetched, and from where. Metadata, not a page.

    name,captured_at,url
    politics/page-17.txt,2025-06-11T09:12:00Z,https://news.example/17

`name` is the path within the source, as `files.source_name` shows it; `url` may be left out.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Container
from dataclasses import dataclass, field
from typing import Final

from cuttings.errors import UsageError
from cuttings.sources.capture import Capture, read_written
from cuttings.sources.objects import Source
from cuttings.sources.reading import read_object
from cuttings.sources.roots import shown_path

SIDECAR_NAME: Final = b"captures.csv"
# A row has about a hundred bytes.
SIDECAR_BYTES: Final = 64 << 20
_NEEDED: Final = ("name", "captured_at")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row: the capture time, or None where the field is empty or unreadable, the address, and the line it is on."""

    capture: Capture | None
    url: str | None
    line: int


@dataclass(slots=True)
class Sidecar:
    """The rows by name, and one sentence for each row that could not be used."""

    shown_path: str
    is_there: bool = False
    rows: dict[str, Evidence] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def warn_of_strays(self, names: Container[str]) -> None:
        """Add a warning when rows name objects that are not among `names`."""
        strays = [(name, row.line) for name, row in self.rows.items() if name not in names]
        if strays:
            name, line = strays[0]
            self.warnings.append(
                f"{self.shown_path}, line {line}: there is no object {name!r} in the source "
                f"({len(strays)} such rows in all)"
            )


def open_sidecar(source: Source, root_fd: int, object_bytes: int) -> Sidecar:
    """The sidecar of a source; an empty one where there is none, or where it is a link or no file.

    It may have SIDECAR_BYTES where an object may have less. Raises UsageError where it cannot be read, and as
    `read_sidecar` does.
    """
    shown = f"{shown_path(source.directory)}/captures.csv"
    if source.file == SIDECAR_NAME:
        return Sidecar(shown)
    reading = read_object(root_fd, SIDECAR_NAME, max(object_bytes, SIDECAR_BYTES))
    if reading.reason in ("vanished", "symlink", "not_regular"):
        return Sidecar(shown)
    if reading.raw is None:
        raise UsageError(f"{shown}: {reading.detail}")
    return read_sidecar(reading.raw, shown)


def read_sidecar(raw: bytes, shown_path: str) -> Sidecar:
    """Parse a sidecar. A row that cannot be used is a warning with its line; what is no sidecar is a UsageError."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{shown_path}: byte {error.start} is not UTF-8: save it as UTF-8 and run again") from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    sidecar = Sidecar(shown_path, is_there=True)
    try:
        header = [column.strip().lower() for column in next(reader, [])]
        missing = [column for column in _NEEDED if column not in header]
        if missing:
            raise UsageError(
                f"{shown_path}, line 1: found the columns {', '.join(header) or 'none'}, expected "
                f"name,captured_at[,url]: add {' and '.join(missing)}"
            )
        for fields in reader:
            _take_row(sidecar, header, fields, f"{shown_path}, line {reader.line_num}", reader.line_num)
    except csv.Error as error:
        raise UsageError(f"{shown_path}, line {reader.line_num}: this is not CSV: {error}") from error
    return sidecar


def _take_row(sidecar: Sidecar, header: list[str], fields: list[str], where: str, line: int) -> None:
    if not any(fields):
        return
    row = dict(zip(header, fields, strict=False))
    name = row.get("name", "").removeprefix("./")
    written = row.get("captured_at", "").strip()
    if not name or len(fields) > len(header):
        sidecar.warnings.append(
            f"{where}: found {len(fields)} fields, expected name,captured_at[,url]: the row is not used"
        )
        return
    capture = read_written(written) if written else None
    if written and capture is None:
        sidecar.warnings.append(
            f"{where}: captured_at is {written[:40]!r}, expected ISO 8601 such as 2025-06-11T09:12:00Z: "
            "the time is not used"
        )
    if name in sidecar.rows:
        sidecar.warnings.append(f"{where}: {name!r} stands on line {sidecar.rows[name].line} already, which is used")
        return
    sidecar.rows[name] = Evidence(capture, row.get("url", "").strip() or None, line)
