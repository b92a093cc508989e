"""Is it text? A page is loaded whatever its damage; only what is no text at all is set aside.

The test counts control bytes, which text in any single-byte or multi-byte encoding hardly has and compressed or
executable bytes have a lot of (27 of 256 values: about 10 %). UTF-16 and UTF-32 are told by mark or by decoding.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import Final

# Control bytes that text does not use: C0 and DEL, but backspace, tab, line feed, VT, FF, CR and escape.
_CONTROLS: Final = bytes(set(range(32)) - {0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1B}) + b"\x7f"
# Share of such bytes from which an object is no text. Random bytes have 0.10; text that is not UTF-8 has next to none.
_MAX_CONTROL_RATIO: Final = 0.02
# Valid UTF-8 may hold stray NULs and escapes and still be read, up to the point where it is mostly controls.
_MAX_CONTROL_RATIO_UTF8: Final = 0.30
# Bytes looked at when a wide encoding is tried; enough that chance cannot make random bytes decode.
_SAMPLE_BYTES: Final = 64 * 1024

# First bytes that no text starts with, and what they start.
_SIGNATURES: Final = (
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"%PDF-1.", "a PDF document"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\x00", "an SQLite database"),
)
# Those that are unpacked, were they but named so.
_PACKED: Final = (
    (b"\x1f\x8b", "a gzip stream", ".gz"),
    (b"BZh91AY&SY", "a bzip2 stream", ".bz2"),
    (b"\xfd7zXZ\x00", "an xz stream", ".xz"),
    (b"\x28\xb5\x2f\xfd", "a zstandard stream", ".zst"),
    (b"PK\x03\x04", "a zip archive, or a document that is one inside", ".zip if it is an archive"),
)
# Those that are not.
_ARCHIVES: Final = (
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"PAR1", "a Parquet file"),
)
_WIDE_MARKS: Final = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_OPENINGS: Final = tuple(entry[0] for entry in (*_SIGNATURES, *_ARCHIVES, *_PACKED))
_WIDE_CODECS: Final = ("utf-16-le", "utf-16-be")


@dataclass(frozen=True, slots=True)
class NotText:
    """Why an object is no page: a reason code (`binary`, `encoding_unknown`) and a sentence for a person."""

    reason: str
    detail: str


def sniff(raw: bytes) -> NotText | None:
    """None when the bytes can be read as text, else why not. Linear in the bytes."""
    if raw.startswith(_OPENINGS) and (known := _by_its_opening(raw)):
        return known
    if raw[257:262] == b"ustar":
        return NotText("binary", "it is a tar archive, which its name does not say: let it end in .tar")
    if raw.startswith(_WIDE_MARKS):
        if _is_wide_text(raw):
            return None
        return NotText("encoding_unknown", "it starts with the byte order mark of UTF-16 or UTF-32 but is neither")
    control_count = len(raw) - len(raw.translate(None, _CONTROLS))
    if control_count == 0:
        return None
    is_utf8 = _is_utf8(raw)
    ratio = control_count / len(raw)
    if ratio <= (_MAX_CONTROL_RATIO_UTF8 if is_utf8 else _MAX_CONTROL_RATIO):
        return None
    if _is_wide_text(raw):
        return None
    nul_count = raw.count(0)
    if nul_count and any(_is_readable(raw[:_SAMPLE_BYTES].decode(codec, "replace")) for codec in _WIDE_CODECS):
        return NotText("encoding_unknown", "it looks like UTF-16 but has no byte order mark: convert it to UTF-8")
    found = f"{ratio:.0%} of its bytes are control characters"
    if (control_count - nul_count) / len(raw) <= _MAX_CONTROL_RATIO and nul_count < 0.9 * len(raw):
        return NotText("encoding_unknown", f"{found}, nearly all of them NUL, and it is neither UTF-16 nor UTF-32")
    return NotText("binary", f"{found}, so it is not the text of a page")


def _by_its_opening(raw: bytes) -> NotText | None:
    """What the first bytes say."""
    for signature, kind in _SIGNATURES:
        if raw.startswith(signature):
            return NotText("binary", f"it is {kind}, not the text of a page: unpack or convert it first")
    for signature, name in _ARCHIVES:
        if raw.startswith(signature):
            return NotText("unsupported", f"it is {name}: unpack it first")
    for signature, kind, ending in _PACKED:
        if raw.startswith(signature):
            return NotText("binary", f"it is {kind}, which its name does not say: let it end in {ending}")
    return None


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_wide_text(raw: bytes) -> bool:
    """The reader of pages will take it for UTF-16 or UTF-32, and gets text."""
    # Here, not above: the reader of pages and its libraries are needed for few objects, and never where nothing is new.
    from cuttings.pages.decode import decode  # noqa: PLC0415

    decoded = decode(raw[:_SAMPLE_BYTES])
    return decoded.encoding.startswith(("utf-16", "utf-32")) and _is_readable(decoded.utf8.decode("utf-8"))


def _is_readable(text: str) -> bool:
    bad_count = text.count("\ufffd") + sum(not (char.isprintable() or char.isspace()) for char in text)
    # One bad character more: the text may end in the middle of one.
    return bad_count <= 1 + _MAX_CONTROL_RATIO * len(text) and bad_count < len(text) / 2
