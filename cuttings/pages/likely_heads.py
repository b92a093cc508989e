"""The heads of a page whose rails are not yet known: each is weighed once, when somebody asks about it."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from functools import cached_property

from cuttings.pages.page import BODY, TEXT, Page
from cuttings.pages.story_heads import Head, heads, heads_by_fold, texts_of, weigh_one
from cuttings.pages.story_texts import StoryTexts


class LikelyHeads:
    """What may be heads of stories while the rails of a page are looked for. The classes of its lines must not change
    while this is in use.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self._weighed: set[int] = set()

    @cached_property
    def found(self) -> list[Head]:
        """The heads in page order, without title and log-odds until they are weighed."""
        return heads(self.page, bytearray(len(self.page.cls)))

    @cached_property
    def core(self) -> int:
        """The first line of likely text."""
        page = self.page
        likely = [i for i, c in enumerate(page.cls) if c in TEXT and page.score[i] > 0]
        return next((i for i in likely if page.cls[i] == BODY), likely[0] if likely else len(page.cls))

    def at(self, line: int) -> int | None:
        """The number of the head that line `line` is part of, behind the first likely text; None for no head."""
        k = bisect_right(self._bodies, line)
        is_in = k < len(self.found) and self.found[k].left <= line and self.found[k].start > self.core
        return k if is_in else None

    def opened_by(self, line: int) -> int | None:
        """The number of the head behind which line `line` is the first text, as `at` gives it."""
        k = self.at(line - 1)
        return k if k is not None and self.found[k].body == line else None

    def weighed(self, k: int) -> Head:
        """Head `k` with its title and log-odds."""
        if k not in self._weighed:
            self._weighed.add(k)
            weigh_one(self.page, self.found, k, self._texts, self._heads_with)
        return self.found[k]

    def all_weighed(self) -> list[Head]:
        """All heads with their titles and log-odds."""
        return [self.weighed(k) for k in range(len(self.found))]

    @cached_property
    def _bodies(self) -> list[int]:
        return [head.body for head in self.found]

    @cached_property
    def _heads_with(self) -> Counter[int]:
        return heads_by_fold(self.page, self.found)

    @cached_property
    def _texts(self) -> StoryTexts:
        return texts_of(self.page, self.found, self.core)
