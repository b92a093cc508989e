"""What readers wrote: the names, times and sentences below the heading of comments, which no phrase tells."""

from __future__ import annotations

from typing import Final

from cuttings.pages.labels import PAGE_ZONE, ROLE, RULE, Labels
from cuttings.pages.page import COMMENTS, TEXT, Page

# Lines in a row without a sentence, the heading's and each comment's name, time and buttons: with more it is a menu.
HEAD_LINES: Final = 6
# What may stand between comments: links to share, to answer and to go on.
_BETWEEN: Final = frozenset(b"CHNKi")


def label_comments(page: Page, labels: Labels) -> None:
    """Call comments what stands below their heading, up to the last sentence, where nothing else is known of it."""
    heading = page.cls.find(COMMENTS)
    while heading >= 0:
        end = heading + 1
        lines = []
        for i in range(heading + 1, len(page.cls)):
            is_open = labels.role[i] == ROLE["unknown"] and labels.rule[i] == RULE["furniture"]
            if labels.zone[i] != PAGE_ZONE or not (is_open or page.cls[i] in _BETWEEN) or i - end >= HEAD_LINES:
                break
            if is_open:
                lines.append(i)
                end = i + 1 if page.cls[i] in TEXT else end
        labels.put_all((i for i in lines if i < end), PAGE_ZONE, "comments", -1, "comment_run")
        heading = page.cls.find(COMMENTS, end)
