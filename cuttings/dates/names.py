"""Where the name of a source may end before a date: `Le Monde il y a 3 heures`, `France 24 3 hours ago`.

A name has few words, and what begins behind it, like the last word of the line, is a number or a word of dates. Whether
a date stands there is for the grammar to say: this only saves it most of the lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from cuttings.dates.lexer import HARD
from cuttings.dates.lexicon import MAY_TOUCH_FROM, WORDS, fold, lengths, phrases

# The name of a source before a date has at most so many words and characters, and the date so many words.
MOST_NAME_WORDS: Final = 3
MOST_NAME_CHARS: Final = 24
MOST_DATE_WORDS: Final = 9
_OPEN_ENDS: Final = frozenset(":;!?(/")  # behind one of them something else than a date begins
_WORD: Final = re.compile(r"\S+")
_CLASSES: Final = "YGDHISgMWPLAeERCNwvUKkVQZTOrBJF"


class NameEnd(NamedTuple):
    """Where a date may begin behind a name: a character of the text, and how the name is written."""

    at: int
    is_capitalised: bool  # neither its first nor its last word begins with a small letter
    is_barred: bool  # a bar stands between
    has_comma: bool  # the name ends with one


def name_ends(skeleton: str) -> Iterator[NameEnd]:
    """The places where a date may begin behind a name, the shortest name first.

    >>> [end.at for end in name_ends("Le Monde il y a 0 heures")]
    [3, 9, 12]
    """
    words = [(match.start(), match.end()) for match in _WORD.finditer(skeleton)]
    if not 1 < len(words) <= MOST_NAME_WORDS + 1 + MOST_DATE_WORDS or not _may_end(skeleton[slice(*words[-1])]):
        return
    if glued := _glued(skeleton):
        yield NameEnd(glued, is_capitalised=True, is_barred=False, has_comma=False)
    for count in range(1, min(MOST_NAME_WORDS, len(words) - 1) + 1):
        end = words[count - 1][1]
        if end > MOST_NAME_CHARS or skeleton[end - 1] in HARD:
            return
        is_barred = skeleton[slice(*words[count])] in HARD and count + 1 < len(words)
        at = words[count + is_barred][0]
        name = skeleton[:end]
        if name[-1] not in _OPEN_ENDS and _is_word(name) and _may_begin(skeleton[at:]):
            is_capitalised = not (name[0].islower() or name[words[count - 1][0]].islower())
            yield NameEnd(at, is_capitalised, is_barred, name[-1] == ",")


def _is_word(name: str) -> bool:
    """Whether a name holds letters; a lone word in small letters is one only where it is no word of dates."""
    is_known = " " not in name and name[0].islower() and name in lengths()
    return not is_known and any(c.isalpha() for c in name)


def _may_begin(text: str) -> bool:
    if text[0] == "0" or text[0] >= MAY_TOUCH_FROM:
        return True
    word = WORDS.match(fold(text[:MOST_NAME_CHARS]))
    return word is not None and word[0] in lengths()


def _may_end(word: str) -> bool:
    if "0" in word or word[-1] >= MAY_TOUCH_FROM:
        return True
    found = WORDS.findall(fold(word))
    return bool(found) and found[-1] in _last_words()


@cache
def _last_words() -> frozenset[str]:
    return frozenset(phrase.rsplit(" ", 1)[-1] for phrase in phrases(_CLASSES))


def _glued(skeleton: str) -> int:
    """Where an age in words begins that touches the name before it, `The Lanterna day ago`; 0 where none does."""
    match = _worded_age().search(skeleton) if "0" not in skeleton else None
    return match.start() if match and match.start() <= MOST_NAME_CHARS else 0


@cache
def _worded_age() -> re.Pattern[str]:
    """One unit in words, "a day", with a word of "ago" before it at most, right behind a letter."""
    units = (phrase for phrase in phrases("E") if " " in phrase and phrase.replace(" ", "").isalpha())
    openers = (phrase for phrase in phrases("A") if phrase.replace(" ", "").isalpha())
    one, before = ("|".join(sorted(words, key=lambda w: (-len(w), w))) for words in (units, openers))
    return re.compile(rf"(?<=[^\W\d_])(?:(?:{before}) )?(?:{one})(?!\w)", re.IGNORECASE)
