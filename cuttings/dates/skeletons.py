"""Skeletons: texts with every digit replaced by 0, and the plans found for them. Equal skeletons have one structure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from cuttings.dates.binding import Plan
from cuttings.dates.calendars import without_other_calendars
from cuttings.dates.civil import Ints
from cuttings.dates.plans import plans

MOST_CHARS: Final = 200  # a longer text is prose, not a date line
NO_PLAN: Final = -1
_FOREIGN_DIGITS: Final = {
    chr(zero + value): str(value)
    for zero in (0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50,
                 0xED0, 0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1B50, 0xA9D0, 0xFF10)
    for value in range(10)
}  # fmt: skip
# Marks of writing direction and soft hyphens stand inside dates but say nothing.
_INVISIBLE: Final = "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u00ad"
_CLEANED: Final = _FOREIGN_DIGITS | dict.fromkeys(_INVISIBLE, " ")
_MUSLIM: Final = " 14"  # how a year of the fifteenth Muslim century begins
_UNCLEAN: Final = re.compile(f"[{''.join(_CLEANED)}]")


def clean(texts: Iterable[str | None]) -> list[str]:
    """Texts with ASCII digits; marks of direction, and days of other calendars beside Gregorian ones, become spaces, so
    that characters keep their places.
    """
    return [(text if text.isascii() and _MUSLIM not in text else _cleaned(text)) if text else "" for text in texts]


def _cleaned(text: str) -> str:
    plain = _UNCLEAN.sub(lambda match: _CLEANED[match[0]], text)
    return without_other_calendars(plain) if len(plain) <= MOST_CHARS else plain


def skeletons(cleaned: Sequence[str]) -> tuple[list[str], Ints, Ints]:
    """Texts with every digit replaced by 0; all digits of all texts; and the place of each text's first digit."""
    lines = [text.replace("\n", " ") for text in cleaned]
    joined = "\n".join(lines).encode()
    characters = np.frombuffer(joined, dtype=np.uint8)
    places = np.flatnonzero(characters - _ZERO <= _NINE - _ZERO)  # below the zero the difference wraps around
    digits = np.append(characters[places] - _ZERO, 0).astype(np.int64)
    before = np.searchsorted(places, np.flatnonzero(characters == _NEWLINE))
    skeleton = joined.translate(_TO_ZERO).decode().split("\n") if lines else []
    return skeleton, digits, np.concatenate([[0], before]).astype(np.int64)


_ZERO, _NINE, _NEWLINE = b"09\n"
_TO_ZERO: Final = bytes.maketrans(b"123456789", b"000000000")


def find_plans(skeleton: Sequence[str], languages: Sequence[str | None]) -> tuple[Ints, list[tuple[Plan, ...]]]:
    """For each text the index of its skeleton's plans, -1 for none, and the list of those."""
    found: list[tuple[Plan, ...]] = []
    known: dict[tuple[str, str | None], int] = {}
    for key in dict.fromkeys(zip(skeleton, languages, strict=True)):
        plan = plans(*key) if len(key[0]) <= MOST_CHARS and key[0].strip() else ()
        known[key] = len(found) if plan else NO_PLAN
        if plan:
            found.append(plan)
    return np.array([known[key] for key in zip(skeleton, languages, strict=True)], np.int64), found
