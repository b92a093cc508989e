"""Members of a WARC file: the text of its responses, conversions and resources.

Markup is not read: a page's text has to be taken out of it first, which a WET file is the result of.
"""

from __future__ import annotations

from typing import Final

from cuttings.containers.member import (
    DAMAGED,
    Bounds,
    Member,
    Members,
    Problem,
    Readable,
    StreamError,
    read_body,
    too_large,
)
from cuttings.containers.streams import Budget, Buffered, Unpacked

_MAX_HEADER_BYTES: Final = 64 * 1024
_MAX_LENGTH_DIGITS: Final = 18
_PAGES: Final = ("response", "conversion", "resource")
_MARKUP: Final = ("text/html", "application/xhtml+xml")
_ENDS: Final = (b"\r\n\r\n", b"\n\n")


def read_warc(stream: Readable, bounds: Bounds) -> Members:
    """Yield the pages of a file, named by the number of their record; other kinds of record are no pages."""
    source = Buffered(stream)
    number = 0
    while _is_more(source):
        number += 1
        fields = _take_fields(source, number)
        length = _length(fields, number)
        kind = fields.get("warc-type", "").lower()
        is_page = kind in _PAGES
        body = yield from read_body(source, length, bounds.object_bytes if is_page else 0)
        if not is_page:
            if body.problem is not None:
                raise StreamError(body.problem.reason, f"record {number}: {body.problem.detail}")
            continue
        page = _page(kind, fields, body.raw, bounds) if body.raw is not None else body.raw
        problem = body.problem
        if problem is not None and problem.reason == "truncated_stream":
            problem = Problem("truncated_record", f"it has {body.size_bytes} bytes, and its header says {length}")
        if body.raw is None:
            problem = problem or too_large(body.size_bytes, bounds.object_bytes)
        name = b"%08d" % number
        captured, url = fields.get("warc-date"), fields.get("warc-target-uri", "").strip("<>") or None
        if problem is not None or page is None:
            yield Member(name, body.raw, body.size_bytes, problem, captured, url)
        elif isinstance(page, Problem):
            yield Member(name, body.raw, body.size_bytes, page, captured, url)
        else:
            yield Member(name, page, len(page), None, captured, url)
        if body.problem is not None:
            return


def _is_more(source: Buffered) -> bool:
    """Pass over the empty lines that end a record."""
    while data := source.peek(2):
        if data[:1] == b"\n":
            source.take(1)
        elif data == b"\r\n":
            source.take(2)
        else:
            return True
    return False


def _take_fields(source: Buffered, number: int) -> dict[str, str]:
    head = source.peek(_MAX_HEADER_BYTES)
    ends = [(at, end) for end in _ENDS if (at := head.find(end)) >= 0]
    if not head.startswith(b"WARC/") or not ends:
        raise StreamError(DAMAGED, f"where record {number} should begin there is none")
    at, end = min(ends)
    source.take(at + len(end))
    return _fields(head[:at])


def _fields(head: bytes) -> dict[str, str]:
    """Header fields by their name in lower case; the first of a name counts."""
    found: dict[str, str] = {}
    for line in head.split(b"\n")[1:]:
        name, _, value = line.decode("utf-8", "backslashreplace").partition(":")
        found.setdefault(name.strip().lower(), value.strip())
    return found


def _length(fields: dict[str, str], number: int) -> int:
    digits = fields.get("content-length", "")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > _MAX_LENGTH_DIGITS:
        raise StreamError(DAMAGED, f"record {number}: the length is {digits[:40]!r}, no number of bytes")
    return int(digits)


def _page(kind: str, fields: dict[str, str], raw: bytes, bounds: Bounds) -> bytes | Problem:
    """The text of a record, or why there is none."""
    media_type = fields.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "response" and media_type == "application/http":
        head, _, raw = raw.partition(b"\r\n\r\n")
        http = _fields(head)
        media_type = http.get("content-type", "").partition(";")[0].strip().lower()
        if media_type not in _MARKUP and media_type == "text/plain":
            return _decoded(http, raw, bounds)
    if media_type in _MARKUP:
        return Problem("unsupported_html", "it is HTML: take the text out of it first, or use the WET file beside it")
    if media_type != "text/plain":
        return Problem("unsupported", f"its media type is {media_type[:80]!r}; text/plain is read")
    return raw


def _decoded(http: dict[str, str], raw: bytes, bounds: Bounds) -> bytes | Problem:
    """The body as the server had it; one whose encoding was taken off already is left as it is."""
    if http.get("transfer-encoding", "").lower() == "chunked":
        joined = _dechunked(raw)
        raw = raw if joined is None else joined
    encoding = http.get("content-encoding", "").lower()
    if encoding in ("", "identity") or (encoding in ("gzip", "x-gzip") and not raw.startswith(b"\x1f\x8b")):
        return raw
    if encoding not in ("gzip", "x-gzip"):
        return Problem("unsupported", f"its content encoding is {encoding[:40]!r}; gzip is read")
    unpacked = read_body(Unpacked(_Bytes(raw), "gz", Budget(bounds.object_bytes, 0)), None, bounds.object_bytes)
    while True:
        try:
            next(unpacked)
        except StopIteration as done:
            return done.value.problem or done.value.raw  # type: ignore[no-any-return]
        except StreamError as error:
            return error.problem


def _dechunked(raw: bytes) -> bytes | None:
    """The chunks of a body joined, or None where it is not in chunks."""
    chunks, at = list[bytes](), 0
    while True:
        end = raw.find(b"\r\n", at, at + 80)
        digits = raw[at:end].partition(b";")[0].strip() if end >= 0 else b""
        if not digits or len(digits) > 8 or digits.strip(b"0123456789abcdefABCDEF"):
            return None
        size = int(digits, 16)
        if size == 0:
            return b"".join(chunks)
        chunks.append(raw[end + 2 : end + 2 + size])
        at = end + 2 + size + 2


class _Bytes:
    """Bytes as a stream."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def read(self, count: int, /) -> bytes:
        data = self._data[self._at : self._at + count]
        self._at += len(data)
        return data
