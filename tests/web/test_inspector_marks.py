"""Page text reaches HTML inert: nothing of it becomes markup, nothing of it hides."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuttings.contract import ROLES
from cuttings.web.inspector.labels import FAMILY_OF
from cuttings.web.inspector.marks import SPECIAL, marked, marked_white_space, plain

# Every character of the kinds that browsers obey or hide, as often as ordinary ones.
TEXT = st.text(
    st.one_of(st.characters(), st.sampled_from("<>&\"'\x00\x1b\u202e\u200b\u200d\u00ad\ufeff\ue80b\U000e0041\n\t "))
)


class Elements(HTMLParser):
    """The start tags of a document with their attributes, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def parsed(html: str) -> Elements:
    elements = Elements()
    elements.feed(html)
    elements.close()
    return elements


@given(TEXT)
def test_nothing_of_a_text_becomes_markup(text: str) -> None:
    for html in (marked(text), marked_white_space(text)):
        assert {tag for tag, _ in parsed(html).tags} <= {"bdi"}
        assert all(set(attributes) == {"class", "title"} for _, attributes in parsed(html).tags)
        assert all(re.fullmatch(r"(U\+[0-9A-F]{4,6}(×\d+)?|…| )+", a["title"] or "") for _, a in parsed(html).tags)


@given(TEXT)
def test_no_special_character_is_sent(text: str) -> None:
    joiners = "\u200c\u200d"  # between letters that need them they stay
    assert not re.search(f"(?![{joiners}])[{SPECIAL}]", marked(text))
    assert not re.search(f"[{SPECIAL}\n\t]", plain(text))


@given(st.text(st.characters(exclude_categories=("C", "Z", "Mn"))))
def test_ordinary_text_is_what_it_was(text: str) -> None:
    shown = re.sub(f"[{SPECIAL}]", "", text)
    assert unescape(str(marked(shown))) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("pay\u202eliame.exe", "payRLOliame.exe"),
        ("a\u200db", "aZWJb"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("\ue80b\ue80b", "U+E80B×2"),
        ("\u200d", "ZWJ"),
        ("x\x00", "xNUL"),
    ],
)
def test_what_hides_is_named_and_what_a_script_needs_stays(text: str, shown: str) -> None:
    assert parsed(marked(text)).text == shown


def test_white_space_is_shown_character_by_character() -> None:
    assert parsed(marked_white_space("\r\n\n  \t\u00a0")).text == "␍ ↵↵ ·· ⇥ NBSP"


def test_a_long_run_is_counted() -> None:
    html = marked("\x00\x01" * 1_000_000)
    assert len(html) < 3000
    assert html.endswith("1,999,800 more</bdi>")


def test_every_role_has_a_colour() -> None:
    assert set(FAMILY_OF) == set(ROLES)
