"""What texts are compared by: their longer words, or pairs of characters where no spaces part the words.

The words of a page are numbered as they come, and a set of them is a whole number with a bit for each: the words of
many texts are one number, and the words that two of them share are counted in no time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain, count, pairwise, repeat
from operator import add, lshift, or_
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cuttings.pages.tokens import OUTER, WORD_CHARS, Hashes, Ints, Tokens, tokens

# Where words have more characters than this, in the mean, the script puts no spaces between them.
MOST_WORD_CHARS: Final = 16
# Words of so many letters are seldom grammar; where there are no spaces, a pair of characters stands for a word.
LONG_WORD: Final = 7
# No more words than so many, and those compared at one time, have a number: a page takes time linear in its text.
MOST_NUMBERED: Final = 8192
# Characters of a page that are read at one go: they have less words than that.
READ_CHARS: Final = 1 << 15
# Cells of a table of texts and words.
TABLE_CELLS: Final = 1 << 20


@dataclass(slots=True)
class _Text:
    """A text that was looked at: how many words it has and the longer ones; and without spaces, with its pairs."""

    words: int
    longer: int
    bare: str = ""
    pairs: int | None = None


class Words:
    """The words of the texts of a page, as far as they were asked for: none is split twice. `ahead` are the texts that
    will be asked for, in the order of the page: they are read many at a time.
    """

    def __init__(self, ahead: Sequence[str] = ()) -> None:
        self.ahead = ahead
        self._places: dict[str, int] = {}  # of the texts ahead, once one was missed
        self._clear()

    def _clear(self) -> None:
        self._count = 0  # of words and pairs that have a number
        self._first: Hashes = np.zeros(0, np.uint64)  # words of the texts that were read first, by their numbers
        self._by_hash: dict[int, int] = {}  # numbers of all words, once others came
        self._pair_bits: dict[str, int] = {}
        self._long = 0
        self._texts: dict[str, _Text] = {}
        self.behind: dict[tuple[int, int], tuple[int, int]] = {}  # by lines, for `story_heads`

    def turn(self) -> None:
        """Begin anew where too many words were numbered: numbers from before cannot be compared with later ones."""
        if self._count > MOST_NUMBERED:
            self._clear()

    def of(self, texts: Sequence[str]) -> int:
        """What some texts are compared by, taken as one."""
        words, chars, longer = 0, len(texts) - 1, 0
        known = self._texts
        for text in texts:
            found = known.get(text) or self._read(text)
            words += found.words
            chars += len(text)
            longer |= found.longer
        return self._pairs(texts) if chars > MOST_WORD_CHARS * max(1, words) else longer

    def long(self, words: int) -> int:
        """Those words that name things."""
        return words & self._long

    def next_texts(self, at: int = 0) -> list[str]:
        """The texts ahead from place `at` on that are read at one go, without those that are known."""
        chars = 0
        end = at
        while end < len(self.ahead) and chars < READ_CHARS:
            chars += len(self.ahead[end])
            end += 1
        return [text for text in dict.fromkeys(self.ahead[at:end]) if text not in self._texts]

    def learn(self, texts: Sequence[str], found: Tokens) -> None:
        """Take up the words of some texts, of which none is known."""
        words, word = np.unique(found.hashes, return_inverse=True)
        number = self._numbered(words)
        is_long = np.zeros(self._count, np.bool_)
        is_long[number[word]] = found.chars >= LONG_WORD
        self._long |= _bits(is_long[None])[0]
        rows = max(1, TABLE_CELLS // max(1, self._count))
        for first in range(0, len(texts), rows):
            table = np.zeros((min(rows, len(texts) - first), self._count), np.bool_)
            start, end = np.searchsorted(found.text, [first, first + rows])
            table[found.text[start:end] - first, number[word[start:end]]] = True
            sizes = found.counts[first : first + rows].tolist()
            for text, size, longer in zip(texts[first : first + rows], sizes, _bits(table), strict=True):
                self._texts[text] = _Text(size, longer)

    def _read(self, text: str) -> _Text:
        if not self._places:
            self._places = {text: place for place, text in enumerate(self.ahead)}
        texts = self.next_texts(self._places[text]) if text in self._places else [text]
        self.learn(texts, tokens(texts))
        return self._texts[text]

    def _numbered(self, words: Hashes) -> Ints:
        """The numbers of words, each of which is there once."""
        if not self._count:
            self._first, self._count = words, len(words)
            return np.arange(len(words))
        if not self._by_hash:
            self._by_hash = dict(zip(self._first.tolist(), range(len(self._first)), strict=True))
        numbers = self._by_hash
        found = []
        for word in words.tolist():
            number = numbers.get(word)
            if number is None:
                number = numbers[word] = self._count
                self._count += 1
            found.append(number)
        return np.array(found, np.int64)

    def _of_pairs(self, pairs: set[str]) -> int:
        new = pairs.difference(self._pair_bits)
        self._pair_bits.update(zip(new, map(lshift, repeat(1), count(self._count)), strict=False))
        self._count += len(new)
        bits = reduce(or_, map(self._pair_bits.__getitem__, pairs), 0)
        self._long |= bits
        return bits

    def _pairs(self, texts: Sequence[str]) -> int:
        """The pairs of neighbouring characters, also where two texts meet."""
        found, last = 0, ""
        for text in texts:
            known = self._texts[text]
            if known.pairs is None:
                known.bare = "".join(text.split())
                known.pairs = self._of_pairs(set(map(add, known.bare, known.bare[1:])))
            if known.bare:
                found |= known.pairs | (self._of_pairs({last + known.bare[0]}) if last else 0)
                last = known.bare[-1]
        return found


def read_ahead(pages: Iterable[Words]) -> None:
    """Read the first texts of several pages at one go."""
    pages = list(pages)
    texts = [words.next_texts() for words in pages]
    found = tokens(list(chain.from_iterable(texts)))
    first = np.cumsum([0, *map(len, texts)])
    place = np.searchsorted(found.text, first)
    for words, own, (start, end), (low, high) in zip(
        pages, texts, pairwise(first.tolist()), pairwise(place.tolist()), strict=True
    ):
        part = slice(low, high)
        words.learn(
            own, Tokens(found.counts[start:end], found.text[part] - start, found.hashes[part], found.chars[part])
        )


def _bits(table: NDArray[np.bool_]) -> list[int]:
    """The rows of a table as whole numbers, a bit a column."""
    packed = np.packbits(table, axis=1, bitorder="little")
    octets, width = packed.tobytes(), packed.shape[1]
    return (
        [int.from_bytes(octets[at : at + width], "little") for at in range(0, len(octets), width)]
        if width
        else [0] * len(table)
    )


def pieces(text: str) -> set[str]:
    """What one text is compared by."""
    words = text.casefold().split()
    if len(text) > MOST_WORD_CHARS * max(1, len(words)):
        bare = "".join(text.split())
        return set(map(add, bare, bare[1:]))
    return {bare for word in words if len(word) >= WORD_CHARS and len(bare := word.strip(OUTER)) >= WORD_CHARS}
