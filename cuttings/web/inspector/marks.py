"""Page text made visible and inert: what a browser could obey or hide is written out as a small named mark.

Page text may carry escape sequences, direction overrides, zero-width letters or markup. In HTML it appears only through
`marked`; in titles and attributes, where no element can stand, only through `plain`. No character of `SPECIAL` is ever
sent to the browser, with two exceptions that scripts and emoji need: joiners between such letters, and TAB and LF in
text that is shown as it stands.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import groupby
from typing import Final

from markupsafe import Markup, escape

# Names a reader of dumps knows; every other special character is named by its code point.
_NAMES: Final = {
    0x00: "NUL", 0x07: "BEL", 0x08: "BS", 0x09: "⇥", 0x0A: "↵", 0x0B: "VT", 0x0C: "FF", 0x0D: "␍", 0x1B: "ESC",
    0x1C: "FS", 0x7F: "DEL", 0x85: "NEL", 0xA0: "NBSP", 0xAD: "SHY", 0x34F: "CGJ", 0x61C: "ALM", 0x200B: "ZWSP",
    0x200C: "ZWNJ", 0x200D: "ZWJ", 0x200E: "LRM", 0x200F: "RLM", 0x2028: "LSEP", 0x2029: "PSEP", 0x202A: "LRE",
    0x202B: "RLE", 0x202C: "PDF", 0x202D: "LRO", 0x202E: "RLO", 0x202F: "NNBSP", 0x2060: "WJ", 0x2066: "LRI",
    0x2067: "RLI", 0x2068: "FSI", 0x2069: "PDI", 0xFEFF: "BOM", 0xFFFC: "OBJ", 0xFFFD: "�",
}  # fmt: skip
# Control, format, private and unassigned characters, and letters that are drawn as nothing (Unicode 15,
# Default_Ignorable_Code_Point, less the variation selectors that choose the look of an emoji). Ranges, because asking
# the category of every character of every page costs more than drawing it.
SPECIAL: Final = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u2800\u3164\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufe00-\ufe0d\ufeff\uffa0\ufff0-\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff\U000f0000-\U0010ffff"
)
# Spaces that look like the common one.
_SPACES: Final = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_IN_TEXT: Final = re.compile(f"[{SPECIAL}]+")
_IN_WHITE_SPACE: Final = re.compile(f"[{SPECIAL}\t\n {_SPACES}]+")
_IN_ONE_LINE: Final = re.compile(f"[{SPECIAL}\t\n]")
_JOINERS: Final = "\u200c\u200d"
# A mark counts one character that is repeated more often than this, and names this many code points.
_SHOWN_REPEATS: Final = 8
# Characters of a run that are named one by one; the others are counted, so that hostile pages stay readable.
_SHOWN_RUN: Final = 200


def marked(text: str) -> Markup:
    """`text` as HTML: escaped, with every run of special characters as a mark; LF and TAB stay as they are.

    >>> marked("<b>\\x1b[2J")
    Markup('&lt;b&gt;<bdi class="mark" title="U+001B">ESC</bdi>[2J')
    """
    if text.isascii() and text.isprintable():
        return escape(text)
    return _marked(text, _IN_TEXT)


def marked_white_space(text: str) -> Markup:
    """`text`, white space between segments, as HTML with every character of it as a mark.

    >>> marked_white_space(" \\n")
    Markup('<bdi class="mark" title="U+0020 U+000A">·↵</bdi>')
    """
    return _marked(text, _IN_WHITE_SPACE)


def plain(text: str | None) -> str:
    """`text` on one line for a title or an attribute, special characters named in angle brackets; not escaped.

    >>> plain("a\\u202eb")
    'a⟨RLO⟩b'
    """
    if text is None or (text.isascii() and text.isprintable()):
        return text or ""
    return _IN_ONE_LINE.sub(lambda found: " " if found[0] in "\t\n" else f"⟨{_name(found[0])}⟩", text)


def clip(text: str, chars: int) -> str:
    """`text`, cut to `chars` characters; the last one says that there is more."""
    return text if len(text) <= chars else text[: chars - 1] + "…"


def _marked(text: str, special: re.Pattern[str]) -> Markup:
    pieces: list[str] = []
    done = 0
    for found in special.finditer(text):
        run = found[0]
        if run in _JOINERS and _joins(text, found.start()):
            continue
        pieces += (escape(text[done : found.start()]), _mark(run))
        done = found.end()
    return Markup("".join([*pieces, escape(text[done:])]))  # noqa: S704 (every piece is escaped or made here)


@lru_cache(maxsize=4096)
def _mark(run: str) -> str:
    """The element for a run of special characters: their names to read, their code points to look up."""
    groups = [(char, len(list(same))) for char, same in groupby(run[:_SHOWN_RUN])]
    names = [
        _name(char) * count if count <= _SHOWN_REPEATS and len(_name(char)) == 1 else _times(_name(char), count)
        for char, count in groups
    ]
    between = "" if all(len(name) == 1 for name in names) else " "
    codes = " ".join(_times(f"U+{ord(char):04X}", count) for char, count in groups[:_SHOWN_REPEATS])
    cut = " …" if len(groups) > _SHOWN_REPEATS else ""
    more = f" … {len(run) - _SHOWN_RUN:,} more" if len(run) > _SHOWN_RUN else ""
    return f'<bdi class="mark" title="{codes}{cut}">{between.join(names)}{more}</bdi>'


def _times(name: str, count: int) -> str:
    return name if count == 1 else f"{name}×{count}"


def _name(char: str) -> str:
    if char == " ":
        return "·"
    return _NAMES.get(ord(char), f"U+{ord(char):04X}")


def _joins(text: str, at: int) -> bool:
    """The joiner at `at` stands between two letters of a script that needs it, or two parts of an emoji."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return bool(before and after) and _takes_joiner(before) and _takes_joiner(after)


def _takes_joiner(char: str) -> bool:
    # Arabic to Myanmar, Khmer and Mongolian take joiners; the Latin, Greek and Cyrillic letters before them do not.
    return unicodedata.category(char) in {"So", "Sk", "Mn"} or 0x600 <= ord(char) < 0x1900
