"""The texts between the heads of a page, as far as heads are judged by them: what is said before a head and right
before it, in the opening of the page's own article, behind the head, and on beyond the next ones.

The windows of neighbouring heads are nearly the same lines. So what each line is compared by is looked up once for all
heads, and a window is a slice of it: a page of many short lines takes no longer than one of few long ones.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import reduce
from itertools import accumulate
from operator import or_
from typing import Final

from cuttings.pages.page import Page
from cuttings.pages.words import MOST_WORD_CHARS

# Characters that are compared: before a head, right before it, of the text behind it, and on beyond the next heads.
BEFORE_CHARS: Final = 3000
NEAR_CHARS: Final = 1000
BEHIND_CHARS: Final = 1500
BEYOND_CHARS: Final = 3000
# What an article is about stands in its first characters: in a few lines above its text, and in so many of its texts.
OPENING_CHARS: Final = 1500
OPENING_LINES, OPENING_TEXTS = 3, 20
# In the place of words and counts that nobody asked for yet.
UNREAD: Final = -1


class StoryTexts:
    """The words of some texts of a page, given by their lines in page order. The page's own article begins at line
    `core`: no line above that stands before a head.
    """

    def __init__(self, page: Page, texts: Sequence[range], core: int) -> None:
        self.page, self.core = page, core
        self._texts = texts
        own = [range(max(lines.start, core), lines.stop) for lines in texts]
        self._until = [0, *accumulate(map(len, own))]  # how many of the lines stand before each text
        self._lines = [page.text[i][-BEFORE_CHARS:] for lines in own for i in lines]
        self._chars = [0, *accumulate(map(len, self._lines))]
        lengths = [sum(map(len, page.text[lines.start : lines.stop])) for lines in texts]
        self._lengths = [0, *accumulate(min(length, BEHIND_CHARS) for length in lengths)]
        self._forget()

    def _forget(self) -> None:
        self._turns = self.page.seen.turns
        count = len(self._lines)
        self._counts, self._longer, self._names = [UNREAD] * count, [UNREAD] * count, [UNREAD] * count
        self._behind, self._behind_names = [UNREAD] * len(self._texts), [UNREAD] * len(self._texts)

    def turn(self) -> None:
        """Begin anew where the page has too many words for one set of numbers."""
        self.page.seen.turn()
        if self._turns != self.page.seen.turns:
            self._forget()

    def before(self, k: int) -> tuple[int, int, int]:
        """The words before text `k`, as far as they are compared; those right before it; and the names."""
        end = self._until[k]
        start, near = (self._start(end, chars) for chars in (BEFORE_CHARS, NEAR_CHARS))
        if UNREAD in self._counts[start:end]:
            self._read(start, end)
        return self._of(start, end), self._of(near, end), reduce(or_, self._names[start:end], 0)

    def beyond(self, k: int) -> tuple[int, int]:
        """The long words of text `k` and of the next ones, and the names: a section is too short to come back to all
        that its article is about.
        """
        end = bisect_left(self._lengths, self._lengths[k] + BEYOND_CHARS, hi=len(self._texts))
        for i in range(k, end):
            if self._behind[i] == UNREAD:
                self._behind[i], self._behind_names[i] = behind(self.page, self._texts[i])
        words = reduce(or_, self._behind[k:end], 0)
        return self.page.seen.long(words), reduce(or_, self._behind_names[k:end], 0)

    def opening(self, end: int) -> int:
        """The words of the beginning of the page's own article, before line `end`."""
        page = self.page
        lines = max(0, self.core - OPENING_LINES), min(self.core + OPENING_TEXTS, end)
        known = page.seen.opening.get(lines)
        if known is None:
            parts = _first([text[:OPENING_CHARS] for text in page.text[slice(*lines)]], OPENING_CHARS)
            known = page.seen.opening[lines] = page.seen.of(parts)
        return known

    def _start(self, end: int, chars: int) -> int:
        """The last of the lines from which on so many characters stand before line `end`; the first if fewer do."""
        return max(0, bisect_right(self._chars, self._chars[end] - chars, hi=end) - 1)

    def _read(self, start: int, end: int) -> None:
        seen = self.page.seen
        for i in range(start, end):
            if self._counts[i] == UNREAD:
                self._counts[i], self._longer[i] = seen.counted(self._lines[i])
                self._names[i] = seen.names([self._lines[i]])

    def _of(self, start: int, end: int) -> int:
        """What some of the lines are compared by, as `Words.of` has it."""
        chars = self._chars[end] - self._chars[start] + end - start - 1
        if chars > MOST_WORD_CHARS * sum(self._counts[start:end]):
            return self.page.seen.of(self._lines[start:end][::-1])
        return reduce(or_, self._longer[start:end], 0)


def behind(page: Page, lines: range) -> tuple[int, int]:
    """The words of a text behind a head, and the names among them, as far as they are compared."""
    known = page.seen.behind.get(lines)
    if known is None:
        parts = _first([text[:BEHIND_CHARS] for text in page.text[lines.start : lines.stop]], BEHIND_CHARS)
        known = page.seen.behind[lines] = page.seen.of(parts), page.seen.names(parts)
    return known


def _first(parts: list[str], most: int) -> list[str]:
    """The first parts that have so many characters together."""
    chars = 0
    for count, part in enumerate(parts, 1):
        chars += len(part)
        if chars >= most:
            return parts[:count]
    return parts
