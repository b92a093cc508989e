"""A text goes on behind a box of headlines where a paragraph is about the same things, and only there."""

from __future__ import annotations

import polars as pl
import pytest

from cuttings.pages import article, cut_pages, resuming
from cuttings.pages.lines import lex
from cuttings.pages.markers import read_lines
from cuttings.pages.measures import measure
from cuttings.pages.model import score_lines
from cuttings.pages.page import views

BODY = (
    "The harbour board of Aldern said on Monday that the old lighthouse will be rebuilt with ferry money.",
    "Keeper Mira Holt told the board that the lamp has been dark since the storm, and that the ferry now sails late.",
    "The ferry company asked for a second lamp on the mole, since the harbour is narrow and the tide runs fast there.",
    "Builders from Norrvik are expected in spring, said the board, and the lighthouse should be lit again by autumn.",
)
LAST = (
    "Until then the harbour board will pay for a ship with a lamp, which keeper Mira Holt will watch from the tower"
    " every night until the ferry is in."
)
OTHER = (
    "Readers who enjoy quizzes about films can win tickets for the cinema of their choice every week of this summer,"
    " simply by answering three questions."
)
BOX = (
    "Share this article", "Ten soups for the winter", "Where to hear the best choirs", "A walk through seven gardens",
    "Why cats like boxes so much", "How to mend a broken cup", "The quiet return of the typewriter",
)  # fmt: skip
FOOT = ("Contact", "Imprint", "Archive")


def rows(*lines: str) -> list[tuple[str, str, str]]:
    page = "\n".join(["Lighthouse to shine again", "By Ida Holm", "23 May, 2024 22:33", *lines, ""])
    segments = cut_pages([page.encode()]).segments.filter(pl.col("role") != "ws")
    return segments.select("role", "rule", "text").rows()


def test_the_last_paragraph_behind_a_box_is_text_and_the_box_is_not() -> None:
    found = rows(*BODY, *BOX, LAST, *FOOT)
    assert ("body", "text_resumed", LAST) in found
    assert [text for role, _, text in found if role == "body"] == [*BODY, LAST]


def test_without_the_rule_the_last_paragraph_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(article, "resumed", lambda *arguments: [])
    assert "body" not in {role for role, _, text in rows(*BODY, *BOX, LAST, *FOOT) if text == LAST}


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param((*BODY, *BOX, OTHER, *FOOT), id="about other things"),
        pytest.param((*BODY, *BOX[:-1], "Harbour board pays for a ship with a lamp", LAST, *FOOT), id="below a title"),
        pytest.param((*BODY, *BOX, "Comments", LAST, *FOOT), id="behind comments"),
        pytest.param((*BODY, *BOX, *BOX[1:], *BOX[1:], *BOX[1:], LAST, *FOOT), id="far behind"),
        pytest.param((*BODY, *BOX, LAST.rstrip("."), *FOOT), id="without an end"),
        pytest.param((*BODY, *BOX, LAST, *BOX[1:], LAST, *FOOT), id="twice"),
    ],
)
def test_what_is_no_paragraph_of_the_text_stays_outside(
    lines: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resuming, "LEAST_LOG_ODDS", -9.0)  # however much or little it is like text
    assert [text for role, _, text in rows(*lines) if role == "body"] == [*BODY]


def test_a_gap_is_counted_from_the_paragraph_before() -> None:
    again = f"In the meantime the ferry company will sail by day alone. {LAST}"
    far = BOX[1:] * 2
    assert len(far) < resuming.GAP_LINES < 2 * len(far)
    found = rows(*BODY, *far, LAST, *far, again, "Contact")
    assert [text for role, _, text in found if role == "body"] == [*BODY, LAST, again]


def test_paragraphs_right_behind_one_that_goes_on_are_text_whatever_they_share() -> None:
    further = "Nobody knows what the islanders think of it, since all of them were at sea when somebody came to ask."
    for lines, text in (((LAST, further), (LAST, further)), ((LAST, *BOX[:2], further), (LAST,)), ((further,), ())):
        found = rows(*BODY, *BOX, *lines, *FOOT)
        assert [line for role, _, line in found if role == "body"] == [*BODY, *text]


def test_what_cuts_a_text_is_looked_for_behind_its_last_paragraph() -> None:
    """It was looked for behind the run that the last paragraph is not part of: three lines of the box."""
    for line, status in (("Subscribe to continue reading", "truncated"), ("Contact", "full")):
        page = "\n".join(
            ["Lighthouse to shine again", "By Ida Holm", "23 May, 2024 22:33", *BODY, *BOX, LAST, line, ""]
        )
        primary = cut_pages([page.encode()]).appearances.row(0, named=True)
        assert (primary["body"].endswith(LAST), primary["body_status"]) == (True, status)


LETTERS = ("Newsletter", "Get the latest news every morning.", "Your email address", "Subscribe")
AFTER = (
    "Two neighbours bought paint for all of the stairs, and a baker promised to feed whoever comes with a brush.",
    "Nobody knows yet what becomes of the old lamp in the cellar.",
)


def resumed(*lines: str) -> list[str]:
    """What goes on behind the text BODY."""
    lexed = lex(["\n".join([*BODY, *lines, ""]).encode()])
    measured = measure(lexed)
    (page,) = views(read_lines(lexed, score_lines(lexed, measured), measured.words))
    return [page.text[i] for i in resuming.resumed(page, range(len(BODY)), bytearray(len(page.cls)))]


def test_sentences_right_behind_a_box_for_letters_go_on_with_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    assert resumed(*LETTERS, *AFTER) == [*AFTER]
    monkeypatch.setattr(resuming, "BOX_LINES", 0)
    assert resumed(*LETTERS, *AFTER) == []


def test_a_button_below_the_text_is_not_the_end_of_the_box() -> None:
    assert resumed(*LETTERS, *AFTER, "Subscribe") == [*AFTER]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param((*LETTERS, AFTER[1]), id="one alone, of the letters or the author"),
        pytest.param((*LETTERS, "Nobody knows yet.", AFTER[1]), id="few words"),
        pytest.param((*LETTERS, "Ada Fenwick", *AFTER), id="below a name"),
        pytest.param((*BOX[1:4], "Subscribe", *AFTER), id="headlines and one button"),
        pytest.param((*LETTERS, *AFTER, *AFTER), id="twice"),
        pytest.param(AFTER, id="without a box"),
    ],
)
def test_other_sentences_behind_a_box_do_not(lines: tuple[str, ...]) -> None:
    assert resumed(*lines) == []
