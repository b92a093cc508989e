"""How values of the tables read on a page: the filters and words that the templates of the inspector use."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from jinja2 import Environment

from cuttings.rules import RULES
from cuttings.web.inspector.drawing import interval_text
from cuttings.web.inspector.labels import named
from cuttings.web.inspector.marks import clip, marked, marked_white_space, plain
from cuttings.web.inspector.notes import DateMention

_UNITS: Final = ((86_400 * 365.25, "year"), (86_400 * 30.4375, "month"), (86_400 * 7, "week"), (86_400, "day"),
                 (3_600, "hour"), (60, "minute"))  # fmt: skip
_TITLE_CHARS: Final = 160
# How each kind of capture time is told.
CAPTURE_WORDS: Final = {
    "sidecar": "from the sidecar",
    "record": "from the record",
    "option": "given as an option",
    "name": "from the file name",
    "mtime": "from the file's modification time: weak",
    "inferred": "inferred from other pages: weak",
    "none": "not known",
}


def register(environment: Environment) -> None:
    """Give the templates their filters."""
    environment.filters.update(
        marked=lambda text: "" if text is None else marked(clip(text, _TITLE_CHARS)),
        plain=lambda text: plain(clip(text or "", _TITLE_CHARS)),
        blank_marks=marked_white_space,
        named=named,
        instant=instant,
        interval=lambda ends: interval_text(*ends),
        number=lambda value: f"{value:,}",
        size=size,
        percent=lambda share: f"{100 * share:.3f}%",
        evidence=evidence,
        capture_words=CAPTURE_WORDS.__getitem__,
        rule_words=lambda rule: RULES.get(rule, named(rule)),
    )


def instant(at: datetime | None) -> str:
    """A point in time in UTC, to the minute unless seconds are told."""
    if at is None:
        return "—"
    return f"{at:%Y-%m-%d %H:%M:%S}" if at.second else f"{at:%Y-%m-%d %H:%M}"


def size(size_bytes: int) -> str:
    """Bytes for a person.

    >>> size(8590), size(999)
    ('8.6 kB', '999 B')
    """
    if size_bytes < 1000:
        return f"{size_bytes} B"
    return f"{size_bytes / 1000:.1f} kB" if size_bytes < 1_000_000 else f"{size_bytes / 1_000_000:.1f} MB"


def evidence(date: DateMention) -> list[str]:
    """What a date rests on, in words: what was written and what was assumed."""
    told = [f"form {named(date.form)}", f"rule {named(date.rule)}"]
    if date.offset_seconds is not None:
        told.append(f"{_age(date.offset_seconds)} before the capture")
    if date.anchor == "capture":
        told.append("placed by the capture time")
    elif date.anchor == "none":
        told.append("nothing places it")
    if date.zone_written:
        told.append(f"zone {plain(date.zone_written)}, written")
    elif date.zone_from == "publisher":
        told.append("zone assumed: the publisher's")
    elif date.zone_from == "option":
        told.append("zone assumed: given as an option")
    elif date.anchor == "written":
        told.append("zone assumed: UTC, the interval holds in any")
    return told


def _age(seconds: int) -> str:
    for unit_seconds, unit in _UNITS:
        if seconds >= unit_seconds:
            count = round(seconds / unit_seconds)
            return f"{count} {unit}{'s' if count != 1 else ''}"
    return f"{seconds} seconds"
