r"""Escapes that a page was saved with: `\n` for the end of each line, `\"` for a quotation mark, `\u00e9` for a letter.

A program that writes a string in its own notation, as JSON, leaves the whole page on one line. Only a page that has far
more such ends than lines is read so: a text about programs may show some.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cuttings.pages.marks import Edit

# So many lines of a page end with an escape, and so many for each line end of its own.
SURE_ESCAPES: Final = 6
ESCAPES_A_LINE: Final = 6
_LINE_END: Final = rb"\n"
_SHOWN: Final = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "b": " "}
# A character beyond the first 65,536 is written as two; what was escaped twice has a backslash more.
_ESCAPE: Final = re.compile(
    r"\\{1,3}(?:u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\{1,3}u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|u(?P<code>[0-9a-fA-F]{4})|x(?P<byte>[0-9a-fA-F]{2})|(?P<letter>[nrtbf])|(?P<sign>[\"'/\\]))"
)
_QUOTES: Final = "\"'"


def has_escapes(raw: bytes) -> bool:
    """Whether the line ends of a page are escaped; cheap where none is."""
    found = raw.count(_LINE_END)
    return found >= SURE_ESCAPES and found >= ESCAPES_A_LINE * raw.count(b"\n")


def unescaped(text: str) -> Iterator[Edit]:
    r"""What the escapes of a page stand for, in order, and its outer quotation marks.

    >>> [edit.shown for edit in unescaped(r'"Fl\u00f6te\n\"Ja\""')]
    ['', 'ö', '\n', '"', '"', '']
    """
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    is_quoted = end - start > 1 and text[start] in _QUOTES and text[end - 1] == text[start]
    if is_quoted:
        yield Edit(start, start + 1, "")
    for match in _ESCAPE.finditer(text, start + is_quoted, end - is_quoted):
        yield Edit(match.start(), match.end(), _character(match))
    if is_quoted:
        yield Edit(end - 1, end, "")


def _character(match: re.Match[str]) -> str:
    if match["letter"]:
        return _SHOWN[match["letter"]]
    if match["sign"]:
        return match["sign"]
    if match["high"]:
        return bytes.fromhex(match["high"] + match["low"]).decode("utf-16-be")
    shown = chr(int(match["code"] or match["byte"], 16))
    if "\ud800" <= shown <= "\udfff":
        return "\ufffd"  # half of a character
    return shown if shown >= " " or shown.isspace() else " "
