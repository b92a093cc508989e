"""What texts are compared by: their longer words, or pairs of characters where no spaces part the words.

The words of a page are numbered as they come, and a set of them is a whole number with a bit for each: the words of
many texts are one number, and the words that two of them share are counted in no time.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count, repeat
from operator import add, lshift
from typing import Final

# A word that is compared has at least so many letters.
WORD_CHARS: Final = 4
# Where words have more characters than this, in the mean, the script puts no spaces between them.
MOST_WORD_CHARS: Final = 16
# Words of so many letters are seldom grammar; where there are no spaces, a pair of characters stands for a word.
LONG_WORD: Final = 7
PAIR: Final = 2
# No more words than so many, and those compared at one time, have a number: a page takes time linear in its text.
MOST_NUMBERED: Final = 8192
# What stands around a word and is no part of it.
_OUTER: Final = ".,:;!?\"'“”‘’«»()[]–—-|"
# So many words are kept over pages, none with more characters.
KEPT_WORDS: Final = 1 << 15
KEPT_CHARS: Final = 32


class _Bare(dict[str, str]):
    """Words as they are compared, by how they stand in a text: folded, without what stands around them, and empty where
    less than WORD_CHARS are left. Most words of a text were in another one.
    """

    def __missing__(self, word: str) -> str:
        bare = word.casefold().strip(_OUTER)
        bare = word if bare == word else bare
        found = bare if len(bare) >= WORD_CHARS else ""
        if len(word) <= KEPT_CHARS:
            if len(self) >= KEPT_WORDS:
                self.clear()
            self[word] = found
        return found


_BARE: Final = _Bare()


@dataclass(slots=True)
class _Text:
    """A text that was looked at: how many words it has and the longer ones; and without spaces, with its pairs."""

    words: int
    longer: int
    bare: str = ""
    pairs: int | None = None


class Words:
    """The words of the texts of a page, as far as they were asked for: none is split twice."""

    def __init__(self) -> None:
        self._bits: dict[str, int] = {}
        self._long = 0
        self._texts: dict[str, _Text] = {}
        self.behind: dict[tuple[int, int], tuple[int, int]] = {}  # by lines, for `story_heads`

    def clear(self) -> None:
        """Forget all words; numbers from before cannot be compared with those from now on."""
        self._bits.clear()
        self._long = 0
        self._texts.clear()
        self.behind.clear()

    def turn(self) -> None:
        """Begin anew where too many words were numbered."""
        if len(self._bits) > MOST_NUMBERED:
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
        return self._pairs(texts) if chars > MOST_WORD_CHARS * max(1, words) else longer

    def long(self, words: int) -> int:
        """Those words that name things."""
        return words & self._long

    def _read(self, text: str) -> _Text:
        words = text.split()
        return _Text(len(words), self._numbered(_longer(words)))

    def _numbered(self, words: set[str]) -> int:
        """The words as a number; words of no number get one each, those that name things the last."""
        bits, first = self._bits, len(self._bits)
        new = sorted(words.difference(bits), key=len)
        if new:
            bits.update(zip(new, map(lshift, repeat(1), count(first)), strict=False))
            long = len(new) - (0 if len(new[0]) == PAIR else bisect_left(new, LONG_WORD, key=len))
            self._long |= (1 << len(bits)) - (1 << len(bits) - long)
        return sum(map(bits.__getitem__, words))

    def _pairs(self, texts: Sequence[str]) -> int:
        """The pairs of neighbouring characters, also where two texts meet."""
        found, last = 0, ""
        for text in texts:
            known = self._texts[text]
            if known.pairs is None:
                known.bare = "".join(text.split())
                known.pairs = self._numbered(set(map(add, known.bare, known.bare[1:])))
            if known.bare:
                found |= known.pairs | (self._numbered({last + known.bare[0]}) if last else 0)
                last = known.bare[-1]
        return found


def pieces(text: str) -> set[str]:
    """What one text is compared by."""
    words = text.split()
    if len(text) > MOST_WORD_CHARS * max(1, len(words)):
        bare = "".join(words)
        return set(map(add, bare, bare[1:]))
    return _longer(words)


def _longer(words: Iterable[str]) -> set[str]:
    """The words of some length, folded, without what stands around them."""
    found = set(map(_BARE.__getitem__, words))
    found.discard("")
    return found
