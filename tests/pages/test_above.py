"""Teasers of others above the page's own article, which is neither their last item nor do they open its text."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

import cuttings
from cuttings.pages import above, parse
from cuttings.pages.drafts import Draft
from cuttings.pages.page import Page
from cuttings.pages.story_heads import Head

TEASERS = (
    ("Harbour crane sold to a museum in the south",
     "It lifted its last boat in May, with the whole village on the quay, and travels by barge in four parts now."),
    ("Bakers fight over a saffron bun",
     "Two shops in one street say that the recipe is theirs, and the judge who tasted both asked for time to think."),
    ("Night train to the coast returns",
     "After nine years the sleeper leaves the capital again, three nights a week, with a dining car that serves soup."),
    ("Storks nest on the town hall",
     "Nobody is allowed to ring the bell before the young ones have flown, which the priest says takes until August."),
)  # fmt: skip
TITLE = "The last clockmaker of Tansy closes his workshop"
ARTICLE = (
    "After fifty-two years Anton Grey pulls down the shutters of his workshop in Mill Lane. He is the last clockmaker "
    "of Tansy who still mends clocks with weights, and he has no apprentice.",
    "Thirty clocks tick on the walls whose owners never came back. Some have waited since the eighties, when people "
    "left the town overnight and took nothing along but what they could carry.",
    "The council has offered to move the workshop to the museum, with its bench and all its tools. The clockmaker is "
    "thinking about it, but a clock behind glass, he says, is a dead clock.",
    "On Friday he will give away the straps that are left, and then he moves to his daughter's house by the sea.",
)  # fmt: skip
MORE = (
    "A clock with a cuckoo that no longer comes out was brought by a girl of nine, who paid in marbles and got change.",
    "The baker next door will miss the chimes. For thirty years, she says, they told her when to take the bread out of "
    "the oven, and never once did she burn a loaf.",
    "In the museum they have cleared a corner between the fire engine and the stuffed otter, with a window on the "
    "square, so that passers-by could look in.",
)
HEADS = ("How it began", "What the neighbours say", "What comes next")
SECTIONS = [line for section in zip(HEADS, ARTICLE[1:], MORE, strict=True) for line in section]
# Without dates, with some behind the texts, and above them; the article's own is written otherwise, or is missing.
PLAIN = [line for title, text in TEASERS for line in (title, text, "")]
DATED = [line for k, (title, text) in enumerate(TEASERS, 3) for line in (f"{k} hours ago", title, text, "")]
OWN = [TITLE, "By Nell Ferrier", "9 hours ago", *ARTICLE]
PAGES = {
    "plain": [*PLAIN, TITLE, *ARTICLE],
    "signed": [*PLAIN, *OWN],
    "dated": [*DATED, *OWN],
    "dated, with gaps": [line for line in [*DATED, *OWN] for line in (line, "")],
}


def cut(lines: list[str]) -> tuple[str, str, list[str]]:
    """Title and text of the primary, and the titles of the others."""
    page = cuttings.cut("\n".join(["News", "Sport", "", *lines, "", "Imprint", ""]).encode())
    own = page.primary
    return (own and own.title) or "", own.body if own else "", [a.title or "" for a in page.articles if a is not own]


@pytest.mark.parametrize("name", PAGES)
def test_the_article_below_teasers_is_the_primary(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cut(PAGES[name]) == (TITLE, "\n".join(ARTICLE), [title for title, _ in TEASERS])
    monkeypatch.setattr(parse, "stands_below_teasers", lambda _: False)
    assert cut(PAGES[name]) != (TITLE, "\n".join(ARTICLE), [title for title, _ in TEASERS])


def test_an_article_in_sections_is_more_than_a_list_leaves_over() -> None:
    found = cut([*DATED, TITLE, "By Nell Ferrier", ARTICLE[0], *SECTIONS])
    assert found[0] == TITLE
    assert {*ARTICLE, *MORE} <= set(found[1].splitlines())


def test_teasers_are_listed_once_whatever_another_rule_makes_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    found, rounds = parse._find_runs, []

    def counted(drafts: Sequence[Draft]) -> None:
        rounds.append(len(drafts))
        assert len(rounds) < 9
        found(drafts)

    def gives_back(draft: Draft) -> bool:
        rails, draft.rails = draft.rails, []
        return bool(rails)

    monkeypatch.setattr(parse, "_find_runs", counted)
    monkeypatch.setattr(parse, "gives_back_own", gives_back)
    cut(PAGES["plain"])
    assert len(rounds) == 3


def test_heads_that_were_weighed_stay_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fit of story starts looks at them after the page was cut."""
    weighed: list[tuple[list[Head], int]] = []

    def weigh(page: Page, found: list[Head], core: int) -> None:
        weighed.append((found, len(found)))
        for head, log_odds in zip(found, (*[above.HEAD_LOG_ODDS + 1] * (len(found) - 1), -9.0), strict=True):
            head.log_odds = log_odds

    monkeypatch.setattr(above, "weigh", weigh)
    cut(PAGES["plain"])
    assert weighed
    assert all(len(found) == count for found, count in weighed)
