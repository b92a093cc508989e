"""What texts are compared by: their longer words, or pairs of characters where no spaces part the words.

The words of a page are numbered as they come, and a set of them is a whole number with a bit for each: the words of
many texts are one number, and the words that two of them share are counted in no time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import count, pairwise, repeat
from operator import add, lshift, or_
from typing import Final

# A word that is compared has at least so many letters.
WORD_CHARS: Final = 4
# Where words have more characters than this, in the mean, no spaces part them; nor do they where most of the first
# characters are of a script without: Thai, Lao, Burmese, Khmer, Chinese, Japanese. A title is short, and may hold one.
MOST_WORD_CHARS: Final = 16
SAMPLE_CHARS: Final = 64
_SPACELESS: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff]")
# Words of so many letters are seldom grammar; where there are no spaces, a pair of characters stands for a word.
LONG_WORD: Final = 7
# No more words than so many, and those compared at one time, have a number: a page takes time linear in its text.
MOST_NUMBERED: Final = 8192
# What ends a sentence, so that the capital behind it says nothing.
_ENDS: Final = (".", "!", "?", ":", "…", '"', "”", "»")
# What stands around a word and is no part of it.
_OUTER: Final = ".,:;!?\"'“”‘’«»()[]–—-|"


@dataclass(slots=True)
class _Text:
    """A text that was looked at: how many words it has, 0 in a script without spaces, and the longer ones; and without
    spaces, with its pairs.
    """

    words: int
    longer: int
    bare: str = ""
    pairs: int | None = None


class _Bits(dict[str, int]):
    """The bit of each word, in the order in which they come; shorter ones have none."""

    def __init__(self) -> None:
        self.count = 0  # of words and pairs that have a bit
        self.long = 0  # the bits of those that name things

    def __missing__(self, word: str) -> int:
        bit = 0
        if len(word) >= WORD_CHARS:
            bit = 1 << self.count
            self.count += 1
            if len(word) >= LONG_WORD:
                self.long |= bit
        self[word] = bit
        return bit


class Words:
    """The words of the texts of a page, as far as they were asked for: none is split twice."""

    def __init__(self) -> None:
        self._bits = _Bits()
        self._pair_places: dict[str, int] = {}
        self._texts: dict[str, _Text] = {}
        self._names: dict[str, int] = {}
        self.turns = 0  # how often all words were forgotten
        # Of some lines, for `story_texts`: the words and names behind a head, and the words that open an article.
        self.behind: dict[range, tuple[int, int]] = {}
        self.opening: dict[tuple[int, int], int] = {}

    def clear(self) -> None:
        """Forget all words; numbers from before cannot be compared with those from now on."""
        self.turns += 1
        self._bits = _Bits()
        self._pair_places.clear()
        self._texts.clear()
        self._names.clear()
        self.behind.clear()
        self.opening.clear()

    def turn(self) -> None:
        """Begin anew where too many words were numbered."""
        if self._bits.count > MOST_NUMBERED:
            self.clear()

    def of(self, texts: Sequence[str]) -> int:
        """What some texts are compared by, taken as one."""
        words, chars, longer = 0, len(texts) - 1, 0
        known = self._texts
        for text in texts:
            found = known.get(text)
            if found is None:
                found = known[text] = self._read(text)
            words += found.words
            chars += len(text)
            longer |= found.longer
        return self._pairs(texts) if chars > MOST_WORD_CHARS * words else longer

    def counted(self, text: str) -> tuple[int, int]:
        """How many words a text has, none in a script without spaces, and the longer ones."""
        found = self._texts.get(text)
        if found is None:
            found = self._texts[text] = self._read(text)
        return found.words, found.longer

    def long(self, words: int) -> int:
        """Those words that name things."""
        return words & self._bits.long

    def names(self, texts: Iterable[str]) -> int:
        """Those words of some texts that are written with a capital within a sentence."""
        known = self._names
        found = 0
        for text in texts:
            names = known.get(text)
            if names is None:
                names = known[text] = sum(map(self._bits.__getitem__, _bare(_named(text.split()))))
            found |= names
        return found

    def _read(self, text: str) -> _Text:
        words = text.casefold().split()
        return _Text(_count(text, words), sum(map(self._bits.__getitem__, _bare(words))))

    def _of_pairs(self, pairs: set[str]) -> int:
        places, first = self._pair_places, self._bits.count
        new = pairs.difference(places)
        known = map(places.__getitem__, pairs.difference(new))
        found = reduce(or_, map(lshift, repeat(1), known), ((1 << len(new)) - 1) << first)  # new ones are in a row
        places.update(zip(new, count(first), strict=False))
        self._bits.count += len(new)
        self._bits.long |= found
        return found

    def _of_pair(self, pair: str) -> int:
        place = self._pair_places.get(pair)
        return self._of_pairs({pair}) if place is None else 1 << place

    def _pairs(self, texts: Sequence[str]) -> int:
        """The pairs of neighbouring characters, also where two texts meet."""
        found, last = 0, ""
        for text in texts:
            known = self._texts[text]
            if known.pairs is None:
                known.bare = "".join(text.split())
                known.pairs = self._of_pairs(set(map(add, known.bare, known.bare[1:])))
            if known.bare:
                found |= known.pairs | (self._of_pair(last + known.bare[0]) if last else 0)
                last = known.bare[-1]
        return found


def pieces(text: str) -> set[str]:
    """What one text is compared by."""
    words = text.casefold().split()
    if len(text) > MOST_WORD_CHARS * _count(text, words):
        bare = "".join(text.split())
        return set(map(add, bare, bare[1:]))
    return {word for word in _bare(words) if len(word) >= WORD_CHARS}


def _count(text: str, words: Sequence[str]) -> int:
    """How many words the spaces of a text part."""
    if not text.isascii():
        sample = text[:SAMPLE_CHARS]
        if len(_SPACELESS.findall(sample)) * 2 > len(sample):
            return 0
    return len(words)


def _named(words: Sequence[str]) -> list[str]:
    """Those of some words in a row, in small letters, that have a capital though no sentence ends before them."""
    return [word.casefold() for last, word in pairwise(words) if word[0].isupper() and not last.endswith(_ENDS)]


def _bare(words: Iterable[str]) -> set[str]:
    """The words without what stands around them."""
    return set(map(str.strip, words, repeat(_OUTER)))
