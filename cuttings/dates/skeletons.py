"""Skeletons: texts with every digit replaced by 0, and the plans found for them. Equal skeletons have one structure."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from cuttings.dates.civil import Ints
from cuttings.dates.plans import Plan, plans

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


def clean(texts: pl.Series) -> pl.Series:
    """Texts with ASCII digits; marks of direction become spaces, so that characters keep their places."""
    text = pl.col("text").str
    rows = texts.to_frame("text").select((text.len_bytes() > text.len_chars()).arg_true()).to_series()
    if rows.is_empty():
        return texts
    cleaned = texts.gather(rows).str.replace_many(list(_CLEANED), list(_CLEANED.values()))
    return texts.clone().scatter(rows, cleaned)


def skeletons(cleaned: pl.Series) -> tuple[pl.Series, Ints, Ints]:
    """Texts with every digit replaced by 0; all digits of all texts; and the place of each text's first digit."""
    lines = [text.replace("\n", " ") if text else "" for text in cleaned.to_list()]
    joined = "\n".join(lines).encode()
    characters = np.frombuffer(joined, dtype=np.uint8)
    places = np.flatnonzero(characters - _ZERO <= _NINE - _ZERO)  # below the zero the difference wraps around
    digits = np.append(characters[places] - _ZERO, 0).astype(np.int64)
    before = np.searchsorted(places, np.flatnonzero(characters == _NEWLINE))
    skeleton = joined.translate(_TO_ZERO).decode().split("\n") if lines else []
    return pl.Series("skeleton", skeleton, dtype=pl.String), digits, np.concatenate([[0], before]).astype(np.int64)


_ZERO, _NINE, _NEWLINE = b"09\n"
_TO_ZERO: Final = bytes.maketrans(b"123456789", b"000000000")


def find_plans(skeleton: pl.Series, languages: pl.Series) -> tuple[Ints, list[tuple[Plan, ...]]]:
    """For each text the index of its skeleton's plans, -1 for none, and the list of those."""
    frame = pl.DataFrame({"skeleton": skeleton, "language": languages}).with_row_index("row")
    may_be = (pl.col("skeleton").str.len_chars() <= MOST_CHARS) & (pl.col("skeleton").str.strip_chars() != "")
    keys = frame.filter(may_be).group_by("skeleton", "language", maintain_order=True).agg(pl.col("row"))
    found: list[tuple[Plan, ...]] = []
    index = np.full(len(frame), NO_PLAN, dtype=np.int64)
    numbers: list[int] = []
    for text, language in zip(keys["skeleton"].to_list(), keys["language"].to_list(), strict=True):
        plan = plans(text, language)
        numbers.append(len(found) if plan else NO_PLAN)
        if plan:
            found.append(plan)
    rows = keys.with_columns(number=pl.Series(numbers, dtype=pl.Int64)).explode("row")
    index[rows["row"].to_numpy()] = rows["number"].to_numpy()
    return index, found
