"""The inspector in a browser: no fault, no barrier, and the keys work. The hostile page runs nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cuttings.resources import resource_dir
from tests.web.conftest import Visit, serving
from tests.web.published import publish, tables_of
from tests.web.test_inspector_page import FERRY, PAGES, PAYLOAD

Open = Callable[..., Visit]
SCREENS = {
    "desktop": {},
    "narrow": {"viewport": {"width": 390, "height": 844}},
    "dark": {"color_scheme": "dark"},
}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Two generations; a page of the newer one has every payload in its text and its name."""
    warehouse = tmp_path_factory.mktemp("browser") / "warehouse"
    publish(warehouse, tables_of(PAGES))
    hostile = PAGES["post/ferry.txt"].decode() + f"\n{PAYLOAD}\n{PAYLOAD}\n"
    publish(warehouse, tables_of({**PAGES, f"{PAYLOAD.replace('/', '_')}.txt": hostile.encode()}))
    with serving(warehouse) as address:
        yield address


def barriers(tab: Visit) -> list[str]:
    """What axe-core calls a serious or critical fault of the page."""
    script = resource_dir("dashboards") / "node_modules" / "axe-core" / "axe.min.js"
    if not script.is_file():
        pytest.skip("axe-core is not there: npm ci in dashboards/")
    tab.page.evaluate(script.read_text(encoding="utf-8"))
    found = tab.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{fault['id']}: {node['target']} {node.get('failureSummary', '')}"
        for fault in found["violations"]
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"][:3]
    ]


@pytest.mark.parametrize(
    ("path", "screen"),
    [
        ("/pages", "narrow"),
        (f"/page/{FERRY}", "desktop"),
        (f"/page/{FERRY}", "narrow"),
        (f"/page/{FERRY}", "dark"),
        ("/diff", "dark"),
        ("/page/00", "desktop"),
    ],
)
def test_no_screen_has_a_fault_or_a_barrier(visit: Open, url: str, path: str, screen: str) -> None:
    tab = visit(url, **SCREENS[screen])
    tab.page.goto(url + path)
    if path == "/page/00":
        tab.faults.clear()  # the browser itself reports the status 404
    assert not barriers(tab)
    width = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    page_width, window_width = tab.page.evaluate(width)
    assert page_width <= window_width, "the page scrolls sideways"


def test_hostile_pages_run_nothing(visit: Open, url: str) -> None:
    tab = visit(url)
    tab.page.add_init_script("window.pwn = () => { window.pwned = true; }")
    tab.page.goto(f"{url}/pages?q=pwn")
    tab.page.locator("[data-row]").first.click()
    tab.page.wait_for_selector("#why dl", state="attached")
    for row in tab.page.locator(".segments > li").all()[-4:]:
        row.hover()
    assert tab.page.evaluate("window.pwned") is None
    assert tab.page.locator("pwn-element, main script, main img").count() == 0
    tab.page.keyboard.press("r")
    tab.page.wait_for_url("**/raw")
    assert tab.page.evaluate("window.pwned") is None
    assert tab.page.evaluate("document.contentType") == "text/plain"


def test_the_keys_walk_through_segments_and_pages(visit: Open, url: str) -> None:
    page = visit(url).page
    page.goto(f"{url}/page/{FERRY}")
    focused = "document.activeElement.closest('li')?.id"
    page.keyboard.press("j")
    first = page.evaluate(focused)
    page.keyboard.press("j")
    assert page.evaluate(focused) != first
    page.keyboard.press("k")
    assert page.evaluate(focused) == first
    assert "confidence" in page.locator("#why dl").inner_text()
    page.keyboard.press("l")
    assert "is-low" in page.evaluate("document.activeElement.closest('li').className")

    page.keyboard.press("f")
    shown = page.locator(".segments > li:visible")
    assert 0 < shown.count() == page.locator(".segments > li.is-low").count()
    page.keyboard.press("f")
    assert shown.count() > page.locator(".segments > li.is-low").count()

    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    step = "n" if page.locator("a[rel=next]").count() else "p"
    target = page.locator(f"a[data-key={step}]").get_attribute("href")
    page.keyboard.press(step)
    page.wait_for_url(f"{url}{target}")


def test_keys_can_be_turned_off(visit: Open, url: str) -> None:
    page = visit(url).page
    page.goto(f"{url}/page/{FERRY}")
    page.keyboard.press("?")
    page.locator("#keys-on").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.wait_for_timeout(200)
    assert page.url.endswith(FERRY)


def test_the_legend_isolates_a_role_at_once(visit: Open, url: str) -> None:
    page = visit(url).page
    page.goto(f"{url}/page/{FERRY}")
    page.locator("#legend input[value=title]").check()
    roles = page.locator(".segments > li:visible").evaluate_all("rows => rows.map(row => row.dataset.role)")
    assert set(roles) == {"title"}


def test_it_works_without_scripts(visit: Open, url: str) -> None:
    page = visit(url, java_script_enabled=False).page
    page.goto(f"{url}/page/{FERRY}")
    page.locator("#legend input[value=title]").check()
    page.locator("#legend button").click()
    assert "role=title" in page.url
    assert page.locator(".segments > li").count() == 1
    assert page.locator(".segments .rule").first.is_visible()


def test_the_side_and_the_keys_are_not_printed(visit: Open, url: str, tmp_path: Path) -> None:
    page = visit(url).page
    page.goto(f"{url}/page/{FERRY}")
    page.emulate_media(media="print")
    assert not page.locator(".side").is_visible()
    assert not page.locator(".steps").is_visible()
    assert page.locator(".segments .role").first.is_visible()
    assert page.locator(".segments .rule").first.is_visible()
