"""Where a text is signed: the lines right above and below it, and its own first and last, that name its author."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from cuttings.pages.bylines import is_reporter
from cuttings.pages.page import BYLINE, COMMENTS, DATE, RELATED, Page

# So many first and last lines of a text, and so many behind it, may name its author.
EDGE_LINES: Final = 2
# What a byline behind one of these says is of something else.
_ENDS: Final = frozenset((COMMENTS, DATE, RELATED))
# Who let a text through has not written it.
_EDITORS: Final = ("编辑", "編輯", "责编", "責編", "편집", "ditor", "едактор")


def names_author(page: Page, i: int) -> bool:
    """Whether a line is a byline, by a phrase at its beginning or by its shape."""
    return page.cls[i] == BYLINE or is_reporter(page.text[i])


def edge_bylines(page: Page, body: Sequence[int]) -> set[int]:
    """The first and last lines of a text that name its author; none where nothing else would be left."""
    found = {i for i in {*body[:EDGE_LINES], *body[-EDGE_LINES:]} if names_author(page, i)}
    return set() if found.issuperset(body) else found


def bylines_around(page: Page, start: int, body: Sequence[int], masked: bytearray, *, is_signed: bool) -> list[int]:
    """The lines from `start` to a text that name its author, and one right behind it where none is known above: the
    next story may begin with its own.
    """
    if not body:
        return []
    found = [i for i in range(max(start, body[0] - EDGE_LINES), body[0]) if not masked[i] and names_author(page, i)]
    if is_signed or found:
        return found
    for i in range(body[-1] + 1, min(body[-1] + 1 + EDGE_LINES, len(page.cls))):
        if masked[i] or page.cls[i] in _ENDS or any(map(page.text[i].__contains__, _EDITORS)):
            break
        if names_author(page, i):
            return [i]
    return found
