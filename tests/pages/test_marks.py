"""Markdown and entities: pages are read as a reader sees them, and their segments tile them as they are written."""

from __future__ import annotations

import html
from codecs import BOM_UTF16_LE

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuttings.pages import cut as cutting
from cuttings.pages import cut_pages, marks
from cuttings.pages.marks import edits_of, marks_of
from cuttings.pages.reading import CutTables
from tests.pages.test_tiling import assert_tiles

TITLE = "The old ferry of Aldern comes home after forty years on another river"
BODY = (
    "The ferry that took three generations of Aldern over the water is back at its landing stage, and on Saturday half "
    "of the town had come to see whether it would float.",
    "It did. “We never doubted it,” said the master shipwright Jorun Halvard, who had worked on the hull for two "
    "winters with a crew of well-known retired carpenters & a handful of apprentices.",
    "The council paid for the timber, a brewery for the paint. The engine was found in a barn near Brandvik, where it "
    "had driven a saw until the owner's grandchildren wanted the barn for their goats.",
    "From May on the boat will cross the river four times a day, and the old fare of two crowns is to be kept as long "
    "as anybody still has two crowns in a drawer.",
)
ESCAPED = BODY[1].replace("well-known", "well\\-known")
PAGE = f"""[ ![Aldern Post](https://post.example/logo.png) ](https://post.example/)

  * [Home](https://post.example/)
  * [News](https://post.example/news "All news")
  * [Culture](https://post.example/culture)

# {TITLE}

By [Ada Fenwick](https://post.example/authors/ada_fenwick)

_12 March 2026, 18:40_

![The ferry at the quay (archive)](https://post.example/img/ferry_(1).jpg)

{BODY[0].replace("half of the town", "**half of the town**")}

{ESCAPED.replace("Jorun Halvard", "[Jorun Halvard](https://post.example/jorun)")}

* * *

{BODY[2].replace("brewery", "_brewery_")}

> {BODY[3]}

## Related articles

[Baker of Brandvik wins the prize for the best rye bread](https://post.example/baker)

[Mayor of Aldern resigns after a quarrel about goats](https://post.example/mayor)
"""
MARKS = (
    "[", "](https://a.example/b_c)", "![", "**", "*", "_", "\\", "# ", "\n# ", "\n\n", "\n", "\r\n", "> ", "* ", "- ",
    "---", "\n===\n", "| a | b |\n|---|---|\n| c | d |", "&amp;", "&#39;", "&bogus;", "&#0;", "&#10;",
    "&NotEqualTilde;", "<https://a.example>", "[1]: https://a.example", "][1]", "A title of some words here",
    "They said on Sunday that it will be closed.", "é", "太字", "12 March 2026", "\ufeff", " ",
)  # fmt: skip


def bodies(tables: CutTables) -> list[tuple[str, str]]:
    return tables.appearances.select("title", "body").rows()


def test_markdown_is_read_as_it_is_shown() -> None:
    tables = cut_pages([PAGE.encode()])
    (primary, *related) = tables.appearances.rows(named=True)
    assert (primary["title"], primary["body"]) == (TITLE, "\n".join(BODY))
    assert (primary["byline"], primary["date_text"]) == ("By Ada Fenwick", "12 March 2026, 18:40")
    assert [one["title"] for one in related] == [
        "Baker of Brandvik wins the prize for the best rye bread",
        "Mayor of Aldern resigns after a quarrel about goats",
    ]


def test_without_the_rule_titles_have_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "show", lambda raw: None)
    (primary, *_) = bodies(cut_pages([PAGE.encode()]))
    assert primary[0] != TITLE
    assert "](https://" in primary[1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16-le", "windows-1252"])
@pytest.mark.parametrize("before", ["", "\n"])
def test_segments_tile_the_page_as_it_is_written(encoding: str, before: str) -> None:
    raw = (before + PAGE).encode(encoding)
    if encoding == "utf-16-le":
        raw = BOM_UTF16_LE + raw
    tables = cut_pages([b"Not marked\n", raw, b"[nor](this)\n"])
    segments = tables.segments.partition_by("page_id", maintain_order=True)[1]
    assert_tiles(raw, segments)
    assert "".join(segments["text"]).removeprefix("\ufeff") == before + PAGE
    by_text = {row["text"]: row["role"] for row in segments.iter_rows(named=True)}
    assert by_text[f"# {TITLE}"] == "title"
    assert by_text["* * *"] == "extractor"
    assert by_text["![The ferry at the quay (archive)](https://post.example/img/ferry_(1).jpg)"] == "alt_text"
    assert all(text.isspace() or text == "\ufeff" for text, role in by_text.items() if role == "ws")
    facts = tables.pages.row(1, named=True)
    assert (facts["size_bytes"], facts["encoding"]) == (len(raw), encoding.removesuffix("-sig"))


@pytest.mark.parametrize("heading", [f"# {TITLE}", f"{TITLE}\n=========="])
def test_the_heading_of_a_page_is_its_title(heading: str, monkeypatch: pytest.MonkeyPatch) -> None:
    standfirst = "Half of Aldern comes to the landing stage to see the boat of its grandmothers float once more"
    page = PAGE.replace(
        f"# {TITLE}\n", f"{heading}\n\nFerry special\n\nUp and down the river\n\n{standfirst}\n"
    ).encode()
    assert cut_pages([page]).appearances["title"][0] == TITLE
    monkeypatch.setattr(cutting, "headings_of", lambda *arguments: {})
    assert cut_pages([page]).appearances["title"][0] != TITLE


def test_links_that_touch_are_lines_of_a_menu() -> None:
    raw = PAGE.replace(
        "  * [Home]", "[Log in](https://post.example/in)[Subscribe](https://post.example/s)\n\n  * [Home]"
    ).encode()
    segments = cut_pages([raw]).segments
    assert_tiles(raw, segments)
    texts = segments["text"].to_list()
    at = texts.index("[Log in](https://post.example/in)")
    assert texts[at + 1] == "[Subscribe](https://post.example/s)"


def test_a_byte_order_mark_is_no_part_of_a_heading() -> None:
    heading, *_ = (text := PAGE[PAGE.index("# ") :]).splitlines()
    for raw in (text.encode("utf-8-sig"), text.encode("utf-8-sig") + b"\n\xff"):
        segments = cut_pages([raw]).segments
        assert_tiles(raw, segments)
        assert segments["text"][1] == heading


def test_what_is_put_between_takes_no_character() -> None:
    raw = PAGE.replace("  * [Home]", "[Log in](https://post.example/in)[or join]\n\n  * [Home]").encode()
    assert "[or join]" in cut_pages([raw]).segments["text"].to_list()


def test_what_is_not_shown_in_a_text_is_a_repair() -> None:
    raw = PAGE.encode()
    repairs = cut_pages([raw]).repairs.filter(pl.col("kind") == "residue_cut", pl.col("position") == 0)
    assert repairs["before"].to_list() == [
        "**", "**", "[", "](https://post.example/jorun)", "\\", "_", "_", "> ",
    ]  # fmt: skip
    for at, before in repairs.select("byte_at", "before").iter_rows():
        assert raw[at:].startswith(before.encode())


def test_dates_stand_where_they_are_written() -> None:
    raw = PAGE.encode()
    (date,) = cut_pages([raw]).date_mentions.filter(pl.col("use") == "published").rows(named=True)
    assert raw[date["byte_start"] : date["byte_end"]] == date["text"].encode() == b"12 March 2026, 18:40"


def test_entities_are_read_as_what_they_stand_for() -> None:
    plain = "\n\n".join((TITLE, "By Ada Fenwick", "12 March 2026, 18:40", *BODY)) + "\n"
    escaped = html.escape(plain).replace("“", "&ldquo;").replace("”", "&amp;rdquo;").replace(" – ", "&nbsp;&#8211; ")
    tables = cut_pages([escaped.encode()])
    assert bodies(tables) == bodies(cut_pages([plain.encode()])) == [(TITLE, "\n".join(BODY))]
    assert_tiles(escaped.encode(), tables.segments)
    assert tables.repairs.select("before", "after").rows() == [
        ("&ldquo;", "“"), ("&amp;rdquo;", "”"), ("&amp;", "&"), ("&#x27;", "'"),
    ]  # fmt: skip


def test_html2text_wraps_paragraphs_and_links() -> None:
    wrapped = PAGE.replace("\n\n> ", "\n\n").splitlines()
    page = "\n".join(fill(line) for line in wrapped)
    tables = cut_pages([page.encode()])
    (primary, *_) = bodies(tables)
    assert primary == (TITLE, "\n".join(BODY))
    assert_tiles(page.encode(), tables.segments)
    assert not tables.segments.filter(pl.col("role") != "ws")["text"].str.contains("\n").any()


def test_a_short_page_of_html2text_is_joined_by_its_few_long_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    page = (
        f"# {TITLE}\n\n**Aldern** is happy\n\n" + "\n\n".join(map(fill, BODY[:2])) + "\n\n## More\n\n* [Home](/home)\n"
    )
    (primary, *_) = bodies(cut_pages([page.encode()]))
    assert primary == (TITLE, "\n".join(BODY[:2]))
    monkeypatch.setattr(marks, "LEAST_WRAPS", 6)
    assert bodies(cut_pages([page.encode()]))[0] != primary


def fill(line: str, width: int = 78) -> str:
    """A line broken at its blanks, those within links, too."""
    parts, at = [], 0
    while len(line) - at > width:
        end = line.rfind(" ", at, at + width + 1)
        if end <= at:
            break
        parts.append(line[at:end])
        at = end + 1
    return "\n".join([*parts, line[at:]])


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ('[text](https://a.example/x_(y)?z=1 "It\'s (here)")', "text"),
        ("[Home](/)[![logo](l.png)](/)[More](/m)", "Home\n\nMore"),
        ("[![logo](l.png) ### Headline](/h) and [## Another](/a)", " Headline and Another"),
        ("_by[Ada](/ada)_ of mac[OS](/o)", "by Ada of mac OS"),
        ("[ Home ](/) and[ more ](/m)", "Home and more"),
        ("[![logo](l.png) **Headline** of it](/h)", " Headline of it"),
        ("see [the note][1] and [it][]", "see the note and it"),
        ("[1]: https://a.example/note", ""),
        ("an [aside] stays, and 2 * 3 * 4, snake_case_name, f**k and a_b", None),
        ("**太字**の文字と*斜体*です", "太字の文字と斜体です"),
        ("1\\. Mai, 3 \\* 4", "1. Mai, 3 * 4"),
        ("> * ### [Nested](/n)", "Nested"),
        ("  * [Home](/)\n- a - b\n> + c", "  • Home\n• a - b\n• c"),
        ("## Closed ##", "Closed"),
        ("#hashtag and #another", None),
        ("<https://a.example/b>", "https://a.example/b"),
        ("| a | b |\n|---|:-:|\n| c | **d** |", "a\tb\n\nc\td"),
        ("Title\n=====\ntext\n\n---", "Title\n\ntext\n\n"),
        ("[Headline\\\n\\\nSummary](/s)", "Headline\n\nSummary"),
        ("Tom &amp; Ada &bogus; &amp;#39;", "Tom & Ada &bogus; '"),
    ],
)
def test_what_is_shown(written: str, shown: str | None) -> None:
    page = written + "\n\n[1]: https://a.example"
    assert applied(page).rstrip("\n") == (written + "\n\n" if shown is None else shown).rstrip("\n")


def applied(page: str) -> str:
    at, parts = 0, []
    for edit in edits_of(page, is_markdown=True, has_entities=True):
        parts += page[at : edit.start], edit.shown
        at = edit.end
    return "".join([*parts, page[at:]])


def test_the_head_of_a_tool_is_no_text() -> None:
    page = "Title: Ferry is back - Post\n\nURL Source: https://post.example/f\n\nMarkdown Content:\n# Ferry is back\n"
    assert applied(page).split() == ["Ferry", "is", "back"]
    assert applied(page.replace("# ", "")).split() == ["Ferry", "is", "back", "-", "Post", "Ferry", "is", "back"]
    page = '---\ntitle: "Ferry is back"\nurl: https://post.example/f\ndate: 2026-03-12\n---\nText\n'
    assert applied(page).split() == ["Ferry", "is", 'back"', "2026-03-12", "Text"]


@pytest.mark.parametrize(
    "page",
    [
        "# One of us\n\nA text with a lone mark, a * and a [note].\n",
        "Rules: # is a number, ## is none\n#ferry #aldern\n",
        "Read [this](https://a.example) and [that](https://b.example).\n",
        "R&B and AT&T & more &c. &amp; so on; x&y=1&z=2\n",
        'Write &lt;a href=&quot;x&quot;&gt;&amp;amp;&lt;/a&gt; for a link, &lt;b&gt;&quot;&quot;&quot;&lt;/b&gt;\n',
        "2 ** 3 ** 4 and f**k, s**t\n\n------\n",
    ],
)  # fmt: skip
def test_a_few_signs_are_no_marks(page: str) -> None:
    assert marks_of(page.encode()) == (False, False)


def test_marks_that_are_sure() -> None:
    assert marks_of(PAGE.encode()) == (True, False)
    assert marks_of(b"# One\n\n## Two\n\nA **bold** word.\n") == (True, False)
    assert marks_of("".join(f"[{n}](/x)\n" for n in range(marks.SURE_LINKS)).encode()) == (True, False)
    assert marks_of(b"Tom &amp; Ada, &quot;both&quot;, it&#39;s\n") == (False, True)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(MARKS), max_size=40).map("".join))
def test_any_marks_tile_the_page(text: str) -> None:
    raw = (text + "\n# a\n\n# b\n\n**c** &amp;&amp;&amp;&amp;").encode()
    tables = cut_pages([raw])
    assert_tiles(raw, tables.segments)
    assert "".join(tables.segments["text"]) == raw.decode()
    keys = tables.repairs.select("byte_at", "kind")
    assert keys.is_unique().all()
    white = tables.segments.filter(pl.col("role") == "ws")["text"]
    assert all(not part.strip("\ufeff \n\r\t") for part in white)
