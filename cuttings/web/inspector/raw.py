"""The bytes of a page, put together again from its segments.

The warehouse keeps the text of segments, decoded, and the SHA-256 of the page. Encoding the text again gives the bytes
of every page that was sound; the digest proves it. Where it does not, the text is given as UTF-8 and called so.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

import duckdb

_TEXT: Final = "select text from segments where page_id = $page_id order by segment_no"
_BYTE_ORDER_MARK: Final = "\ufeff"
# Python codec to the name browsers know it by, where they differ.
_CHARSETS: Final = {
    "utf-16-le": "utf-16le", "utf-16-be": "utf-16be", "iso8859-2": "iso-8859-2", "cp874": "windows-874",
    "cp932": "shift_jis", "euc_jp": "euc-jp", "cp949": "euc-kr",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RawPage:
    """`is_exact`: these are the very bytes that were read; else the decoded text as UTF-8."""

    content: bytes
    charset: str
    is_exact: bool


def read_raw(connection: duckdb.DuckDBPyConnection, page_id: str, encoding: str) -> RawPage:
    """The page `page_id`, which was read as `encoding`."""
    text = "".join(row[0] for row in connection.execute(_TEXT, {"page_id": page_id}).fetchall())
    for candidate in (text, _BYTE_ORDER_MARK + text):  # of UTF-16 and UTF-32 the mark is no part of the text
        try:
            content = candidate.encode(encoding)
        except UnicodeError:
            break
        if hashlib.sha256(content).hexdigest() == page_id:
            return RawPage(content, _CHARSETS.get(encoding, encoding), True)
    return RawPage(text.encode("utf-8"), "utf-8", False)
