"""What all titles of a list have beside them is a column of the list; what one title has is its own."""

from __future__ import annotations

import pytest

from cuttings.pages import cut_pages, items
from cuttings.pages.columns import name_columns, title_columns

TITLES = (
    "Ferry crew rescues two anglers from a capsized boat", "Council postpones the vote on a new tram line",
    "Bakers warn that flour could cost a third more", "Museum shows letters of a forgotten composer",
)  # fmt: skip
NAMES = ("Harbour Mirror", "The Lantern", "Northwire", "Coastline Post")
SECTIONS = ("Politics", "Culture", "Sports", "Business")
ARTICLE = """The bridge over the sound stays closed

The bridge over the sound has been closed since the storm of last week, and nobody can say when it will be open again.

Engineers found cracks in two pillars of the bridge, and the ministry wants all of them to be looked at by divers first.

Until then a ferry takes the cars over the sound every hour, and the people of the island wait for it in long queues.

Related Articles
"""
FORMS = (
    "» {title}", "→ {title}", "[{title}]", "{title} ({n})", "{title} (video)", "{rank}. {title}", "{rank} {title}",
    "{section} | {title}", "{title} | {name}", "{title} – {name}", "{day}.03. {title}",
)  # fmt: skip


def lines_of(form: str) -> list[str]:
    rows = enumerate(zip(TITLES, NAMES, SECTIONS, strict=True), 1)
    return [form.format(title=t, name=n, section=s, rank=k, n=7 * k, day=20 - k) for k, (t, n, s) in rows]


def found(*lines: str) -> list[dict[str, object]]:
    page = ARTICLE + "\n".join(lines) + "\n"
    return cut_pages([page.encode()]).appearances.to_dicts()[1:]


@pytest.mark.parametrize("form", FORMS)
def test_the_titles_of_a_list_are_read_without_its_columns(form: str) -> None:
    related = found(*lines_of(form))
    assert [article["title"] for article in related] == list(TITLES)
    assert [article["source_name"] for article in related] == (list(NAMES) if "name" in form else [None] * 4)
    days = [f"{20 - k}.03." if "day" in form else None for k in range(1, 5)]
    assert [article["date_text"] for article in related] == days


@pytest.mark.parametrize("form", FORMS)
def test_without_the_rule_they_stay_in_the_titles(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(items, "title_columns", lambda titles, has_source: [])
    assert [article["title"] for article in found(*lines_of(form))] == lines_of(form)


def test_names_that_come_again_are_sources_before_an_age(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("Harbour Mirror", "The Lantern", "Harbour Mirror", "The Lantern")
    lines = [f"{title} {name} {k} hours ago" for k, (title, name) in enumerate(zip(TITLES, names, strict=True), 2)]
    related = found(*lines)
    assert [(article["title"], article["source_name"]) for article in related] == list(zip(TITLES, names, strict=True))
    monkeypatch.setattr(items, "name_columns", lambda titles: [])
    assert [article["source_name"] for article in found(*lines)] == [None] * 4


@pytest.mark.parametrize("names", [("Northwire",) * 4, ("Northwire", "Northwire", "Polderpost", "The Lantern")])
def test_one_name_or_a_few_may_be_the_titles_own(names: tuple[str, ...]) -> None:
    assert name_columns([f"{title} {name}" for title, name in zip(TITLES, names, strict=True)]) == []


def test_a_small_word_leads_on_to_a_place() -> None:
    places = ("in Lunden", "in Lunden", "at Alden", "at Alden")
    assert name_columns([f"{title} {place}" for title, place in zip(TITLES, places, strict=True)]) == []


def test_what_two_titles_have_is_theirs() -> None:
    for form in FORMS:
        assert title_columns([*lines_of(form)[:2], *TITLES[2:]], has_source=False) == []


def test_a_bar_makes_a_column_in_a_part_of_a_list_a_dash_in_all_of_it_only() -> None:
    for form, is_column in (("{title} | {name}", True), ("{title} – {name}", False)):
        assert bool(title_columns([*lines_of(form)[:3], TITLES[3]], has_source=False)) == is_column


def test_what_stands_before_a_colon_is_the_title_s() -> None:
    assert title_columns(lines_of("{section}: {title}"), has_source=False) == []


def test_sources_on_lines_of_their_own_leave_none_for_the_titles() -> None:
    assert title_columns(lines_of("{title} | {name}"), has_source=True) == []


def test_ranks_count_from_one() -> None:
    titles = [f"{number} {title}" for number, title in zip((1, 3, 4, 5), TITLES, strict=True)]
    assert title_columns(titles, has_source=False) == []
