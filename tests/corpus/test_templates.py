"""Template lines: what repeats across the pages of a site, counted."""

from __future__ import annotations

from datetime import UTC, datetime

NAVIGATION = ("Home", "News", "Sport", "Weather", "Sign in")


def test_lines_of_pages_of_one_publisher_are_counted(dump, tables):
    for number in range(4):
        lines = ("Home", f"Headline {number}") + (("Breaking",) if number else ())
        dump.page(
            f"{number}",
            {"title": "One", "source": "Harbour Post"},
            lines=lines,
            captured=f"2024-03-0{number + 1}T00:00",
        )
    result = tables(dump)
    publisher = result["publishers"].get_column("publisher_id")[0]
    rows = (
        result["template_lines"].sort("text").select("site", "text", "page_count", "share", "first_seen", "last_seen")
    )
    first, second, last = (datetime(2024, 3, day, tzinfo=UTC) for day in (1, 2, 4))
    assert rows.rows() == [
        (publisher, "Breaking", 3, 0.75, second, last),
        (publisher, "Home", 4, 1.0, first, last),
    ]


def test_a_line_twice_on_a_page_is_one_page_and_case_does_not_matter(dump, tables):
    for number, lines in enumerate((("SHARE", "share"), ("Share ", "Share"), ("Share",))):
        dump.page(f"{number}", {"title": "One", "source": "Harbour Post"}, lines=lines)
    rows = tables(dump)["template_lines"].select("text", "page_count").rows()
    assert rows == [("Share", 3)]


def test_pages_of_a_site_need_not_have_every_line(dump, tables):
    for number in range(4):
        lines = [line for place, line in enumerate((*NAVIGATION, "Shop")) if place != number]
        dump.page(f"{number}", {"title": "One"}, lines=tuple(lines))
    counts = dict(tables(dump)["template_lines"].select("text", "page_count").iter_rows())
    assert counts == dict.fromkeys((*NAVIGATION[:4],), 3) | {"Sign in": 4, "Shop": 4}


def test_pages_that_name_nobody_are_one_site_when_they_share_their_furniture(dump, tables):
    keys = [dump.page(f"{number}", {"title": "One"}, lines=(*NAVIGATION, f"Headline {number}")) for number in range(3)]
    result = tables(dump)["template_lines"]
    assert set(result.get_column("site")) == {min(keys)[:16]}
    assert set(result.get_column("text")) == set(NAVIGATION)


def test_pages_of_different_sites_are_not_joined_by_a_few_common_lines(dump, tables):
    for site, others in (("a", ("Rail", "Docks", "Ferries", "Tides")), ("b", ("Farm", "Dairy", "Fairs", "Seed"))):
        for number in range(3):
            dump.page(f"{site}{number}", {"title": "One"}, lines=("Home", "Share", *others))
    rows = tables(dump)["template_lines"].select("site", "text", "page_count").rows()
    assert len({site for site, _, _ in rows}) == 2
    assert {count for _, _, count in rows} == {3}


def test_a_silent_page_of_a_publishers_cluster_is_that_publishers(dump, tables):
    for number, source in enumerate(("Harbour Post", "Harbour Post", None)):
        dump.page(f"{number}", {"title": "One", "source": source}, lines=NAVIGATION)
    result = tables(dump)
    assert set(result["template_lines"].get_column("site")) == set(result["publishers"].get_column("publisher_id"))


def test_an_aggregators_cluster_is_a_site_of_its_own(dump, tables):
    for number, source in enumerate(("Harbour Post", "River Gazette", "Mint")):
        dump.page(f"{number}", {"title": "One", "source": source}, lines=NAVIGATION)
    result = tables(dump)
    site = set(result["template_lines"].get_column("site"))
    assert len(site) == 1
    assert not site & set(result["publishers"].get_column("publisher_id"))


def test_two_pages_make_no_template(dump, tables):
    for number in range(2):
        dump.page(f"{number}", {"title": "One", "source": "Harbour Post"}, lines=NAVIGATION)
    assert tables(dump)["template_lines"].height == 0
