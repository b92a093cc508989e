"""Bytes of one page to text, without losing where each character came from.

The order of belief: a byte order mark; the NUL pattern of UTF-16 and UTF-32; strict UTF-8; UTF-8 with damaged bytes,
when most of its other-than-ASCII bytes are sound; a legacy charset, guessed from its letters; windows-1252 at last.
What cannot be read becomes U+FFFD and the page is marked as damaged. Nothing is normalised: no NFC, no line ends.
"""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

# The longer mark first: UTF-32-LE begins with the mark of UTF-16-LE.
BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MARKS: Final = tuple(mark for mark, _ in BYTE_ORDER_MARKS)
# Share of NULs in the high half of UTF-16 units that speaks for Latin text, and the most that the low half may have.
NUL_SHARE_HIGH: Final = 0.30
NUL_SHARE_LOW: Final = 0.02
# Share of NULs in the two highest bytes of UTF-32 units.
NUL_SHARE_UTF32: Final = 0.95
# Share of the spaces that are no-break ones, from which on they are taken for what they look like: a text whose words
# they hold together would be one word. Elsewhere they stand between a number and its unit.
NO_BREAK_SHARE: Final = 0.3
# A legacy charset is guessed from this many other-than-ASCII bytes; the guess does not get better with more.
GUESS_BYTES: Final = 20_000

_NO_BREAK_SPACE: Final = "\u00a0".encode()
_QUOTES = "‘’“”„‚«»‹›–—…•°·§©®™€ " + "\u00a0"
_WESTERN = "äöüßéèàçñáíóúâêîôûëïœåøæãõìòùÄÖÜÉÈÀÇÑÁÍÓÚÂÅØÆÃÕ¿¡ªº"
_CENTRAL = "ąćęłńóśźżáčďéěíňřšťúůýžőűöüäôľĺŕăâîşţđßĄĆĘŁŃÓŚŹŻÁČĎÉĚÍŇŘŠŤÚŮÝŽŐŰÖÜÄÔĽĂÂÎŞŢĐ"
_TURKISH = "çğıöşüÇĞİÖŞÜâî"
_CYRILLIC = "".join(map(chr, range(0x430, 0x460))) + "ґ№"
_GREEK = "".join(map(chr, range(0x3AC, 0x3CF)))
_HEBREW = "".join(map(chr, range(0x5D0, 0x5EB)))
_ARABIC = "".join(map(chr, range(0x621, 0x64B))) + "پچژگ،؛؟"
_THAI = "".join(map(chr, range(0xE01, 0xE5C)))
# Python codec and the letters that its languages write most; the first wins a tie.
_SINGLE_BYTE: Final = (
    ("windows-1252", _WESTERN),
    ("windows-1250", _CENTRAL),
    ("iso8859-2", _CENTRAL),
    ("windows-1254", _TURKISH),
    ("windows-1251", _CYRILLIC),
    ("koi8-r", _CYRILLIC),
    ("windows-1253", _GREEK),
    ("windows-1255", _HEBREW),
    ("windows-1256", _ARABIC),
    ("cp874", _THAI),
)
# Codec, and the code points or lead bytes that its ordinary text is made of.
_KANA: Final = (0x3040, 0x30FF)
_HANGUL: Final = (0xAC00, 0xD7A3)
_MULTI_BYTE: Final = (
    ("cp932", _KANA, None),
    ("euc_jp", _KANA, None),
    ("cp949", _HANGUL, None),
    ("gb18030", None, (0xB0, 0xD7)),  # GB 2312 level 1, the frequent characters
    ("big5", None, (0xA4, 0xC6)),  # Big5 level 1
)
# Least share of frequent characters among the other-than-ASCII ones. Kana are at least a third of Japanese prose.
_FREQUENT_SHARE: Final = {"cp932": 0.30, "euc_jp": 0.30, "cp949": 0.70, "gb18030": 0.70, "big5": 0.70}


@dataclass(frozen=True, slots=True)
class DecodedText:
    """The text of one page.

    `utf8` is the text after the byte order mark, as valid UTF-8. `char_bytes` holds, for each character, its length
    in the raw bytes; it is None where the raw bytes are sound UTF-8 and the text is the raw bytes themselves.
    """

    utf8: bytes
    encoding: str
    is_damaged: bool
    bom_bytes: int
    char_bytes: NDArray[np.uint8] | None

    def char_starts(self) -> NDArray[np.int64]:
        """Byte of the page at which each character of the text begins, and its end at last."""
        sizes = char_sizes(self.utf8) if self.char_bytes is None else self.char_bytes
        return np.cumsum(np.append(self.bom_bytes, sizes), dtype=np.int64)


def begins_char(utf8: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """True for each byte that begins a character."""
    begins: NDArray[np.bool_] = (utf8 & 0xC0) != 0x80
    return begins


def char_sizes(utf8: bytes) -> NDArray[np.uint8]:
    """The bytes of each character.

    >>> char_sizes("aé€".encode()).tolist()
    [1, 2, 3]
    """
    begins = np.flatnonzero(begins_char(np.frombuffer(utf8, np.uint8)))
    return np.diff(begins, append=len(utf8)).astype(np.uint8)


def decode_all(raws: Sequence[bytes]) -> list[DecodedText]:
    """The text of each page, as `decode` gives it; sound UTF-8 is recognised for all pages at one go."""
    offsets = pa.py_buffer(np.cumsum([0, *map(len, raws)], dtype=np.int64))
    try:
        # Not `pa.array`, which imports pandas where it is installed, nor `cast`, which builds all compute functions.
        pa.LargeStringArray.from_buffers(len(raws), offsets, pa.py_buffer(b"".join(raws))).validate(full=True)
    except pa.ArrowInvalid:
        return [decode(raw) for raw in raws]
    return [
        decode(raw)
        if b"\0" in raw or raw.startswith(_MARKS)
        else DecodedText(raw, "utf-8", is_damaged=False, bom_bytes=0, char_bytes=None)
        for raw in raws
    ]


def with_spaces(text: DecodedText) -> DecodedText:
    """The same characters, of which none is a no-break space where those are many."""
    count = text.utf8.count(_NO_BREAK_SPACE)
    if not count or count < NO_BREAK_SHARE * (count + text.utf8.count(b" ")):
        return text
    char_bytes = char_sizes(text.utf8) if text.char_bytes is None else text.char_bytes
    return replace(text, utf8=text.utf8.replace(_NO_BREAK_SPACE, b" "), char_bytes=char_bytes)


def decode(raw: bytes) -> DecodedText:
    """The text of one page; every input has one, `bom_bytes + sum(char_bytes)` is the size of the input."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if raw.startswith(mark):
            return decode_as(raw[len(mark) :], encoding, len(mark))
    if b"\0" in raw and (wide := _wide_encoding(raw)):
        return decode_as(raw, wide, 0)
    return decode_as(raw, "utf-8", 0)


def decode_as(raw: bytes, encoding: str, bom_bytes: int = 0) -> DecodedText:
    """The text of bytes without a mark: UTF-16 or UTF-32 where `encoding` says so, else as it is found."""
    if encoding.startswith("utf-16"):
        return _decode_utf16(raw, encoding, bom_bytes)
    if encoding.startswith("utf-32"):
        return _decode_utf32(raw, encoding, bom_bytes)
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_unsound(raw, bom_bytes)
    return DecodedText(raw, encoding, is_damaged=False, bom_bytes=bom_bytes, char_bytes=None)


def _wide_encoding(raw: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark, from where the NULs stand."""
    units = np.frombuffer(raw, np.uint8)[: len(raw) // 4 * 4].reshape(-1, 4)
    shares = (units == 0).mean(axis=0) if len(units) else np.zeros(4)
    if min(shares[2:]) >= NUL_SHARE_UTF32 and shares[0] <= NUL_SHARE_LOW:
        return "utf-32-le"
    if min(shares[:2]) >= NUL_SHARE_UTF32 and shares[3] <= NUL_SHARE_LOW:
        return "utf-32-be"
    pairs = np.frombuffer(raw, np.uint8)[: len(raw) // 2 * 2].reshape(-1, 2)
    low, high = (pairs == 0).mean(axis=0) if len(pairs) else (0.0, 0.0)
    if high >= NUL_SHARE_HIGH and low <= NUL_SHARE_LOW:
        return "utf-16-le"
    if low >= NUL_SHARE_HIGH and high <= NUL_SHARE_LOW:
        return "utf-16-be"
    return None


def _decode_utf16(raw: bytes, encoding: str, bom_bytes: int) -> DecodedText:
    even = len(raw) // 2 * 2
    # A high surrogate at the very end would be "truncated data" to the codec; as a unit of its own it is only lone.
    text = (
        raw[:even].decode(encoding, "surrogatepass")
        if not _ends_in_high_surrogate(raw[:even], encoding)
        else (raw[: even - 2].decode(encoding, "surrogatepass") + "\ud800")
    )
    points = _code_points(text)
    char_bytes = np.where(points > 0xFFFF, 4, 2).astype(np.uint8)
    return _replaced(points, char_bytes, encoding, bom_bytes, tail_bytes=len(raw) - even)


def _ends_in_high_surrogate(raw: bytes, encoding: str) -> bool:
    return len(raw) >= 2 and 0xD8 <= raw[-1 if encoding.endswith("le") else -2] <= 0xDB


def _decode_utf32(raw: bytes, encoding: str, bom_bytes: int) -> DecodedText:
    whole = len(raw) // 4 * 4
    points = np.frombuffer(raw[:whole], "<u4" if encoding.endswith("le") else ">u4").astype(np.uint32)
    char_bytes = np.full(len(points), 4, np.uint8)
    return _replaced(points, char_bytes, encoding, bom_bytes, tail_bytes=len(raw) - whole)


def _decode_unsound(raw: bytes, bom_bytes: int) -> DecodedText:
    """Not UTF-8: damaged UTF-8, or another charset."""
    points = _code_points(raw.decode("utf-8", "surrogateescape"))
    is_escaped = (points >= 0xDC80) & (points <= 0xDCFF)
    sound_chars = int(np.count_nonzero(points > 0x7F)) - int(np.count_nonzero(is_escaped))
    if bom_bytes or sound_chars * 2 >= np.count_nonzero(is_escaped) or _is_cut_at_end(raw, is_escaped):
        char_bytes = np.select([points < 0x80, points < 0x800, is_escaped, points < 0x10000], [1, 2, 1, 3], 4)
        return _replaced(points, char_bytes.astype(np.uint8), "utf-8", bom_bytes)
    encoding = _guess_charset(raw)
    # One character a byte, or one a unit that encodes back to its bytes; else U+FFFD for a byte.
    points = _code_points(raw.decode(encoding, "replace"))
    if encoding in _FREQUENT_SHARE:
        distinct, where = np.unique(points, return_inverse=True)
        lengths = np.array([len(chr(point).encode(encoding, "replace")) for point in distinct.tolist()], np.uint8)
        char_bytes = lengths[where]
    else:
        char_bytes = np.ones(len(points), np.uint8)
    return _replaced(points, char_bytes, encoding, bom_bytes)


def _is_cut_at_end(raw: bytes, is_escaped: NDArray[np.bool_]) -> bool:
    """True where the only unsound bytes are the last ones and begin a UTF-8 sequence."""
    count = int(np.count_nonzero(is_escaped))
    return count <= 3 and bool(is_escaped[-count:].all()) and raw[-count] >= 0xC2 + 0x1E * (count > 1)


def _guess_charset(raw: bytes) -> str:
    """The legacy charset whose frequent letters explain the other-than-ASCII bytes best."""
    for encoding, letters, leads in _MULTI_BYTE:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        # Two encodings of one character would break the byte map: such a page is not taken as this charset.
        is_exact = text.encode(encoding, "replace") == raw
        if is_exact and _frequent_share(raw, text, letters, leads) >= _FREQUENT_SHARE[encoding]:
            return encoding
    octets = np.frombuffer(raw, np.uint8)
    high = octets[octets > 0x7F][:GUESS_BYTES].tobytes()
    scores = []
    for encoding, frequent in _SINGLE_BYTE:
        text = high.decode(encoding, "replace")
        letters_seen = sum(2 * text.count(letter) for letter in set(frequent))
        marks_seen = sum(text.count(mark) for mark in _QUOTES)
        scores.append(letters_seen + marks_seen - 4 * text.count("\ufffd"))
    return _SINGLE_BYTE[scores.index(max(scores))][0]


def _frequent_share(raw: bytes, text: str, letters: tuple[int, int] | None, leads: tuple[int, int] | None) -> float:
    points = _code_points(text)
    wide = points[points > 0x7F]
    if not len(wide):
        return 0.0
    if letters:
        return float(((wide >= letters[0]) & (wide <= letters[1])).mean())
    first, last = leads or (0, 0)
    lengths = np.where(points > 0x7F, 2, 1)
    starts = (np.cumsum(lengths) - lengths)[points > 0x7F]
    lead = np.frombuffer(raw, np.uint8)[np.minimum(starts, len(raw) - 1)]
    return float(((lead >= first) & (lead <= last)).mean())


def _code_points(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint32)


def _replaced(
    points: NDArray[np.uint32], char_bytes: NDArray[np.uint8], encoding: str, bom_bytes: int, tail_bytes: int = 0
) -> DecodedText:
    """The page with U+FFFD for what is no character; `tail_bytes` of an unfinished last unit are one character."""
    unreadable = ((points >= 0xD800) & (points <= 0xDFFF)) | (points > 0x10FFFF) | (points == 0xFFFD)
    if tail_bytes:
        points = np.append(points, np.uint32(0xFFFD))
        char_bytes = np.append(char_bytes, np.uint8(tail_bytes))
        unreadable = np.append(unreadable, True)
    text = np.where(unreadable, np.uint32(0xFFFD), points).astype("<u4").tobytes().decode("utf-32-le")
    return DecodedText(text.encode("utf-8"), encoding, bool(unreadable.any()), bom_bytes, char_bytes)
