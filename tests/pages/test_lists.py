"""Lists under a related heading whose items have several lines: ranks, times to read, comments, titles twice."""

from __future__ import annotations

import pytest

from cuttings.pages import columns, cut_pages, lists

PAGE = (
    "Aldern keeps its lighthouse after all",
    "By Ada Fenwick",
    "12 March 2026, 10:15",
    "The harbour board voted on Monday to keep the old lighthouse of Aldern, which was to be sold in the autumn.",
    "Its lamp was put out eleven years ago, but sailors still steer by the white tower when the weather is clear.",
    '"We could not let it go," said Rosa Lind, who chairs the board. "My grandfather lit that lamp every night."',
    "A group of neighbours had collected four thousand signatures, and offered to paint the stairs themselves.",
    "The sale would have brought 1.2 million crowns, which the harbour had planned to spend on a new crane.",
)
TITLES = (
    "Ferry crew finds a bell under the pier",
    "Mill fire closes the coast road for a week",
    "Schools will open an hour later in winter",
)
TEASERS = (
    "The crew had heard it ring for weeks.",
    "Three towns sent their firemen on Sunday.",
    "Parents may bring their children earlier.",
)
MENU = ("About us", "Contact", "© 2026 Aldern Gazette")
SHAPES = {
    "rank": [line for rank, title in enumerate(TITLES, 1) for line in (str(rank), title)],
    "padded rank": [line for rank, title in enumerate(TITLES, 1) for line in (f"0{rank}.", title)],
    "comments": [line for count, title in enumerate(TITLES, 3) for line in (title, f"{count} comments")],
    "time to read": [line for count, title in enumerate(TITLES, 3) for line in ("Harbour", title, f"{count} min read")],
    "twice": [line for title in TITLES for line in (title, title)],
    "advert": ["1", TITLES[0], "Sponsored", "2", "This lamp sells out in your town", "2", TITLES[1], "3", TITLES[2]],
    "bullet": [f"• {title}" for title in TITLES],
    "rank before the title": [f"{rank}. {title}" for rank, title in enumerate(TITLES, 1)],
    "mark of a rank": [f"#{rank} {title}" for rank, title in enumerate(TITLES, 1)],
}


def related(*lines: str, head: tuple[str, ...] = PAGE) -> list[tuple[str | None, str]]:
    """Title and text of the related articles of a page."""
    found = cut_pages(["\n".join([*head, "Most read", *lines, *MENU, ""]).encode()]).appearances
    return [(title, body) for zone, title, body in found.select("zone", "title", "body").rows() if zone == "related"]


@pytest.mark.parametrize("shape", SHAPES)
def test_items_of_several_lines_have_one_title_each(shape: str) -> None:
    assert related(*SHAPES[shape]) == [(title, "") for title in TITLES]


@pytest.mark.parametrize("shape", ["rank", "comments", "time to read"])
def test_only_the_cycles_see_them(shape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "_cycles", lambda page, start, taken: [])
    assert related(*SHAPES[shape]) != [(title, "") for title in TITLES]


def test_titles_and_teasers_above_the_article() -> None:
    lines = [line for pair in zip(TITLES, TEASERS, strict=True) for line in pair]
    found = cut_pages(["\n".join(["Home", "Most read", *lines, *PAGE, *MENU, ""]).encode()]).appearances
    assert found["title"].to_list() == [PAGE[0], *TITLES]
    assert found["body"].to_list()[1:] == list(TEASERS)


def test_a_ranked_list_ends_where_the_ranks_do() -> None:
    ranked = [f"{rank}. {title}" for rank, title in enumerate(TITLES, 1)]
    assert related("Most read", *ranked, "The work on the crane is to begin in spring.") == related(
        "Most read", *TITLES
    )


def test_titles_that_begin_with_other_numbers_keep_them(monkeypatch: pytest.MonkeyPatch) -> None:
    numbered = ["1 sailor found after a night at sea", "7 mills burnt since the war", "3 schools open an hour later"]
    assert [title for title, _ in related("Most read", *numbered)] == numbered
    ranked = [f"{rank}. {title}" for rank, title in enumerate(TITLES, 1)]
    monkeypatch.setattr(columns, "LEAST_TITLES", 4)
    assert [title for title, _ in related("Most read", *ranked)] == ranked


def test_numbers_that_do_not_count_are_no_ranks() -> None:
    lines = [line for number, title in zip((7, 3, 12), TITLES, strict=True) for line in (str(number), title)]
    assert related(*lines) == []


def test_the_head_of_a_text_is_no_item() -> None:
    told = (
        "Schools of the county will open an hour later this winter, from next week, as pupils had asked in a letter.",
        "Teachers expect fewer yawns during mathematics, buses need new timetables, and parents fear colder dinners.",
        "A doctor measured how long teenagers sleep, and found that most of them were awake until after midnight.",
    )
    lines = [line for count, title in enumerate(TITLES, 3) for line in ("Harbour", title, f"{count} min read")]
    assert related(*lines, *told) == [(TITLES[0], ""), (TITLES[1], ""), (TITLES[2], "\n".join(told))]
