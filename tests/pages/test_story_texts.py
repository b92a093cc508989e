"""What heads are judged by: the same words as if each window were read line by line from its head on."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cuttings.pages import story_texts
from cuttings.pages.lines import lex
from cuttings.pages.markers import read_lines
from cuttings.pages.measures import measure
from cuttings.pages.model import score_lines
from cuttings.pages.page import Page, views
from cuttings.pages.story_texts import BEFORE_CHARS, BEYOND_CHARS, NEAR_CHARS, StoryTexts, behind

WORDS = ("bridge", "Council", "of the", "engineers", "Aldern", "winter.", "flood", "ferry", "bell", "Ada Fenwick")
LINES = st.one_of(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join),
    st.sampled_from(("桥下月通行长三百米。", "旧桥整个冬天都将关闭，因为木头已经腐烂。")),
    st.sampled_from(WORDS).map(lambda word: f"{word} and so on, " * 250),  # longer than any window
)
TEXTS = st.lists(st.lists(LINES, min_size=1, max_size=30), min_size=2, max_size=8)


def page_of(texts: list[list[str]]) -> tuple[Page, list[range]]:
    """A page of some texts with a title above each, and the lines of the texts."""
    written: list[str] = []
    ranges = []
    for lines in texts:
        written.append("A title above the text")
        ranges.append(range(len(written), len(written) + len(lines)))
        written += lines
    lexed = lex(["\n".join(written).encode()])
    (page,) = views(read_lines(lexed, score_lines(lexed), measure(lexed).words))
    assert len(page.text) == len(written)
    return page, ranges


def nearest(page: Page, texts: list[range], core: int, most: int) -> list[str]:
    """The lines of some texts from line `core` on, the last first, until they have so many characters."""
    found: list[str] = []
    for i in reversed([i for lines in texts for i in lines if i >= core]):
        if sum(map(len, found)) >= most:
            break
        found.append(page.text[i][-BEFORE_CHARS:])
    return found


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.integers(0, 12))
def test_windows_that_share_their_lines_hold_what_each_would_alone(written: list[list[str]], core: int) -> None:
    page, ranges = page_of(written)
    texts = StoryTexts(page, ranges, core)
    for k in reversed(range(len(ranges))):
        parts, near = (nearest(page, ranges[:k], core, most) for most in (BEFORE_CHARS, NEAR_CHARS))
        assert texts.before(k) == (page.seen.of(parts), page.seen.of(near), page.seen.names(parts))
        words = names = chars = 0
        for lines in ranges[k:]:
            own, named = behind(page, lines)
            words, names = words | own, names | named
            chars += min(story_texts.BEHIND_CHARS, sum(len(page.text[i]) for i in lines))
            if chars >= BEYOND_CHARS:
                break
        assert texts.beyond(k) == (page.seen.long(words), names)


def test_numbers_of_words_that_were_forgotten_are_not_compared_with_those_of_now() -> None:
    page, ranges = page_of(
        [["The bridge of Aldern is closed."], ["The ferry of Aldern is free."], ["Engineers slept."]]
    )
    texts = StoryTexts(page, ranges, 0)
    first = texts.before(1), texts.beyond(1)
    page.seen.clear()
    page.seen.of(["Quite another word comes first now"])
    texts.turn()
    again = texts.before(1), texts.beyond(1)
    assert again != first
    parts = nearest(page, ranges[:1], 0, BEFORE_CHARS)
    assert again[0] == (page.seen.of(parts), page.seen.of(parts), page.seen.names(parts))
