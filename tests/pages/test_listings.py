"""Lists of one-line items are parted at their dates; a date in a headline among other lines is part of it."""

from __future__ import annotations

import pytest

from cuttings.pages import cut_pages, parting

TITLES = (
    "Ferry crew rescues two anglers from a capsized boat", "Council postpones the vote on a new tram line",
    "Bakers warn that flour could cost a third more", "Museum shows letters of a forgotten composer",
    "Court stops the felling of old oaks beside the motorway",
)  # fmt: skip
SOURCES = ("Harbour Mirror", "The Lantern", "Northwire", "Coastline Post", "Polderpost")
ARTICLE = """The bridge over the sound stays closed

The bridge over the sound has been closed since the storm of last week, and nobody can say when it will be open again.

Engineers found cracks in two pillars of the bridge, and the ministry wants all of them to be looked at by divers first.

Until then a ferry takes the cars over the sound every hour, and the people of the island wait for it in long queues.

"""
FORMS = {
    "{title} - {source} - {n} hours ago": "{n} hours ago",
    "{title} | {source} | {n} March 2025": "{n} March 2025",
    "{source} · {n} hours ago · {title}": "{n} hours ago",
    "1{n}:3{n} {title}": "1{n}:3{n}",
    "1{n}:3{n} | {title}": "1{n}:3{n}",
    "{title} {n}h": "{n}h",
    "{title} vor {n} Stunden": "vor {n} Stunden",
    "2025-03-1{n} {title}": "2025-03-1{n}",
    "{n}시간 전 {title}": "{n}시간 전",
}


def page_of(form: str, heading: str) -> str:
    rows = [form.format(title=t, source=s, n=9 - k) for k, (t, s) in enumerate(zip(TITLES, SOURCES, strict=True))]
    return ARTICLE + heading + "\n" + "\n".join(rows) + "\n"


@pytest.mark.parametrize("heading", ["Related Articles", "From the ferry deck"])
@pytest.mark.parametrize("form", FORMS)
def test_each_line_is_an_article_with_its_title_source_and_date(form: str, heading: str) -> None:
    found = cut_pages([page_of(form, heading).encode()]).appearances
    assert found["zone"].to_list() == ["primary", *["related"] * 5]
    assert found["title"].to_list()[1:] == list(TITLES)
    assert [text.strip(" |·-") for text in found["date_text"].to_list()[1:]] == [
        FORMS[form].format(n=9 - k) for k in range(5)
    ]
    if "source" in form:
        assert [name.strip(" |·-") for name in found["source_name"].to_list()[1:]] == list(SOURCES)


def test_without_parting_the_dates_stay_in_the_titles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parting, "list_places", lambda lexed: {})
    found = cut_pages([page_of("{title} - {source} - {n} hours ago", "Related Articles").encode()]).appearances
    assert found["title"].to_list()[1:] != list(TITLES)


@pytest.mark.parametrize(
    "lines",
    [
        ["Ferry sinks off the northern pier on 3 May 2024", "Council votes on trams", "Bakers warn of prices"],
        ["The storm began at 10:30", "It grew until 3 March 2025", "The harbour was closed 2 hours ago"],
    ],
)
def test_a_date_that_its_neighbours_lack_is_part_of_its_line(lines: list[str]) -> None:
    raw = (ARTICLE + "\n".join(lines)).encode()
    segments = cut_pages([raw]).segments
    texts = {raw[start:end].decode() for start, end in segments.select("byte_start", "byte_end").iter_rows()}
    assert texts.issuperset(lines)
