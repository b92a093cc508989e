"""Teasers without dates: titles and one line of text in turn."""

from __future__ import annotations

from functools import cached_property
from typing import Final

from cuttings.pages.likely_heads import LikelyHeads
from cuttings.pages.page import Page
from cuttings.pages.story_heads import Head, is_told, slots_of
from cuttings.pages.story_rows import counted_heads, head_rank

# A story is likely at a head of more log-odds.
STORY_LOG_ODDS: Final = 0.0
# So many titles with one line of text each, of so many units at most, are teasers: three or more within the articles of
# real pages had -3 in the mean at most, where each counts for -6 at least.
TEASERS: Final = 3
TEASER_UNITS: Final = 60.0
TEASER_LOG_ODDS, LEAST_TEASER_LOG_ODDS = -2.5, -6.0


def teaser_heads(page: Page, found: list[Head], since: int) -> set[int]:
    """Which heads, behind line `since`, are those of teasers: a title and one line of text in turn, some times without
    anything between, that do not speak against a story in the mean. A heading may stand above the first.
    """
    runs: list[list[int]] = [[]]
    for k, head in enumerate(found):
        if runs[-1] and (found[k - 1].end < head.left or not _is_teaser(page, head, 1)):
            runs.append([])
        if head.start > since and _is_teaser(page, head, 1 if runs[-1] else 2):
            runs[-1].append(k)
    return {k for run in runs if _are_teasers(page, [found[k] for k in run]) for k in run}


def _is_teaser(page: Page, head: Head, most: int) -> bool:
    """Whether a head of so many lines at most has a title, and one line of text behind it that is not long."""
    return head.title >= 0 and _is_line(page, head) and len(slots_of(page, head)) <= most


def _is_line(page: Page, head: Head) -> bool:
    """Whether the text behind a head is one line that is not long."""
    return head.end - head.body == 1 and page.units[head.body] <= TEASER_UNITS


def _are_teasers(page: Page, run: list[Head]) -> bool:
    """Whether heads in a row are those of teasers: three, or two under a related heading, and likely enough."""
    least = TEASERS - 1 if run and is_told(page, run[0]) else TEASERS
    odds = [max(head.log_odds, LEAST_TEASER_LOG_ODDS) for head in run]
    return len(run) >= least and sum(odds) > TEASER_LOG_ODDS * len(odds)


class StoryLines:
    """The lines of a page whose rails are not yet known where the text of a story begins: of one that is likely, or of
    a teaser, or of one of those that count.
    """

    def __init__(self, likely: LikelyHeads) -> None:
        self._likely = likely

    def __contains__(self, line: int) -> bool:
        k = self._likely.opened_by(line)
        if k is None:
            return False
        if _is_line(self._likely.page, self._likely.found[k]) and k in self._teasers:
            return True
        head = self._likely.weighed(k)
        return head.log_odds > STORY_LOG_ODDS or (head_rank(self._likely.page, head) > 0 and k in self._counted)

    @cached_property
    def _teasers(self) -> set[int]:
        """The heads of teasers: those beside a head have a say."""
        return teaser_heads(self._likely.page, self._likely.all_weighed(), self._likely.core)

    @cached_property
    def _counted(self) -> set[int]:
        return counted_heads(self._likely.page, self._likely.all_weighed(), self._likely.core)
