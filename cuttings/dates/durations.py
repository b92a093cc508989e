"""Lines that say how long something is, and not when it was: `3 min read`, `Lesezeit: 4 Minuten`, `1:02:33`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import polars as pl

from cuttings.dates.lexer import readings, tokens
from cuttings.dates.lexicon import WORDS, fold, guesses
from cuttings.dates.sieve import may_be_duration
from cuttings.dates.skeletons import clean, skeletons
from cuttings.dates.vocabulary import classes_anywhere, classes_in

# A longer line says more than how long something is.
MOST_WORDS: Final = 7
# A count and its unit with words of a page and fillers around them, or such a word and a clock; classes of the lexicon.
_SHAPE: Final = re.compile(r"[(|]?(?:[JF]+[:|]?)*[V.,\-|]*[123]-?(?P<unit>U)[.]?[FJ,|]*[)]?|J[JF]*[:|]?[12]:2(?::2)?")
_UNITS: Final = frozenset(("second", "minute", "hour"))
_MOST_DIGITS: Final = 6
_OF_VIDEO: Final = re.compile(r"00?:00:00")
# `20 Minuten` is a newspaper, `4 Min.` is not: a whole word with a capital, and no word for reading beside it.
_NAME: Final = re.compile(r"0+ [^\W\d_a-z]\w{3,}")


def durations(texts: pl.Series) -> pl.Series:
    """Which of some short lines are the length of a text or a video and nothing else.

    >>> durations(pl.Series(["3 min read", "3 min ago", "20 Minuten"])).to_list()
    [True, False, False]
    """
    found = texts.str.contains(r"\p{Nd}").to_numpy().copy()
    skeleton, _, _ = skeletons(clean(texts.filter(pl.Series(found))))
    found[found] = [_is_duration(text) for text in skeleton]
    return pl.Series(found)


@lru_cache(maxsize=1 << 16)
def _is_duration(skeleton: str) -> bool:
    if _OF_VIDEO.fullmatch(skeleton):
        return True
    words = WORDS.findall(fold(skeleton))
    if not 0 < len(words) <= MOST_WORDS or skeleton.count("0") > _MOST_DIGITS or _NAME.fullmatch(skeleton):
        return False
    if not may_be_duration(classes_anywhere(words)):
        return False  # in no language: most lines, before any is asked
    languages = ((language, "en") for language in ["en", *guesses(words)])
    return any(may_be_duration(classes_in(words, spoken)) and _reads(skeleton, spoken) for spoken in languages)


def _reads(skeleton: str, languages: tuple[str, ...]) -> bool:
    for classes, values in readings(tokens(skeleton, languages)):
        shape = _SHAPE.fullmatch(classes)
        if shape and (shape["unit"] is None or values[shape.start("unit")] in _UNITS):
            return True
    return False
