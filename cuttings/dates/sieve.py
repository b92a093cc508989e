"""What can be no date text, told from its words and marks alone, before any structure is looked for.

Most lines with a number or a word that some language has for dates are titles. Every test here is a necessary
condition of the grammar, so the sieve only saves time: a word that a language does not know may stand beside a date,
but only behind a bar, a bracket, a word for "by" or glued to it, and only where the date is a full one or an age.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

from cuttings.dates.lexer import HARD, PLAIN, SOFT, SPLITS
from cuttings.dates.lexicon import (
    ANY,
    BREAK,
    HEBREW_PREFIXES,
    INFLECTING,
    LEAST_STEM_CHARS,
    MAY_TOUCH_FROM,
    MOST_ENDING_CHARS,
    ORDER,
    WORDS,
    by_language,
    fold,
    name_stems,
    phrase_classes,
    phrases,
    phrases_of,
    unit_stems,
)  # fmt: skip

# Words of no language that the lexicon knows; more of them are a sentence.
MOST_UNKNOWN: Final = 12
# A bit for each class of the lexicon.
_BIT: Final = {name: 1 << place for place, name in enumerate(ORDER)}


def _mask(classes: str) -> int:
    return sum(_BIT[name] for name in classes)


_ALL: Final = _mask(ORDER)
# Without numbers that touch, one of these is in every date; a full date has a month, a mark or an era.
_DATED: Final = _mask("MGgAReEUCNWkvwHP")
_FULL: Final = _mask("MGgrY")
_AGE_WORD, _AGO, _UNIT = _mask("Re"), _mask("A"), _mask("UE")
_LENGTH: Final = _mask("UJ")
_UNIT_NAME: Final = _mask("U")
_NUMBER_WORD: Final = _mask("eEQ")
_BESIDE: Final = _mask("BJ")  # "by", and words of a page such as "min read"
_NAME: Final = _mask("MWC")  # a month or weekday with an ending

# Numbers with a mark between; a space may stand at the mark, as in "1. 1. 2013" and beside a mark of direction.
_TOUCHING: Final = re.compile(r"(?<!0)00?(?!0)\s?[:.]\s?00?(?!0)|(?:(?<!0)00?|(?<!0)0000)\s?[./|-]\s?00?(?!0)|0{8}")
_FULL_NUMBERS: Final = re.compile(r"0\s?[./|:-]\s?00?\s?[./|:-]\s?0|0{8}")
_PARTED: Final = re.compile(rf"[{re.escape(''.join(HARD))}(（\[「【]|\s[-/~\\−]\s|[/\\]/|/[/\\]")
_LETTER_AND_NUMBER: Final = re.compile(r"[^\W\d_]0|0[^\W\d_]")
# A name that ends in a number before a count: "France 242 hours ago".
LONG_RUN: Final = re.compile(r"[^\W\d_] ?0{3,4} ?[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Look:
    """A skeleton as the sieve sees it: its folded words, and what its marks and numbers allow."""

    words: tuple[str, ...]
    has_number: bool
    has_touching_numbers: bool
    has_full_numbers: bool
    is_parted: bool  # a bar, a bracket or a glued number: a name may stand beside the date
    has_long_run: bool


@cache
def _words(language: str) -> dict[str, int]:
    """The words of a language's phrases with the classes of the phrases that they are part of."""
    words: dict[str, int] = {}
    for phrase, meanings in phrases_of(language):
        mask = 0
        for name, _ in meanings:
            mask |= _BIT[name]
        for word in phrase.split(" "):
            words[word] = words.get(word, 0) | mask
    return words


@cache
def _characters(language: str) -> frozenset[str]:
    return frozenset("".join(_words(language)))


class _Vocabulary(NamedTuple):
    """Words of some languages with their classes, the characters of them, beginnings of units and of names."""

    words: tuple[dict[str, int], ...]
    characters: frozenset[str]
    units: frozenset[str]
    names: frozenset[str]
    is_hebrew: bool


@cache
def _vocabulary(languages: tuple[str, ...]) -> _Vocabulary:
    every = (*languages, ANY)
    units = frozenset(stem for language in languages for stem in unit_stems(language))
    names = frozenset(stem for language in languages if language in INFLECTING for stem in name_stems(language))
    characters = frozenset().union(*map(_characters, every))
    return _Vocabulary(tuple(map(_words, every)), characters, units, names, "he" in languages)


@cache
def _mask_of(classes: str) -> int:
    return _mask("".join(set(classes)))


@cache
def _every_language() -> _Vocabulary:
    """The words of all languages as one: each that is known in some language is known here."""
    words: dict[str, int] = {}
    units: set[str] = set()
    names: set[str] = set()
    for phrase, classes in phrase_classes():
        mask = _mask_of(classes)
        for word in phrase.split(" "):
            words[word] = words.get(word, 0) | mask
        if mask & _UNIT_NAME:
            units.update(phrase[:end] for end in range(1, len(phrase)))
        if mask & _NAME:
            names.update((phrase, phrase[:-1]))
    return _Vocabulary((words,), frozenset("".join(words)), frozenset(units), frozenset(names), True)


@cache
def _impossible() -> re.Pattern[str]:
    """A mark that no date text holds."""
    known = HARD | PLAIN | SOFT.keys() | {word for phrase in phrases(ORDER) for word in phrase.split(" ")}
    marks = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x10000))))
    foreign = [
        mark
        for mark in re.findall(f"[{BREAK}]", marks)
        if mark != "0" and not (mark.isspace() or mark.isalnum()) and mark not in known
        and len(fold(mark)) == 1 and fold(mark) not in known
    ]  # fmt: skip
    return re.compile(f"[{re.escape(''.join(foreign))}]")


@cache
def _touched() -> re.Pattern[str]:
    """A word of dates that ends in a mark ("l'", "@") and touches what follows."""
    is_break = re.compile(f"[{BREAK}]")
    ends = {tuple(phrase.split(" ")[-2:]) for phrase in phrases(ORDER) if is_break.fullmatch(phrase[-1])}
    spelled = (r"\s*".join(map(re.escape, parts)) for parts in sorted(ends))
    return re.compile(rf"(?:{'|'.join([*spelled, '[+]'])})[^\W_]")


def look(skeleton: str) -> Look | None:
    """What the sieve needs to know of a skeleton; None when one of its marks stands in no date."""
    if _impossible().search(skeleton):
        return None
    text = fold(skeleton)
    is_parted = bool(
        _PARTED.search(text) or _LETTER_AND_NUMBER.search(text) or _touched().search(text)
        or ("000" in text and any(pattern.search(text) for pattern, _ in SPLITS))
    )  # fmt: skip
    return Look(
        tuple(WORDS.findall(text)), "0" in text, bool(_TOUCHING.search(text)), bool(_FULL_NUMBERS.search(text)),
        is_parted, bool(LONG_RUN.search(text)),
    )  # fmt: skip


def may_be_duration(words: Sequence[str], languages: tuple[str, ...]) -> bool:
    """False only for words that tell the length of no text and no video in these languages."""
    known, unknown = _classes(words, _vocabulary(languages))
    return not unknown and bool(known & _LENGTH)


def may_be_date(seen: Look, languages: tuple[str, ...]) -> bool:
    """False only for a text in which the grammar finds no date in these languages."""
    known, unknown = _classes(seen.words, _vocabulary(languages))
    if not unknown:
        return seen.has_touching_numbers or bool(known & _DATED)
    return unknown <= MOST_UNKNOWN and _may_have_names(seen, known)


def may_be_date_anywhere(seen: Look) -> bool:
    """False only for a text in which the grammar finds no date in any language: most texts fail here, once and not for
    each language that some word of theirs is of.
    """
    known, unknown = _classes(seen.words, _every_language())
    if not unknown:
        return seen.has_touching_numbers or seen.has_full_numbers or bool(known & _DATED)
    return unknown <= MOST_UNKNOWN and _may_have_names(seen, known)


def _may_have_names(seen: Look, known: int) -> bool:
    """False only for a text that is no date with words beside it that are no words of dates."""
    is_age = bool(known & _AGE_WORD or (known & _AGO and known & _UNIT))
    is_age = is_age and (seen.has_number or bool(known & _NUMBER_WORD))
    if not (is_age or seen.has_full_numbers or (seen.has_number and known & _FULL)):
        return False
    return seen.is_parted or bool(known & _BESIDE) or (seen.has_long_run and is_age)


def _classes(words: Sequence[str], vocabulary: _Vocabulary) -> tuple[int, int]:
    """The classes that the words may have, and how many words have none."""
    vocabularies, characters, units, names, is_hebrew = vocabulary
    known = unknown = 0
    for word in words:
        mask = 0
        for known_words in vocabularies:
            mask |= known_words.get(word, 0)
        if mask:
            known |= mask
        elif word[0] >= MAY_TOUCH_FROM and characters.issuperset(word):
            known |= _ALL  # a run without spaces may be cut into words
        elif word in units:
            known |= _UNIT
        elif (names and _is_inflected(word, names)) or (
            is_hebrew and word[0] in HEBREW_PREFIXES and by_language(word[1:])
        ):
            known |= _NAME
        else:
            unknown += 1
    return known, unknown


def _is_inflected(word: str, names: frozenset[str]) -> bool:
    if not names:
        return False
    last = max(len(word) - MOST_ENDING_CHARS, LEAST_STEM_CHARS)
    return any(word[:end] in names for end in range(len(word) - 1, last - 1, -1))
