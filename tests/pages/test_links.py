"""Headlines below "Read more" within a text are links to other stories, and the text goes on behind them."""

from __future__ import annotations

import polars as pl
import pytest

from cuttings.pages import article, cut_pages, line_texts, links

TITLE = "Man who borrowed the town's ladders is spared jail"
BODY = (
    "A man who borrowed more than 300 ladders over two summers was given a suspended sentence in Aldern on Tuesday.",
    "The court heard that he had labelled each ladder with the house it came from, and meant to return every one.",
    "Officers found the ladders in a barn near the old lighthouse, sorted by length and freshly painted in white.",
    "His neighbours told the court that they had missed the ladders, but that the paint was better than before.",
)
LINKS = ("Pensioner's prize marrow vanishes the night before the show", "Council to spend two millions on new bins")


def body(*lines: str) -> str:
    found: str = cut_pages(["\n".join([TITLE, *lines, ""]).encode()]).appearances.row(0, named=True)["body"]
    return found


@pytest.mark.parametrize("heading", ["READ MORE", "Also read", "Related articles", "Lesen Sie auch"])
def test_headlines_below_such_a_heading_are_links(heading: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (*BODY[:2], heading, *LINKS, *BODY[2:])
    assert body(*page) == "\n".join(BODY)
    if heading == "READ MORE":
        monkeypatch.setattr(article, "inner_links", lambda page, body: set())
        assert LINKS[1] in body(*page)


def test_a_subhead_below_the_links_stays_in_the_text() -> None:
    assert "What the court said" in body(*BODY[:2], "READ MORE", *LINKS, "What the court said", *BODY[2:])


def test_a_headline_behind_the_end_of_a_teaser_stays() -> None:
    # "Read more" ends what stands above it as often as it opens what stands below: one headline alone says nothing.
    segments = cut_pages(["\n".join([TITLE, *BODY[:2], "Read more", LINKS[0], *BODY[2:], ""]).encode()]).segments
    assert "link_below_heading" not in segments.filter(pl.col("text") == LINKS[0])["rule"].to_list()


BOXES = (
    "We use your sign-up to provide content in ways you've consented to and improve our understanding of you.",
    "He leído y acepto el tratamiento de mis datos con fines comerciales.",
    "Genom att anmäla dig godkänner du våra villkor och hur vi behandlar dina uppgifter.",
    "Disclaimer: what is said here about ladders is general advice and no promise.",
    "Názory zde zveřejněné nemusí vyjadřovat stanovisko redakce.",
)


@pytest.mark.parametrize("sentence", BOXES)
def test_the_consent_of_a_newsletter_and_a_disclaimer_are_no_text(
    sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (*BODY[:2], sentence, *BODY[2:])
    assert sentence not in body(*page)
    monkeypatch.setattr(line_texts, "mark_told", lambda *arguments: None)
    monkeypatch.setattr(line_texts, "mark_begun", lambda *arguments, **named: None)
    assert sentence in body(*page)


def test_answers_are_what_readers_wrote() -> None:
    answer = "Paint the ladders in another colour and write your name on each of them in large letters."
    question = (
        *BODY,
        *(f"{line} Nobody knows why." for line in BODY[::-1]),
        "I asked the same a year ago, and nobody who owns a ladder has answered me since then.",
    )
    assert answer not in body(*question, "2 Answers", "old_miller", answer)
    assert answer in body(*question, "2 answers to an old question", answer)


LONG = (
    "Drivers face a fourteen-mile diversion until April after engineers found that cracks in the eastern pier of the "
    "bridge had widened by almost a centimetre within three months.",
    "The crossing carries about six thousand vehicles every day, and was closed on Tuesday evening with less than two "
    "hours of notice, the county surveyor said.",
    "Traders in the village said that they had lost half of their custom within days. The baker beside the church has "
    "already asked two assistants to take unpaid leave.",
    "The parish council wants a temporary footbridge, so that children can reach the school on the other side. The "
    "county said that this would cost a fortune and could not be ready before the summer.",
    "Buses will turn round at the mill until further notice, and a shuttle will run from the other bank every forty "
    "minutes, weather permitting, until the surveyor is satisfied with the masonry.",
)
STRANGE = "Woman, 81, reunited with wedding ring in a turnip field"


def of_bridge(*lines: str) -> str:
    text = "\n".join(["Bridge stays shut until spring as cracks widen", *lines, ""])
    return str(cut_pages([text.encode()]).appearances.row(0, named=True)["body"])


@pytest.fixture
def unsure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every headline within a text may be strange, and none is left out as unlike text."""
    monkeypatch.setattr(links, "STRANGE_LOG_ODDS", 100.0)
    monkeypatch.setattr(article, "DROP_SCORE", -100.0)


@pytest.mark.usefixtures("unsure")
def test_a_headline_about_other_things_between_paragraphs_is_a_link(monkeypatch: pytest.MonkeyPatch) -> None:
    assert of_bridge(*LONG[:2], STRANGE, *LONG[2:]) == "\n".join(LONG)
    monkeypatch.setattr(article, "strange_headlines", lambda page, body: set())
    assert STRANGE in of_bridge(*LONG[:2], STRANGE, *LONG[2:])


@pytest.mark.usefixtures("unsure")
@pytest.mark.parametrize(
    "line",
    [
        "Why the county surveyor closed the crossing with hardly any notice",  # about the text
        "What the villagers say of it all",  # short
        "Woman, 81, reunited with the wedding ring which the baker lost",  # about the paragraph below
        "Friday, January 6, 2012 at 11:26: reunited with a wedding ring",  # a day and an hour
    ],
)
def test_a_subhead_between_paragraphs_stays(line: str) -> None:
    assert line in of_bridge(*LONG[:2], line, *LONG[2:])


@pytest.mark.usefixtures("unsure")
def test_a_short_text_says_too_little_to_tell_a_strange_headline() -> None:
    assert STRANGE in body(*BODY[:2], STRANGE, *BODY[2:])


def test_a_headline_that_is_surely_text_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "STRANGE_LOG_ODDS", -100.0)
    monkeypatch.setattr(article, "DROP_SCORE", -100.0)
    assert STRANGE in of_bridge(*LONG[:2], STRANGE, *LONG[2:])
