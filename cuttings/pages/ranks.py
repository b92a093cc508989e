"""The numbers of what is counted: "2. Ferry fares to rise", or "2" on a line of its own above the title."""

from __future__ import annotations

import re
from typing import Final

RANK_DIGITS: Final = 2
_RANK: Final = re.compile(r"[#(]?(\d{1,2})(?:[.)]? |[、．] ?)(?=\S)")


def leading_rank(text: str) -> tuple[int, int]:
    """The rank that a line begins with and the characters of it; 0 and 0 for others.

    >>> leading_rank("2. Ferry fares to rise"), leading_rank("2、渡轮票价上涨")
    ((2, 3), (2, 2))
    """
    match = _RANK.match(text)
    return (int(match[1]), match.end()) if match else (0, 0)


def lone_rank(text: str) -> int:
    """The rank that a line is, 0 for others.

    >>> lone_rank("#2"), lone_rank("02."), lone_rank("(2)"), lone_rank("2 votes")
    (2, 2, 0, 0)
    """
    digits = text.strip("#.) ")  # in brackets stands how many comments there are
    return int(digits) if len(digits) <= RANK_DIGITS and digits.isdecimal() else 0
