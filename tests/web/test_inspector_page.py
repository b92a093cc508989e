"""The inspector's pages: everything of a page is shown, in order, in bounded time, and inert."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from starlette.testclient import TestClient

from cuttings.web import create_app
from cuttings.web.inspector.segments import SHOWN_CHARS, SHOWN_SEGMENTS
from tests.web.published import Tables, page_id, publish, tables_of
from tests.web.test_inspector_marks import Elements, parsed

HEAD = "Home\nNews\nSport\nSign in\n\n"
BODY = (
    "The harbour ferry returned to service on Monday after a month of repairs, the company that runs it said.\n\n"
    "Passengers had crossed by bus for four weeks, and many of them had given up, said a spokesman for the town.\n\n"
    "The bridge carries nine thousand vehicles a day, and the council expects that number to grow next year.\n\n"
)
FOOT = "About us\nContact\nPrivacy policy\n© 2026 The Harbour Post\n"
PAGES = {
    f"post/{name}.txt": f"{HEAD}{title}\nBy Alex Moreno\n{date}\n\n{BODY}{extra}{FOOT}".encode()
    for name, title, date, extra in (
        ("ferry", "Ferry returns to the harbour", "2 hours ago", ""),
        ("bridge", "Bridge closes for the winter", "6 July 2026 14:10 BST", "The mayor was there as well.\n\n"),
        ("market", "Market moves to the old quay", "06-07-2026", "The stalls open at seven.\n\n"),
    )
}
FERRY = page_id(PAGES["post/ferry.txt"])
# Every way out of a text that HTML, attributes, templates, addresses or a terminal have known.
PAYLOADS = (
    "<script>pwn()</script>",
    "</title></style></script><img src=x onerror=pwn()>",
    '"><svg onload=pwn()>',
    "' onfocus='pwn()' autofocus='",
    "<pwn-element pwn-attribute=1>",
    "javascript:pwn()",
    "{{7*7}}{% raw %}{#",
    "&lt;script&gt;pwn()&#x3c;/script&#62;",
    "<!--pwn--><![CDATA[pwn]]>",
    "\x1b[2J\x07\x00\u202epwn\u2066\u200b\ufeff\U000e0041",
    "=HYPERLINK(pwn)",
    "pwn\r\nSet-Cookie: pwn=1",
)
PAYLOAD = " ".join(PAYLOADS)
OWN_TAGS = {
    "html", "head", "meta", "title", "link", "script", "body", "a", "header", "svg", "path", "span", "nav", "div",
    "button", "main", "footer", "code", "p", "h1", "h2", "h3", "form", "label", "input", "select", "option", "section",
    "table", "thead", "tbody", "tr", "th", "td", "bdi", "time", "ol", "ul", "li", "dl", "dt", "dd", "aside", "fieldset",
    "legend", "b", "br", "rect", "line", "circle", "text", "g", "article", "dialog", "kbd", "del", "ins",
}  # fmt: skip


@pytest.fixture(scope="module")
def tables() -> Tables:
    return tables_of(PAGES)


@pytest.fixture(scope="module")
def client(tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    warehouse = tmp_path_factory.mktemp("inspector") / "warehouse"
    publish(warehouse, tables)
    with client_of(warehouse) as opened:
        yield opened


def client_of(warehouse: Path) -> TestClient:
    return TestClient(create_app(warehouse, allowed_hosts=["testserver"]))


def served(tables: Tables, folder: Path) -> TestClient:
    publish(folder / "warehouse", tables)
    return client_of(folder / "warehouse")


def shown(client: TestClient, path: str) -> Elements:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text[:400]
    return parsed(answer.text)


def links(page: Elements) -> list[str]:
    return [attributes["href"] or "" for tag, attributes in page.tags if tag == "a" and "href" in attributes]


def segment_rows(page: Elements) -> list[dict[str, str | None]]:
    return [a for tag, a in page.tags if tag == "li" and (a.get("id") or "").startswith("segment-")]


def test_the_list_has_every_page_the_least_certain_first(client: TestClient, tables: Tables) -> None:
    wanted = tables["pages"].sort("confidence", "page_id").get_column("page_id").to_list()
    page = shown(client, "/pages")
    assert [href.removeprefix("/page/") for href in links(page) if href.startswith("/page/")] == wanted
    assert "3 pages, the least certain cut first" in page.text


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?q=ferry", ["ferry"]),
        ("?q=POST/BRIDGE", ["bridge"]),
        (f"?q={FERRY[:10]}", ["ferry"]),
        ("?q=nothing%20has%20this", []),
        ("?sort=title", ["bridge", "ferry", "market"]),
        ("?sort=-title", ["market", "ferry", "bridge"]),
        ("?type=live", []),
        ("?sort=pwn%3B%20drop&page=99999999999999999999&type=pwn", ["*"]),
    ],
)
def test_the_list_is_searched_narrowed_and_sorted(client: TestClient, query: str, names: list[str]) -> None:
    found = [href.removeprefix("/page/") for href in links(shown(client, "/pages" + query)) if "/page/" in href]
    ids = [page_id(PAGES[f"post/{name}.txt"]) for name in names if name != "*"]
    assert found == ids or (names == ["*"] and len(found) == len(PAGES))


def test_every_segment_is_there_with_its_label_rule_and_confidence(client: TestClient, tables: Tables) -> None:
    page = shown(client, f"/page/{FERRY}")
    segments = tables["segments"].filter(pl.col("page_id") == FERRY)
    ids = {attributes.get("id") for _, attributes in page.tags}
    assert ids >= {f"segment-{number}" for number in segments.get_column("segment_no")}
    rows = {row["id"]: row for row in segment_rows(page)}
    words = segments.filter(pl.col("role") != "ws")
    for number, zone, role, start, end in words.select(
        "segment_no", "zone", "role", "byte_start", "byte_end"
    ).iter_rows():
        row = rows[f"segment-{number}"]
        assert (row["data-zone"], row["data-role"], row["data-bytes"]) == (zone, role, f"{start}–{end}")
        assert f"zone-{zone}" in (row["class"] or "").split()
    for rule in words.get_column("rule").unique():
        assert rule in page.text
    for line in PAGES["post/ferry.txt"].decode().split("\n"):
        assert line in page.text


def test_a_date_stands_on_the_time_line_with_its_interval_and_evidence(client: TestClient) -> None:
    page = shown(client, f"/page/{FERRY}")
    assert ("tr", "date-0") in {(tag, attributes.get("id")) for tag, attributes in page.tags}
    for part in ("2026-07-07 09:20 to 10:50", "2026-07-07 10:20", "2 hours before the capture", "captured"):
        assert part in page.text
    assert any(tag == "line" and attributes.get("class") == "interval" for tag, attributes in page.tags)
    assert any(href == "#date-0" for href in links(page)), "the date is marked in the text"


def test_an_ambiguous_date_shows_its_other_reading(tables: Tables, tmp_path: Path) -> None:
    mentions = tables["date_mentions"]
    readings = mentions.select(pl.struct("earliest_at", "latest_at")).to_series().to_list()
    alternatives = pl.Series("alternatives", [readings] * mentions.height, dtype=mentions.schema["alternatives"])
    client = served({**tables, "date_mentions": mentions.with_columns(alternatives, is_ambiguous=True)}, tmp_path)
    page = shown(client, f"/page/{FERRY}")
    assert "ambiguous" in page.text
    assert sum(attributes.get("class") == "other" for tag, attributes in page.tags if tag == "line") == len(readings)


def test_without_a_capture_time_a_relative_date_has_no_place(tmp_path: Path) -> None:
    client = served(tables_of(PAGES, captured_at=None), tmp_path)
    page = shown(client, f"/page/{FERRY}")
    assert "not on the time line" in page.text
    assert "The capture time is not known: relative dates have no place." in page.text


def test_neighbours_lead_through_all_pages_by_confidence(client: TestClient, tables: Tables) -> None:
    order = tables["pages"].sort("confidence", "page_id").get_column("page_id").to_list()
    for before, page, after in zip([None, *order], order, [*order[1:], None], strict=False):
        found = {a.get("rel"): a["href"] for tag, a in shown(client, f"/page/{page}").tags if tag == "a" and "rel" in a}
        assert found == {
            rel: f"/page/{one}" for rel, one in (("prev", before), ("next", after)) if one is not None
        }  # fmt: skip


def test_template_lines_and_files_are_told(client: TestClient) -> None:
    page = shown(client, f"/page/{FERRY}")
    assert "post/ferry.txt" in page.text
    assert any(row.get("data-seen") == "3 pages of this site" for row in segment_rows(page))


def test_an_article_leads_to_its_other_appearances(tmp_path: Path) -> None:
    first, second = (f"{name}\n\n".encode() + PAGES["post/ferry.txt"] for name in ("one", "two"))
    client = served(tables_of({"a": first, "b": second}), tmp_path)
    page = shown(client, f"/page/{page_id(first)}")
    assert any(href.startswith(f"/page/{page_id(second)}#article-") for href in links(page))
    assert "2 times; here number" in page.text


def test_repairs_are_shown_in_their_places(tables: Tables, tmp_path: Path) -> None:
    words = tables["segments"].filter((pl.col("page_id") == FERRY) & (pl.col("role") == "body")).row(0, named=True)
    schema = tables["repairs"].schema
    repairs = pl.DataFrame(
        [
            (FERRY, 0, words["byte_start"] + 4, "missing_space", "harbour", "har bour"),
            (FERRY, 0, words["byte_start"] + 17, "lost_value", "ferry", None),
            (FERRY, 0, words["byte_start"], "link_join", "\n", " "),
        ],
        schema=schema,
        orient="row",
    )
    html = served({**tables, "repairs": repairs}, tmp_path).get(f"/page/{FERRY}").text
    assert '<span class="repair" title="missing space"><del>harbour</del><ins>har bour</ins></span> ferry' in html
    assert re.search(r'harbour</del>.* ferry<span class="repair loss" title="known loss near: ferry">lost value', html)
    assert (
        '<del><bdi class="mark" title="U+000A">↵</bdi></del><ins><bdi class="mark" title="U+0020">·</bdi></ins>' in html
    )


RAWS = {
    "plain": (PAGES["post/ferry.txt"], "utf-8", "exact"),
    "marked": (b"\xef\xbb\xbf" + PAGES["post/ferry.txt"].replace(b"\n", b"\r\n") + b"\x00\x1b[2J", "utf-8", "exact"),
    "wide": (("\ufeff" + PAGES["post/ferry.txt"].decode()).encode("utf-16-le"), "utf-16le", "exact"),
    "wide_unmarked": (PAGES["post/ferry.txt"].decode().encode("utf-16-be"), "utf-16be", "exact"),
    "western": ("Übung für Schüler\n\n".encode("cp1252") * 20, "windows-1252", "exact"),
    "unsound": (PAGES["post/ferry.txt"] + "Schüler Ärzte".encode() + b" \xff\xfe", "utf-8", "decoded"),
    "empty": (b"\n", "utf-8", "exact"),
}


@pytest.fixture(scope="module")
def raws(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    return served(tables_of({name: raw for name, (raw, _, _) in RAWS.items()}), tmp_path_factory.mktemp("raws"))


@pytest.mark.parametrize("name", RAWS)
def test_the_raw_bytes_come_back(name: str, raws: TestClient) -> None:
    raw, charset, fidelity = RAWS[name]
    answer = raws.get(f"/page/{page_id(raw)}/raw")
    assert answer.headers["content-type"] == f"text/plain; charset={charset}"
    assert answer.headers["cuttings-fidelity"] == fidelity
    assert "nosniff" in answer.headers["x-content-type-options"]
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["content-disposition"] == f'inline; filename="{page_id(raw)[:16]}.txt"'
    assert (answer.content == raw) == (fidelity == "exact")
    page = shown(raws, f"/page/{page_id(raw)}").text
    assert ("Raw text" in page) == ("damaged" in page)


def test_lists_that_never_end_are_bounded(tables: Tables, tmp_path: Path) -> None:
    """Many articles, dates, repairs, files and lines on one page: the first ones, and how many there are."""

    def many(name: str, count: int, **columns: pl.Expr) -> pl.DataFrame:
        row = tables[name].filter(pl.col("page_id") == FERRY).head(1)
        return pl.concat([row] * count).with_columns(**columns)

    number = pl.int_range(pl.len())
    repair = ("missing_space", "harbour", "har bour")
    repairs = pl.DataFrame([(FERRY, 0, 0, *repair)] * 210, schema=tables["repairs"].schema, orient="row")
    copies = many("files", 109, file_id=pl.format("{}", number), disposition=pl.lit("duplicate"))
    crowded = {
        **tables,
        "appearances": many("appearances", 210, position=number.cast(pl.Int32)),
        "date_mentions": many("date_mentions", 110),
        "repairs": repairs,
        "files": pl.concat([tables["files"], copies]),
    }
    html = served(crowded, tmp_path).get(f"/page/{FERRY}").text
    text = " ".join(html.split())
    assert "The first 200 of 210." in text
    assert "100 of 110 dates: the first of this screen of the text." in text
    assert "200 of 210: the first of this screen of the text." in text
    assert "The first 100 of 110 files." in text
    assert html.count('id="article-') == 200


def test_an_unknown_page_is_told(client: TestClient) -> None:
    for path in ("/page/" + "0" * 64, "/page/pwn%22%3E%3Cpwn-element%3E", "/page/" + "0" * 64 + "/raw", "/page/00"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "No such page in this generation" in answer.text
        assert_inert(parsed(answer.text))


def test_the_beginning_of_an_id_is_enough(client: TestClient) -> None:
    answer = client.get(f"/page/{FERRY[:12]}?below=0.70", follow_redirects=False)
    assert answer.status_code == 307
    assert answer.headers["location"].endswith(f"/page/{FERRY}?below=0.70")


def test_only_what_is_asked_for_is_shown(client: TestClient, tables: Tables) -> None:
    segments = tables["segments"].filter(pl.col("page_id") == FERRY)
    low = segments.filter(pl.col("confidence") < 0.7).get_column("segment_no").to_list()
    rows = segment_rows(shown(client, f"/page/{FERRY}?below=0.70"))
    assert low
    assert [row["id"] for row in rows] == [f"segment-{number}" for number in low]
    roles = {
        row["data-role"] for row in segment_rows(shown(client, f"/page/{FERRY}?role=title&role=body&zone=primary"))
    }
    assert roles == {"title", "body"}


def test_a_generation_that_is_gone_is_told(client: TestClient) -> None:
    answer = client.get(f"/page/{FERRY}?generation={'0' * 16}")
    assert answer.status_code == 409
    assert "This generation cannot be shown" in answer.text


def test_an_empty_warehouse_is_told(tmp_path: Path) -> None:
    for path in ("/pages", f"/page/{FERRY}", f"/page/{FERRY}/raw", "/diff"):
        answer = client_of(tmp_path / "warehouse").get(path)
        assert answer.status_code == 404
        assert "Nothing is published here yet" in answer.text


def test_a_generation_without_pages_is_told(tables: Tables, tmp_path: Path) -> None:
    client = served({name: table.clear() for name, table in tables.items()}, tmp_path)
    assert "This generation has no pages" in shown(client, "/pages").text


@pytest.fixture(scope="module")
def hostile(tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A generation in which every text of every table is an attack."""
    ids = {"page_id", "position", "article_id", "publisher_id", "story_id", "site", "zone", "role", "file_id"}
    attacked = {
        name: table.with_columns(
            pl.lit(PAYLOAD).alias(column)
            for column, kind in table.schema.items()
            if kind == pl.String
            and column not in ids
            and column in ("text", "title", "source_name", "source_label", "name", "url", "date_text", "zone_written")
        )
        for name, table in tables.items()
    }
    row = tables["segments"].filter((pl.col("page_id") == FERRY) & (pl.col("role") == "body")).row(0, named=True)
    attacked["repairs"] = pl.DataFrame(
        [
            (FERRY, 0, row["byte_start"], "missing_space", PAYLOAD, PAYLOAD),
            (FERRY, 0, row["byte_start"] + 3, "lost_value", PAYLOAD, None),
        ],
        schema=tables["repairs"].schema,
        orient="row",
    )
    attacked["pages"] = attacked["pages"].with_columns(publisher_id=pl.lit("p"))
    attacked["publishers"] = pl.DataFrame(
        [("p", PAYLOAD, "publisher")], schema=tables["publishers"].schema, orient="row"
    )
    attacked["articles"] = attacked["articles"].with_columns(story_id=pl.lit("s"), publisher_id=pl.lit("p"))
    warehouse = tmp_path_factory.mktemp("hostile") / "warehouse"
    publish(warehouse, tables)
    publish(warehouse, attacked)
    with client_of(warehouse) as opened:
        yield opened


def assert_inert(page: Elements) -> None:
    """No element or attribute that a text could have made, no address that runs, no character that acts."""
    assert {tag for tag, _ in page.tags} <= OWN_TAGS
    for tag, attributes in page.tags:
        assert not [name for name in attributes if name.startswith(("on", "style", "pwn")) or name == "autofocus"], tag
        for name in ("href", "src", "action"):
            value = attributes.get(name)
            assert value is None or re.match(r"(/|#|\?)(?!/)", value) or value == "", (tag, value)
        if tag == "script":
            assert (attributes["src"] or "").startswith("/static/")
    assert not re.search("[\x00-\x08\x0e-\x1f\u202a-\u202e\u2066-\u2069\u200b\ufeff\U000e0041]", page.text)
    assert "49{" not in page.text


@pytest.mark.parametrize("path", [f"/page/{FERRY}", "/pages", "/pages?q=pwn", "/diff", f"/diff?page={FERRY}"])
def test_hostile_text_stays_text(hostile: TestClient, path: str) -> None:
    answer = hostile.get(path)
    assert answer.status_code == 200, answer.text[-800:]
    page = parsed(answer.text)
    assert_inert(page)
    assert "<script>pwn()</script>" in page.text
    assert "set-cookie" not in answer.headers


def test_hostile_parameters_stay_text(client: TestClient) -> None:
    names = ("q", "type", "sort", "language", "page", "at", "below", "role", "zone", "show", "screen", "damaged")
    for path in ("/pages", f"/page/{FERRY}", "/diff"):
        answer = client.get(path, params=dict.fromkeys(names, PAYLOAD))
        assert answer.status_code == 200
        assert_inert(parsed(answer.text))
    for path, name in (("/diff", "from"), ("/diff", "to"), ("/pages", "generation")):
        answer = client.get(path, params={name: PAYLOAD})
        assert answer.status_code == 409
        assert_inert(parsed(answer.text))


def test_a_long_page_is_shown_screen_by_screen(tables: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line = tables["segments"].filter(pl.col("role") == "body").head(1)
    space = tables["segments"].filter(pl.col("role") == "ws").head(1)
    number = pl.int_range(pl.len(), dtype=pl.Int32)
    segments = pl.concat([line, space] * 25_000).with_columns(
        page_id=pl.lit(FERRY),
        segment_no=number,
        byte_start=number.cast(pl.Int64),
        byte_end=number.cast(pl.Int64) + 1,
        text=pl.when(pl.col("role") == "ws").then(pl.lit("\n")).otherwise(pl.format("Line {} of very many", number)),
    )
    sized = {name: tables[name].with_columns(size_bytes=pl.lit(50_000, pl.Int64)) for name in ("pages", "files")}
    client = served({**tables, **sized, "segments": segments}, tmp_path)
    started = time.process_time()
    page = shown(client, f"/page/{FERRY}")
    assert time.process_time() - started < 10  # seconds of the processor, whatever else the machine does; about one
    assert len(segment_rows(page)) == SHOWN_SEGMENTS // 2
    assert f"This screen has {SHOWN_SEGMENTS:,} of 50,000 segments" in page.text
    deep = shown(client, f"/page/{FERRY}?at=30001")
    assert "Line 30000 of very many" in deep.text
    assert "segment-30001" in {attributes.get("id") for _, attributes in deep.tags}
    assert any("show=all" in href for href in links(page))
    assert f"?at={30_001 // SHOWN_SEGMENTS * SHOWN_SEGMENTS - SHOWN_SEGMENTS}#text" in links(deep), "one screen back"
    monkeypatch.setattr("cuttings.web.inspector.segments.LONG_SEGMENTS", 1400)
    long = shown(client, f"/page/{FERRY}?show=all&role=body&at=8000")
    assert [row["id"] for row in segment_rows(long)] == [f"segment-{2 * i}" for i in range(2800, 4200)]
    assert "This screen has 1,400 of 25,000 segments. The whole text: the raw bytes." in " ".join(long.text.split())
    assert {"?at=2800&role=body&show=all#text", "?at=8399&role=body&show=all#text"} <= set(links(long))


def test_one_long_line_is_cut_short_until_all_is_asked_for(tmp_path: Path) -> None:
    # Without a space in it: a page on one line is parted at the ends of its sentences.
    raw = ("The-harbour-ferry-returned-to-service-on-Monday-after-a-month-of-repairs." * 11_000).encode()
    client = served(tables_of({"line.txt": raw}), tmp_path)
    page = shown(client, f"/page/{page_id(raw)}")
    assert len(page.text) < 2 * SHOWN_CHARS
    assert "more characters" in page.text
    assert "Long texts are cut short here" in page.text
    assert len(shown(client, f"/page/{page_id(raw)}?show=all").text) > len(raw)


def test_an_article_without_a_title_shows_how_it_begins(client: TestClient, tables: Tables, tmp_path: Path) -> None:
    assert "no title" not in shown(client, f"/page/{FERRY}").text
    untitled = tables | {"appearances": tables["appearances"].with_columns(title=pl.lit(None, pl.String))}
    with served(untitled, tmp_path) as other:
        assert "no title: “The harbour ferry returned to service on Monday" in shown(other, f"/page/{FERRY}").text
