"""Decoding: every input has a text, every character its bytes, and the page says when something was unreadable."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuttings.pages.decode import decode, decode_all

FRAGMENTS = [
    b"\0", b"\r", b"\n", b"\r\n", b"\xff", b"\xfe", b"\xc3", b"\xc3\xa9", b"\xe2\x80", b"\xe2\x80\xa8", b"\xc2\x85",
    b"\xed\xa0\x80", b"\xf0\x9f\x98\x80", b"\xf0\x9f", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\0\0",
    b"a", b"a\0", b"\0a", b"\xd8\x3d", b"\x3d\xd8", b"\x80", b"\xe4", b"word ", b"\xa4\xa2", b"\x82\xa0",
]  # fmt: skip
hostile = st.one_of(st.binary(max_size=60), st.lists(st.sampled_from(FRAGMENTS), max_size=25).map(b"".join))


@given(hostile)
@settings(deadline=None)
def test_every_byte_belongs_to_one_character(raw: bytes) -> None:
    text = decode(raw)
    characters = text.utf8.decode("utf-8")
    if text.char_bytes is None:
        assert raw[text.bom_bytes :] == text.utf8
    else:
        assert len(text.char_bytes) == len(characters)
        assert text.bom_bytes + int(text.char_bytes.sum()) == len(raw)
        assert np.all(text.char_bytes >= 1)


@given(hostile)
@settings(deadline=None)
def test_replacement_characters_and_the_damage_mark_agree(raw: bytes) -> None:
    text = decode(raw)
    if text.char_bytes is not None:
        assert text.is_damaged == ("\ufffd" in text.utf8.decode("utf-8"))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_sound_utf8_is_taken_as_it_is(text: str) -> None:
    raw = text.encode("utf-8")
    if "\0" not in text and not text.startswith("\ufeff"):
        assert decode(raw).utf8 == raw
        assert decode(raw).encoding == "utf-8"


@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60),
    st.sampled_from(["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-8"]),
)
def test_a_byte_order_mark_decides(text: str, encoding: str) -> None:
    mark = "\ufeff".encode(encoding)
    if encoding == "utf-16-le" and text.startswith("\0"):
        return  # these are the bytes of the UTF-32 mark
    read = decode(mark + text.encode(encoding))
    assert read.utf8.decode("utf-8") == text
    assert (read.encoding, read.bom_bytes, read.is_damaged) == (encoding, len(mark), "\ufffd" in text)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_text_without_a_mark_is_known_by_its_nuls(encoding: str) -> None:
    read = decode("Der Rat tagt – heute\nund morgen.\n".encode(encoding))
    assert (read.encoding, read.utf8.decode()) == (encoding, "Der Rat tagt – heute\nund morgen.\n")


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("windows-1252", "Le café “Élysée” reste fermé à l’été – déjà."),
        ("windows-1251", "Сегодня утром в городе открыли новый мост через реку."),
        ("koi8-r", "сегодня утром в городе открыли новый мост через реку."),
        ("windows-1253", "σήμερα το πρωί άνοιξε η νέα γέφυρα στην πόλη."),
        ("windows-1250", "Dziś rano otwarto nowy most łączący części miasta, źródła mówią że jest piękny."),
        ("cp932", "きょうの朝、新しい橋が開通しました。市長は式典で話しました。"),
        ("gb18030", "今天早上，城市里一座新的大桥正式开通。市长在仪式上发表了讲话。"),
        ("cp949", "오늘 아침 도시에 새로운 다리가 개통되었습니다."),
    ],
)
def test_a_legacy_charset_is_guessed_from_its_letters(encoding: str, text: str) -> None:
    read = decode(text.encode(encoding))
    assert (read.encoding, read.utf8.decode(), read.is_damaged) == (encoding, text, False)


def test_damaged_utf8_stays_utf8() -> None:
    read = decode("Ένα κείμενο".encode() + b"\xff" + "με ένα λάθος".encode())
    assert (read.encoding, read.is_damaged) == ("utf-8", True)
    assert read.utf8.decode() == "Ένα κείμενο\ufffdμε ένα λάθος"


def test_a_file_cut_inside_a_character_stays_utf8() -> None:
    read = decode("plain, then a dash –".encode()[:-1])
    assert (read.encoding, read.is_damaged) == ("utf-8", True)
    assert read.utf8.decode() == "plain, then a dash \ufffd\ufffd"


def test_lone_surrogates_and_an_odd_last_byte_of_utf16_are_damage() -> None:
    read = decode(b"\xff\xfe" + b"a\0" + b"\x3d\xd8" + b"b\0" + b"\x3d\xd8" + b"c")
    assert read.utf8.decode() == "a\ufffdb\ufffd\ufffd"
    assert read.is_damaged
    assert read.char_bytes is not None
    assert read.char_bytes.tolist() == [2, 2, 2, 2, 1]


@given(st.lists(hostile, max_size=6))
@settings(deadline=None)
def test_pages_are_read_together_as_they_are_alone(raws: list[bytes]) -> None:
    for together, alone in zip(decode_all(raws), map(decode, raws), strict=True):
        assert (together.utf8, together.encoding, together.is_damaged) == (alone.utf8, alone.encoding, alone.is_damaged)
        assert together.bom_bytes == alone.bom_bytes
        assert (together.char_bytes is None) == (alone.char_bytes is None)
