"""The longer words of many texts at once, as hashes: one pass of array operations over their characters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]
Points = NDArray[np.uint32]

# A word that is compared has at least so many letters.
WORD_CHARS: Final = 4
# What stands around a word and is no part of it.
OUTER: Final = ".,:;!?\"'“”‘’«»()[]–—-|"
# A base of polynomials modulo 2**64, odd, so that it has an inverse.
_BASE: Final = 0x5851F42D4C957F2D
_PLANE: Final = 0x10000
# White space, and the blocks of the scripts that have capitals.
_SPACES: Final = "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_CASED: Final = (
    range(0x41, 0x590), range(0x10A0, 0x1400), range(0x1C80, 0x1CC0), range(0x1E00, 0x2000), range(0x2100, 0x2500),
    range(0x2C00, 0x2D00), range(0xA640, 0xA800), range(0xAB70, 0xABC0), range(0xFB00, 0xFB18), range(0xFF21, 0xFF3B),
    range(0x10400, 0x105C0), range(0x10C80, 0x10CB3), range(0x118A0, 0x118C0), range(0x16E40, 0x16E60),
    range(0x1E900, 0x1E944),
)  # fmt: skip
_SPACE, _OUTER, _EXPANDING = range(1, 4)


class Tokens(NamedTuple):
    """Words of some texts: all words of each text (`counts`); and of the longer ones, without what stands around them,
    the text, the hash and the letters of each.
    """

    counts: Ints
    text: Ints
    hashes: Hashes
    chars: Ints


def tokens(texts: Sequence[str]) -> Tokens:
    """The words of texts, parted by white space and folded, as `str.casefold` and `str.split` have them."""
    points = _points(texts)
    kinds = _kinds().take(points, mode="clip")
    if kinds.max() == _EXPANDING:  # `ß` is two letters when folded
        texts = [text if text.isascii() else text.casefold() for text in texts]
        points = _points(texts)
        kinds = _kinds().take(points, mode="clip")
    is_space = kinds == _SPACE
    edges = np.flatnonzero(is_space[1:] != is_space[:-1]) + 1
    starts, stops = edges[::2], edges[1::2]
    ends = 1 + np.cumsum([len(text) + 1 for text in texts])
    counts = np.diff(np.searchsorted(starts, ends), prepend=0)
    of_text = np.repeat(np.arange(len(texts)), counts)
    is_long = np.flatnonzero(stops - starts >= WORD_CHARS)
    starts, stops = _bare(kinds, starts[is_long], stops[is_long])
    is_left = np.flatnonzero(stops - starts >= WORD_CHARS)
    starts, stops, of_text = starts[is_left], stops[is_left], of_text[is_long[is_left]]
    # The hash of a range is a difference of prefix sums, shifted back to the start of all texts.
    powers, inverses = _powers(1 << len(points).bit_length())
    sums = np.cumsum(_folded(points) * powers[: len(points)])
    hashes = (sums[stops - 1] - sums[starts - 1]) * inverses[starts]
    return Tokens(counts, of_text, hashes, stops - starts)


def _bare(kinds: NDArray[np.uint8], starts: Ints, stops: Ints) -> tuple[Ints, Ints]:
    """Words without what stands around them: most often no more than one mark on either side."""
    starts = starts + (kinds[starts] == _OUTER)
    stops = stops - (kinds[stops - 1] == _OUTER)
    more = np.flatnonzero((kinds[starts] == _OUTER) | (kinds[stops - 1] == _OUTER))
    if len(more):
        inner = np.append(np.flatnonzero(kinds < _SPACE), len(kinds))
        first = np.searchsorted(inner, starts[more])
        last = np.searchsorted(inner, stops[more]) - 1
        starts[more] = inner[first]
        stops[more] = np.where(last >= first, inner[last] + 1, inner[first])
    return starts, stops


def _points(texts: Sequence[str]) -> Points:
    """The code points of texts, a space before all and one behind each."""
    return np.frombuffer("\n".join(["", *texts, ""]).encode("utf-32-le", "surrogatepass"), np.uint32)


def _folded(points: Points) -> Points:
    table = _fold_table()
    folded = table.take(points, mode="clip")
    return np.where(points < len(table), folded, points) if points.max() >= len(table) else folded


@cache
def _kinds() -> NDArray[np.uint8]:
    """Whether each code point of the basic plane is white space, stands around words, is part of them, or is several
    code points when folded.
    """
    kinds = np.zeros(_PLANE, np.uint8)
    kinds[list(map(ord, _SPACES))] = _SPACE
    kinds[list(map(ord, OUTER))] = _OUTER
    kinds[[point for point in _cased() if len(chr(point).casefold()) > 1]] = _EXPANDING
    return kinds


@cache
def _fold_table() -> Points:
    """What each code point is when folded, where it is one."""
    table = np.arange(_CASED[-1].stop, dtype=np.uint32)
    for point in _cased():
        folded = chr(point).casefold()
        if len(folded) == 1:
            table[point] = ord(folded)
    return table


def _cased() -> Iterable[int]:
    return chain.from_iterable(_CASED)


@cache
def _powers(count: int) -> tuple[Hashes, Hashes]:
    """The first powers of the base and of its inverse; few lengths occur, each a power of two."""
    factors, inverses = (np.full(count, base, np.uint64) for base in (_BASE, pow(_BASE, -1, 2**64)))
    factors[0] = inverses[0] = 1
    return np.cumprod(factors), np.cumprod(inverses)
