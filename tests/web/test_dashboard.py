"""The dashboard in a real browser: what it shows is what SQL says, whatever is selected and however it was selected."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import polars as pl
import pytest
from playwright.sync_api import Page

import cuttings
from tests.web.conftest import Visit, serving

pytestmark = pytest.mark.slow
AXE = Path(__file__).resolve().parents[2] / "dashboards" / "node_modules" / "axe-core" / "axe.min.js"
Opens = Callable[..., Visit]


def sql(warehouse: Path, query: str) -> list[tuple]:
    with cuttings.open(warehouse) as opened, opened.duckdb() as connection:
        return connection.execute(query).fetchall()


def number(page: Page, selector: str) -> int:
    return int(page.inner_text(selector).replace(",", ""))


def bars(page: Page, card: str) -> dict[str, int]:
    """The bars of a panel with their exact numbers, which stand in the title."""
    found = {}
    for bar in page.query_selector_all(f"#{card} .bar"):
        name, n = re.fullmatch(r"(.*): ([\d,]+) of .*", bar.get_attribute("title"), re.DOTALL).groups()
        found[name] = int(n.replace(",", ""))
    return found


def whole(page: Page) -> None:
    """Show every publisher."""
    button = page.locator("#publishers >> text=Show all")
    if button.is_visible():
        button.click()


def counted(warehouse: Path, column: str, where: str = "true") -> dict[str, int]:
    rows = sql(warehouse, f"select {column}, count(*) from marts.dashboard_appearances where {where} group by all")
    return dict(rows)


def test_the_overview_says_what_sql_says(visit: Opens, served: str, sample_warehouse: Path) -> None:
    page = visit(served).go("/")
    [(appearances,)] = sql(sample_warehouse, "select count(*) from appearances")
    [(texts,)] = sql(sample_warehouse, "select count(*) from articles")
    assert number(page, "#k-appearances") == appearances
    assert number(page, "#k-texts") == texts
    assert number(page, "#k-primary") == counted(sample_warehouse, "zone")["primary"]
    whole(page)
    assert bars(page, "publishers") == counted(sample_warehouse, "publisher_name")
    assert bars(page, "roles") == counted(sample_warehouse, "zone")
    assert bars(page, "origins") == counted(sample_warehouse, "date_origin")
    assert bars(page, "certainties") == counted(sample_warehouse, "certainty")


def test_brushed_numbers_are_exact_to_the_unit(visit: Opens, served: str, sample_warehouse: Path) -> None:
    tab = visit(served)
    page = tab.go("/")
    area = page.locator("#timeline .brush").bounding_box()
    assert area
    for start, stop in ((0.55, 0.8), (0.62, 0.71), (0.3, 0.96)):
        page.mouse.move(area["x"] + start * area["width"], area["y"] + 20)
        page.mouse.down()
        for step in range(1, 9):
            page.mouse.move(area["x"] + (start + (stop - start) * step / 8) * area["width"], area["y"] + 24)
        page.mouse.up()
        tab.settle()
        chosen = parse_qs(urlsplit(page.url).query)
        where = f"published_on >= '{chosen['from'][0]}' and published_on < '{chosen['before'][0]}'"
        [(n, dated)] = sql(
            sample_warehouse, f"select count(*), count(published_at) from marts.dashboard_appearances where {where}"
        )
        assert 0 < n == dated
        assert number(page, "#k-appearances") == n
        [(texts,)] = sql(sample_warehouse, f"select count(*) from marts.dashboard_articles where {where}")
        assert number(page, "#k-texts") == texts
        assert f"of {texts} distinct texts" in page.inner_text("#rows-shown")
        for card, column in (("roles", "zone"), ("certainties", "certainty"), ("origins", "date_origin")):
            assert {name: n for name, n in bars(page, card).items() if n} == counted(sample_warehouse, column, where)
        ages = {b.query_selector("span").inner_text(): b.query_selector("b") for b in page.query_selector_all(".age")}
        found = {name: int(b.get_attribute("title").replace(",", "")) for name, b in ages.items()}
        assert found == counted(sample_warehouse, "age_bin", f"zone <> 'primary' and {where}")
        page.keyboard.press("Escape")


def test_every_chart_filters_every_other_but_not_itself(visit: Opens, served: str, sample_warehouse: Path) -> None:
    tab = visit(served)
    page = tab.go("/")
    page.click("#certainties .bar:has-text('within a day')")
    page.click("#roles .bar:has-text('related')")
    tab.settle()
    both = "certainty = 'within a day' and zone = 'related'"
    assert bars(page, "roles") == counted(sample_warehouse, "zone", "certainty = 'within a day'")
    assert bars(page, "certainties") == counted(sample_warehouse, "certainty", "zone = 'related'")
    whole(page)
    assert bars(page, "publishers") == counted(sample_warehouse, "publisher_name", both)
    [(n,)] = sql(sample_warehouse, f"select count(*) from marts.dashboard_appearances where {both}")
    assert number(page, "#k-appearances") == n
    words = page.inner_text("#filters .chips")
    assert "within a day" in words
    assert "related" in words
    page.click("#clear")
    tab.settle()
    assert urlsplit(page.url).query == ""
    assert bars(page, "roles") == counted(sample_warehouse, "zone")


def test_filters_in_the_address_come_back(visit: Opens, served: str) -> None:
    tab = visit(served)
    page = tab.go("/")
    page.click("#roles .bar:has-text('related')")
    page.click("#languages .bar:has-text('en')")
    page.fill("#from", "2026-07-08")
    page.fill("#before", "2026-07-13")
    page.locator("#before").blur()
    page.click("[data-rows=appearances]")
    page.fill("#search", "the")
    page.click("#articles th button:has-text('Title')")
    tab.settle()
    first = [page.inner_text(card) for card in ("#numbers dl", "#filters .chips", "#roles", "#ages", "#articles")]
    assert "from 2026-07-08, before 2026-07-13" in first[1]
    other = visit(served)
    again = other.go(page.url.removeprefix(served))
    assert [
        again.inner_text(card) for card in ("#numbers dl", "#filters .chips", "#roles", "#ages", "#articles")
    ] == first


def test_strange_addresses_do_no_harm(visit: Opens, served: str) -> None:
    page = visit(served).go(
        "/?publisher='%20or%201=1--&zone=%3Cscript%3E&from=2026-99-99&page=-7&sort=drop&columns=x,&q=%25'"
    )
    assert number(page, "#k-appearances") == 0
    assert "No article fits" in page.inner_text("#articles")
    assert page.locator("#problem").is_hidden()


def test_the_keyboard_is_enough(visit: Opens, served: str, sample_warehouse: Path) -> None:
    tab = visit(served)
    page = tab.go("/")
    page.focus("#timeline .handle.from")
    for key in ("PageUp", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    page.focus("#timeline .handle.before")
    page.keyboard.press("PageDown")
    tab.settle()
    chosen = parse_qs(urlsplit(page.url).query)
    where = f"published_on >= '{chosen['from'][0]}' and published_on < '{chosen['before'][0]}'"
    [(n,)] = sql(sample_warehouse, f"select count(*) from marts.dashboard_appearances where {where}")
    assert number(page, "#k-appearances") == n
    assert chosen["from"][0] in page.get_attribute("#timeline .handle.from", "aria-valuetext")
    page.focus("#roles .bar:has-text('primary')")
    page.keyboard.press("Enter")
    tab.settle()
    assert page.evaluate("document.activeElement.textContent.includes('primary')")
    assert page.get_attribute("#roles .bar:has-text('primary')", "aria-pressed") == "true"
    page.focus("#filters .chip.filter")
    page.keyboard.press("Enter")
    tab.settle()
    assert "from" not in parse_qs(urlsplit(page.url).query)


def test_the_table_sorts_searches_pages_and_leads_to_the_inspector(
    visit: Opens, served: str, sample_warehouse: Path
) -> None:
    tab = visit(served)
    page = tab.go("/?sort=word_count")
    longest = sql(
        sample_warehouse,
        "select title from marts.dashboard_articles order by word_count desc nulls last, article_id limit 50",
    )
    titles = [row.inner_text() for row in page.query_selector_all("#articles td.title")]
    page.click("#next")
    tab.settle()
    titles += [row.inner_text() for row in page.query_selector_all("#articles td.title")]
    assert titles == [title or "(no title)" for (title,) in longest]
    page.fill("#search", "SALT year")
    tab.settle()
    [(n,)] = sql(
        sample_warehouse,
        "select count(*) from marts.dashboard_articles where title ilike '%salt%' and title ilike '%year%'",
    )
    assert f"of {n} distinct texts" in page.inner_text("#rows-shown")
    page.click("summary:has-text('Columns')")
    page.check("#column-date_origin")
    tab.settle()
    assert "Date" in page.inner_text("#articles thead").split()
    page.keyboard.press("Escape")
    page.locator("#articles td.title a").first.click()
    page.wait_for_url("**/page/**")
    assert "salt year" in page.inner_text("main").lower()


def test_late_answers_are_dropped(visit: Opens, served: str) -> None:
    """The answer to an earlier search arrives after the one to a later search."""
    tab = visit(served)
    page = tab.go("/")

    def slow(route: object) -> None:
        if "glacier" in (route.request.post_data or ""):
            page.wait_for_timeout(600)
        route.continue_()

    page.route("**/api/query", slow)
    page.fill("#search", "glacier")
    page.wait_for_timeout(200)
    page.fill("#search", "lantern")
    page.wait_for_timeout(1500)
    titles = " ".join(row.inner_text().lower() for row in page.query_selector_all("#articles td.title"))
    assert "lantern" in titles
    assert "glacier" not in titles


def test_sql_and_exports_of_a_panel_are_what_it_shows(
    visit: Opens, served: str, sample_warehouse: Path, tmp_path: Path
) -> None:
    tab = visit(served)
    page = tab.go("/?zone=related&from=2026-07-06&before=2026-07-13")
    page.click("[aria-label='Show the SQL: Languages']")
    shown = page.inner_text("#sql code")
    page.click("#sql button")
    assert dict(sql(sample_warehouse, shown)) == bars(page, "languages")
    for ending, read in (("CSV", pl.read_csv), ("Parquet", pl.read_parquet)):
        with page.expect_download() as waiting:
            page.click(f"[aria-label='Save as {ending}: Languages']")
        name = waiting.value.suggested_filename
        assert name.startswith("languages__published=2026-07-06_to_before_2026-07-13__zone=related__generation=")
        path = tmp_path / name
        waiting.value.save_as(path)
        assert dict(read(path).iter_rows()) == bars(page, "languages")
    with page.expect_download() as waiting:
        page.click("[aria-label='Save as CSV: Articles']")
    waiting.value.save_as(tmp_path / "articles.csv")
    assert f"of {pl.read_csv(tmp_path / 'articles.csv').height} " in page.inner_text("#rows-shown")


def test_the_period_before_is_the_same_length_and_ends_where_the_chosen_one_starts(
    visit: Opens, served: str, sample_warehouse: Path
) -> None:
    page = visit(served).go("/?from=2026-07-10&before=2026-07-14&compare=yes")
    assert "compared with 2026-07-06, before 2026-07-10" in page.inner_text("#compare-note")
    now, earlier = (
        sql(
            sample_warehouse,
            f"select count(*) from marts.dashboard_appearances where published_on >= '{a}' and published_on < '{b}'",
        )[0][0]
        for a, b in (("2026-07-10", "2026-07-14"), ("2026-07-06", "2026-07-10"))
    )
    sign = "▲" if now > earlier else "▼"
    assert (
        page.inner_text("#k-appearances-change") == f"{sign} {abs(100 * (now - earlier) / earlier):.0f}% from {earlier}"
    )


def test_the_graph_adds_up_and_leads_to_the_articles(visit: Opens, served: str, sample_warehouse: Path) -> None:
    tab = visit(served)
    page = tab.go("/graph")
    pairs = sql(
        sample_warehouse,
        "select page_publisher_name, publisher_name, count(*) as n from marts.dashboard_appearances "
        "where zone <> 'primary' group by all order by n desc",
    )
    rows = [row.query_selector_all("td") for row in page.query_selector_all("#pairs tbody tr")]
    shown = sorted((a.inner_text(), b.inner_text(), int(n.inner_text())) for a, b, n, *_ in rows)
    assert shown == sorted(pairs)
    cells = [int(cell.inner_text()) for cell in page.query_selector_all("#matrix button.cell")]
    assert sum(cells) == sum(n for *_, n in pairs)
    page.locator("#pairs tbody a").nth(1).click()
    page.wait_for_selector("html[data-ready=yes]", state="attached")
    tab.settle()
    assert number(page, "#k-appearances") == sorted((n for *_, n in pairs), reverse=True)[1]
    assert "articles on pages" in page.inner_text("#rows-shown")


@pytest.mark.parametrize("name", ["publishing-rhythm", "languages", "page-load"])
def test_pages_that_ship_draw(visit: Opens, served: str, name: str) -> None:
    page = visit(served).go(f"/views/{name}")
    assert page.locator("#problem").is_hidden()
    assert page.locator("#host svg g rect, #host svg g circle").count()
    page.click("text=Queries of this page")
    assert page.locator(".query").count()


def test_a_file_dropped_into_the_folder_is_a_page(visit: Opens, sample_warehouse: Path, tmp_path: Path) -> None:
    with serving(sample_warehouse, tmp_path) as url:
        tab = visit(url)
        (tmp_path / "mine.yaml").write_text(
            "meta: {title: <b>Mine</b>}\n"
            "plot: [{mark: barX, data: {from: marts.page_load}, x: page_count, y: publisher_name}]\n"
        )
        (tmp_path / "torn.yaml").write_text("meta: {title: Torn\n")
        page = tab.go("/views")
        assert "<b>Mine</b>" in page.inner_text("main")
        assert "it is no YAML" in page.inner_text("main")
        page = tab.go("/views/mine")
        assert page.locator("#host svg g rect").count()
        assert page.get_attribute("html", "data-generation")


def serious_faults(page: Page) -> list[tuple[str, list[str]]]:
    page.evaluate(AXE.read_text(encoding="utf-8") + "; 0")
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        (fault["id"], [node["html"][:200] for node in fault["nodes"][:3]])
        for fault in found["violations"]
        if fault["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize(
    "path",
    [
        "/?from=2026-07-08&before=2026-07-13&publisher=Northwire&compare=yes",
        "/graph",
        "/views",
        "/views/languages",
        "/nowhere",
    ],
)
def test_no_serious_fault_for_assistive_technology(visit: Opens, served: str, path: str) -> None:
    assert AXE.is_file(), "axe-core is not there: make web"
    tab = visit(served, color_scheme="light")
    page = tab.go(path)
    tab.faults = [fault for fault in tab.faults if "404" not in fault]
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert serious_faults(page) == []
    page.click("#theme")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    assert serious_faults(page) == []


@pytest.mark.parametrize("width", [360, 768])
def test_a_narrow_screen_scrolls_one_way(visit: Opens, served: str, width: int) -> None:
    tab = visit(served, viewport={"width": width, "height": 800})
    for path in ("/", "/graph", "/views"):
        page = tab.go(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_the_theme_is_kept(visit: Opens, served: str) -> None:
    tab = visit(served, color_scheme="light")
    page = tab.go("/")
    page.click("#theme")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page = tab.go("/graph")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_what_is_printed_has_no_buttons(visit: Opens, served: str) -> None:
    page = visit(served).go("/")
    page.emulate_media(media="print")
    assert page.locator(".tools").first.is_hidden()
    assert page.locator("nav").is_hidden()
    assert page.locator("#articles tbody tr").first.is_visible()
    assert (
        json.loads(page.evaluate("JSON.stringify(getComputedStyle(document.body).backgroundColor)"))
        == "rgb(255, 255, 255)"
    )
