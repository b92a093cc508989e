"""Text of pages, names and checks that attacks: inert on every surface of the dashboard, in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.web import lone
from tests.web.conftest import Visit, serving

pytestmark = pytest.mark.slow
PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "\"><iframe src='https://evil.example'></iframe>",
    "'; drop view publishers; --",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% include 'x' %}",
    "</script><script>alert(1)</script>",
    "</title><base href=https://evil.example>",
    "<style>@import 'https://evil.example'</style>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "\u202egnp.exe\u2066",
    "\x1b]8;;https://evil.example\x07link",
    "NUL\x00 and ' quote and \" quote and \\ back",
    '=HYPERLINK("https://evil.example")',
    "`${alert(1)}`",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "&lt;b&gt;entity&lt;/b&gt;",
    "constructor",
    "__proto__",
]


def page_id(i: int) -> str:
    return f"{i:064x}"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over a generation with a payload in every free text that there is."""
    rows: dict[str, list[dict]] = {
        name: []
        for name in ("pages", "publishers", "articles", "appearances", "segments", "date_mentions", "checks", "files")
    }
    for i, text in enumerate(PAYLOADS):
        publisher, article = f"{i:016x}", f"{i:032x}"
        rows["publishers"].append({"publisher_id": publisher, "name": text, "kind": "publisher"})
        rows["pages"].append(
            {"page_id": page_id(i), "publisher_id": publisher, "encoding": "utf-8", "language": "en",
             "page_type": "article", "captured_at": lone.AT, "captured_from": "sidecar"}
        )  # fmt: skip
        shared = {
            "page_id": page_id(i), "article_id": article, "title": text, "source_name": text, "publisher_id": publisher,
            "date_text": text, "published_at": lone.AT, "published_earliest_at": lone.AT,
            "published_latest_at": lone.AT, "published_precision": "minute", "body_status": "full",
        }  # fmt: skip
        rows["appearances"].append({**shared, "position": 0, "zone": "primary"})
        rows["appearances"].append(
            {**shared, "position": 1, "zone": "related", "publisher_id": f"{(i + 1) % len(PAYLOADS):016x}"}
        )
        rows["articles"].append(
            {
                **shared,
                "body": text,
                "standfirst": text,
                "byline": text,
                "agency": text,
                "language": text[:9],
                "word_count": i,
            }
        )
        rows["segments"].append(
            {"page_id": page_id(i), "segment_no": 0, "byte_start": 0, "byte_end": len(text.encode()), "zone": "primary",
             "role": "title", "position": 0, "joint": "none", "rule": text, "text": text}
        )  # fmt: skip
        rows["date_mentions"].append(
            {"page_id": page_id(i), "byte_start": 0, "byte_end": 1, "position": 0, "text": text, "use": "published",
             "form": text, "precision": "minute", "zone_from": "none", "anchor": "written", "rule": text}
        )  # fmt: skip
        rows["checks"].append(
            {"run_id": "r", "suite": text, "expectation": text, "level": "fail" if i % 2 else "warn", "success": False,
             "observed": text, "failing_count": 3, "failing_keys": [text, page_id(i), page_id(i) + text]}
        )  # fmt: skip
        rows["files"].append(
            {
                "file_id": article,
                "source_name": text,
                "page_id": page_id(i),
                "disposition": "loaded",
                "captured_from": "none",
                "source_label": text,
            }
        )
    folder = tmp_path_factory.mktemp("lone") / "r"
    rows["runs"] = [{"run_id": "r"}]
    lone.write(folder, rows)
    with serving(folder) as url:
        yield url


SURFACES = [
    "/",
    "/?rows=appearances&columns=title,publisher_name,language,agency,page_publisher_name",
    "/graph",
    "/views",
    "/pages",
    f"/page/{page_id(0)}",
]


@pytest.mark.parametrize("path", SURFACES)
def test_a_payload_is_only_ever_text(hostile: str, visit: Callable[..., Visit], path: str) -> None:
    tab = visit(hostile)
    page = tab.go(path)
    assert page.locator("#problem").is_hidden() if page.locator("#problem").count() else True
    for selector in (
        "img",
        "iframe",
        "base",
        "meta[http-equiv]",
        "main style",
        "main script",
        "[onerror]",
        "[onload]",
        "object",
        "embed",
    ):
        assert page.locator(selector).count() == 0, selector
    assert all(
        not link.get_attribute("href").lower().startswith(("javascript:", "http://evil", "https://evil"))
        for link in page.query_selector_all("a")
    )
    if path in {"/", "/graph"}:
        assert PAYLOADS[0] in page.inner_text("main")
        assert "{{ 7 * 7 }}" in page.inner_text("main")


def test_every_payload_filters_exactly_itself(hostile: str, visit: Callable[..., Visit]) -> None:
    tab = visit(hostile)
    page = tab.go("/")
    if page.locator("#publishers >> text=Show all").is_visible():
        page.click("#publishers >> text=Show all")
    names = [bar.query_selector("span").text_content() for bar in page.query_selector_all("#publishers .bar")]
    assert sorted(names) == sorted(PAYLOADS)
    for i in (0, 4, 11, 13, 18):
        text = PAYLOADS[i]
        bar = page.locator("#publishers .bar").nth(names.index(text))
        bar.click()
        tab.settle()
        assert page.inner_text("#k-appearances") == "2", text
        assert page.locator("#filters .chip.filter bdi").text_content() == text
        address = page.url.removeprefix(hostile)
        bar.click()
        tab.settle()
        if i == 13:
            other = visit(hostile)
            assert other.go(address).inner_text("#k-appearances") == "2"


def test_failed_checks_look_failed_and_lead_to_their_rows(hostile: str, visit: Callable[..., Visit]) -> None:
    page = visit(hostile).go("/")
    assert "checks failed" in page.inner_text("#check-status")
    colours = {
        state: page.evaluate(f"getComputedStyle(document.querySelector('.mark.{state}')).backgroundColor")
        for state in ("bad", "warn")
    }
    red, green, blue = (int(part) for part in colours["bad"].removeprefix("rgb(").removesuffix(")").split(","))
    assert red > 150 > 60 > max(green, blue), "a failure is red"
    assert colours["bad"] != colours["warn"]
    assert page.locator(".mark.good").count() == 0
    assert "failed" in page.locator(".mark.bad .visually-hidden").first.text_content()
    failure = page.locator("details.failure.bad").first
    failure.locator("summary").click()
    assert failure.locator("a").first.get_attribute("href").startswith("/page/")


def test_it_works_from_parquet_alone(hostile: str, visit: Callable[..., Visit]) -> None:
    page = visit(hostile).go("/graph")
    assert page.locator("#pairs tbody tr").count() == len(PAYLOADS)
