"""The words of the dates of some languages, taken as one: the classes that a word may have.

A class is a bit, the classes of a word are one whole number, as are those of several words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, reduce
from operator import or_
from typing import Final, NamedTuple

from cuttings.dates.lexicon import (
    ANY,
    HEBREW_PREFIXES,
    INFLECTING,
    LEAST_STEM_CHARS,
    MAY_TOUCH_FROM,
    MOST_ENDING_CHARS,
    ORDER,
    by_language,
    name_stems,
    phrase_classes,
    phrases_of,
    unit_stems,
)  # fmt: skip

# A bit for each class of the lexicon.
_BIT: Final = {name: 1 << place for place, name in enumerate(ORDER)}


@cache
def mask_of(classes: str) -> int:
    """Some classes as one number."""
    return sum(_BIT[name] for name in set(classes))


_ALL: Final = mask_of(ORDER)
_UNITS, _UNIT_NAMES = mask_of("UE"), mask_of("U")
_NAMES: Final = mask_of("MWC")  # a month or weekday with an ending


@cache
def _words(language: str) -> dict[str, int]:
    """The words of a language's phrases with the classes of the phrases that they are part of."""
    words: dict[str, int] = {}
    for phrase, meanings in phrases_of(language):
        mask = mask_of("".join(name for name, _ in meanings))
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
def _every_language() -> _Vocabulary:
    """The words of all languages as one: each that is known in some language is known here."""
    words: dict[str, int] = {}
    units: set[str] = set()
    names: set[str] = set()
    for phrase, classes in phrase_classes():
        mask = mask_of(classes)
        for word in phrase.split(" "):
            words[word] = words.get(word, 0) | mask
        if mask & _UNIT_NAMES:
            units.update(phrase[:end] for end in range(1, len(phrase)))
        if mask & _NAMES:
            names.update((phrase, phrase[:-1]))
    return _Vocabulary((words,), frozenset("".join(words)), frozenset(units), frozenset(names), True)


def union(classes: Iterable[int]) -> int:
    """The classes that some words have together."""
    return reduce(or_, classes, 0)


def classes_anywhere(words: Sequence[str]) -> list[int]:
    """The classes that each of the words may have in some language; 0 for a word that no language has for dates."""
    return _classes(words, _every_language())


def classes_in(words: Sequence[str], languages: tuple[str, ...]) -> list[int]:
    """The classes that each of the words may have in these languages; 0 where it has none."""
    return _classes(words, _vocabulary(languages))


def _classes(words: Sequence[str], vocabulary: _Vocabulary) -> list[int]:
    vocabularies, characters, units, names, is_hebrew = vocabulary
    found = []
    for word in words:
        mask = 0
        for known_words in vocabularies:
            mask |= known_words.get(word, 0)
        if not mask:
            if word[0] >= MAY_TOUCH_FROM and characters.issuperset(word):
                mask = _ALL  # a run without spaces may be cut into words
            elif word in units:
                mask = _UNITS
            elif (names and _is_inflected(word, names)) or (
                is_hebrew and word[0] in HEBREW_PREFIXES and by_language(word[1:])
            ):
                mask = _NAMES
        found.append(mask)
    return found


def _is_inflected(word: str, names: frozenset[str]) -> bool:
    if not names:
        return False
    last = max(len(word) - MOST_ENDING_CHARS, LEAST_STEM_CHARS)
    for end in range(len(word) - 1, last - 1, -1):  # noqa: SIM110 (asked of every strange word)
        if word[:end] in names:
            return True
    return False
