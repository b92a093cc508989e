"""Texts of any shape, by lot: a few kinds of lines that come again and again, in order or not, on lines or on one.

Real pages are never like this. But a rule that looks at the rest of the page from each line of it takes no more time
than any other on a real page, and all the time there is on some shape that nobody thought of.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

_WORDS: Final = (
    "council", "bridge", "winter", "harbour", "ferry", "minister", "budget", "game", "season", "village", "old", "new",
    "police", "court", "fire", "storm", "price", "report", "market", "school", "the", "of", "and", "a", "in", "on",
    "with", "said",
)  # fmt: skip
_CJK: Final = "市議会は火曜日に古い橋を冬の間閉鎖すると発表した木材が腐っているためである港の船は来週から再び運航する"
_ARABIC: Final = (
    "قال", "المجلس", "يوم", "الثلاثاء", "إن", "الجسر", "القديم", "سيغلق", "طوال", "الشتاء", "لأن", "الخشب", "متعفن",
)  # fmt: skip
_NAMES: Final = ("Ada Fenwick", "Tomas Okoro", "Lin Castell", "Mara Voss")
_SOURCES: Final = ("Gazette", "The Daily Bell", "Nordpost", "Harbour Times", "El Faro")
_MONTHS: Final = ("January", "March", "May", "June", "August", "October")
_HEADINGS: Final = (
    "Related Articles", "Read more", "Comments", "Also read:", "Recommended", "Lesen Sie auch", "Most read",
    "Advertisement", "Share this", "Sign up to our newsletter", "LIVE", "Tags", "Terms Privacy Cookies",
)  # fmt: skip
_PUNCTUATION: Final = ("...", "—", "***", "|", "»", "“", "(", ")", "[", "}", "@", "#")


def _sentence(draw: Random) -> str:
    words = " ".join(draw.choices(_WORDS, k=draw.randint(5, 40)))
    return words.capitalize() + draw.choice(".....?!…")


def _title(draw: Random) -> str:
    return " ".join(draw.choices(_WORDS, k=draw.randint(3, 11))).capitalize()


def _date(draw: Random, number: int) -> str:
    day, month, year = draw.randint(1, 28), draw.choice(_MONTHS), draw.randint(2015, 2026)
    hour, minute = draw.randint(0, 23), draw.randint(0, 59)
    return draw.choice((
        f"{day} {month}, {year} {hour}:{minute:02}", f"{month} {day}, {year}", f"{day:02}.03.{year}",
        f"{year}-06-{day:02}T{hour:02}:{minute:02}Z", f"{day}/6/{year}", f"{hour:02}:{minute:02}",
        f"{1 + number % 55} minutes ago", f"{1 + number % 20} hours ago", "yesterday", "vor 3 Stunden",
        f"{year}年6月{day}日", f"{day}. März {year}, {hour}:{minute:02} Uhr", f"Updated {month[:3]} {day} {year}",
        f"{day} сентября {year}", f"{1 + hour % 12}:{minute:02} PM ET",
    ))  # fmt: skip


def _source_and_date(draw: Random, number: int) -> str:
    return draw.choice(_SOURCES) + draw.choice((" - ", " · ", " | ", " ", "", ", ")) + _date(draw, number)


# A line of each kind, of which the number says how many stand before it.
KINDS: Final[dict[str, Callable[[Random, int], str]]] = {
    "sentence": lambda draw, number: _sentence(draw),
    "numbered": lambda draw, number: f"{_sentence(draw)} {number}",
    "paragraph": lambda draw, number: " ".join(_sentence(draw) for _ in range(draw.randint(2, 6))),
    "title": lambda draw, number: _title(draw),
    "capitals": lambda draw, number: _title(draw).upper(),
    "colon": lambda draw, number: f"{_title(draw)}:",
    "date": _date,
    "source and date": _source_and_date,
    "listed": lambda draw, number: f"{_title(draw)} - {_source_and_date(draw, number)}",
    "post": lambda draw, number: f"{draw.choice(_NAMES)} (@bell{number}) {_date(draw, number)}",
    "glued": lambda draw, number: f"{_sentence(draw)}{_date(draw, number)}{_title(draw)}{_date(draw, number)}",
    "source": lambda draw, number: draw.choice(_SOURCES),
    "author": lambda draw, number: draw.choice(("By ", "Von ", "Text: ", "")) + draw.choice(_NAMES),
    "heading": lambda draw, number: draw.choice(_HEADINGS),
    "icon": lambda draw, number: draw.choice(("arrow_forward", "share", "close", "play_circle", "0 Comments")),
    "rights": lambda draw, number: draw.choice(("© 2024 Bell Media. All rights reserved.", "Copyright 2023")),
    "caption": lambda draw, number: draw.choice(("Photo: ", "Foto: ", "(AP Photo/")) + draw.choice(_NAMES),
    "item": lambda draw, number: draw.choice(("- ", "• ", f"{number}. ", f"{number}) ")) + _title(draw),
    "quote": lambda draw, number: f"“{_sentence(draw)}”",
    "turn": lambda draw, number: draw.choice(("Q: ", "A: ", "Ada Fenwick: ")) + _sentence(draw),
    "dateline": lambda draw, number: draw.choice(("LONDON — ", "PARIS (AFP) - ")) + _sentence(draw),
    "address": lambda draw, number: draw.choice((f"https://example.org/{number}", f"ada{number}@example.org")),
    "digits": lambda draw, number: str(draw.randrange(10 ** draw.randint(1, 12))),
    "cells": lambda draw, number: "\t".join(str(draw.randint(0, 99)) for _ in range(6)),
    "money": lambda draw, number: f"${number},000 {draw.randint(1, 99)}%",
    "length": lambda draw, number: f"{draw.randint(0, 59)}:{draw.randint(0, 59):02}",
    "without spaces": lambda draw, number: "".join(draw.choices(_CJK, k=draw.randint(8, 80))) + draw.choice("。。！"),
    "right to left": lambda draw, number: " ".join(draw.choices(_ARABIC, k=draw.randint(3, 25))) + draw.choice(".؟"),
    "word": lambda draw, number: draw.choice(_WORDS).title(),
    "huge word": lambda draw, number: "x" * draw.randint(1, 300),
    "punctuation": lambda draw, number: draw.choice(_PUNCTUATION),
    "blank": lambda draw, number: draw.choice(("", " ", "\t", "\u3000", "\xa0")),
}


class Shape:
    """Texts of any length, the same for each seed."""

    def __init__(self, seed: int) -> None:
        draw = Random(seed)
        names = list(KINDS)
        self._kinds = draw.choices(names, k=draw.randint(1, 8))
        # Some lines are the same each time.
        self._fixed = [KINDS[kind](draw, 0) if draw.random() < 0.4 else None for kind in self._kinds]
        self._is_shuffled = draw.random() < 0.3
        self._between = draw.choice(["\n"] * 8 + ["\n\n", "\r\n", " ", " | ", ""])
        self._above = [KINDS[draw.choice(names)](draw, 0) for _ in range(draw.randint(0, 12))]
        self._below = [KINDS[draw.choice(names)](draw, 0) for _ in range(draw.randint(0, 8))]
        self._seed = draw.random()

    def text(self, line_count: int, number: int = 0) -> str:
        """A text with at least so many lines between what stands above and below them: each `number` has its own."""
        draw = Random(self._seed + number)
        lines: list[str] = []
        order = list(range(len(self._kinds)))
        count = 0
        while len(lines) < line_count:
            if self._is_shuffled:
                draw.shuffle(order)
            for k in order:
                fixed = self._fixed[k]
                lines.append(KINDS[self._kinds[k]](draw, count) if fixed is None else fixed)
            count += 1
        return "\n".join([*self._above, self._between.join(lines), *self._below, ""])

    def __str__(self) -> str:
        kinds = [
            kind if fixed is None else f"the same {kind}" for kind, fixed in zip(self._kinds, self._fixed, strict=True)
        ]
        return f"{', '.join(kinds)}{' in any order' if self._is_shuffled else ''} with {self._between!r} between"
