"""Members of a JSON Lines file: one record a line, one page a record.

A line that could be read in two ways by two programs (a key twice, NaN, an endless number) is not read in one of them.
"""

from __future__ import annotations

import gc
import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from cuttings.containers.member import (
    CHUNK_BYTES,
    KEEPS_PREFIX,
    SIGN_OF_LIFE_BYTES,
    Bounds,
    Member,
    Members,
    Problem,
    Readable,
    StreamError,
    too_large,
)

# A longer line is not parsed: JSON takes up to 32 times its bytes as Python's objects.
MAX_LINE_BYTES: Final = 4 << 20
MAX_DEPTH: Final = 64
# As many digits as Python itself takes for a number.
_MAX_DIGITS: Final = 4300
# Fields that say when a page was fetched, the plainest first. `date` and `timestamp` may mean its publication.
_CAPTURE_FIELDS: Final = (
    "captured_at", "crawled_at", "fetched_at", "scraped_at", "retrieved_at", "downloaded_at", "date_download",
    "date_crawled", "crawl_date", "fetch_date", "fetch_time", "warc_date",
)  # fmt: skip
_URL_FIELDS: Final = ("url", "uri", "link")
# Strings, closed or not, and brackets: each byte is looked at once.
_BRACKETS: Final = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\Z)|[\[\]{}]', re.DOTALL)


class _RefusedError(Exception):
    """A line that is no record; `problem` tells why."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(reason, detail)
        self.problem = Problem(reason, detail)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line without its end; `raw` is None where it is longer than the limit. `error` ends the file within it."""

    number: int
    raw: bytes | None
    size_bytes: int
    error: StreamError | None = None


def read_lines(stream: Readable, bounds: Bounds) -> Members:
    """Yield the page of each record, named by the number of its line; a line that is no record comes with a problem."""
    limit = min(MAX_LINE_BYTES, bounds.object_bytes)
    for line in _lines(stream, limit):
        if line is None:
            yield None
            continue
        name = b"%08d" % line.number
        if line.error is not None:
            yield Member(name, line.raw, line.size_bytes, line.error.problem)
        elif line.raw is None:
            yield Member(name, None, line.size_bytes, too_large(line.size_bytes, limit))
        elif line.raw.strip():
            yield _record(name, line.raw, bounds.text_fields)


def _lines(stream: Readable, limit: int) -> Iterator[_Line | None]:
    """The lines of a stream, and None where one goes on for long."""
    number, pieces, size, next_sign = 1, list[bytes](), 0, SIGN_OF_LIFE_BYTES
    error: StreamError | None = None
    while True:
        try:
            chunk = stream.read(CHUNK_BYTES)
        except StreamError as ended:
            chunk, error = b"", ended
        if not chunk:
            break
        ends = chunk.split(b"\n")
        for index, piece in enumerate(ends):
            size += len(piece)
            if size <= limit:
                pieces.append(piece)
            else:
                pieces.clear()
            if index < len(ends) - 1:
                yield _Line(number, b"".join(pieces) if size <= limit else None, size)
                number, pieces, size, next_sign = number + 1, [], 0, SIGN_OF_LIFE_BYTES
        if size > next_sign:
            next_sign += SIGN_OF_LIFE_BYTES
            yield None
    if error is not None and (not size or error.problem.reason not in KEEPS_PREFIX):
        raise error
    if size:
        yield _Line(number, b"".join(pieces) if size <= limit else None, size, error)


def _record(name: bytes, line: bytes, text_fields: tuple[str, ...]) -> Member:
    line = line.removeprefix(b"\xef\xbb\xbf")
    try:
        record, is_utf8 = _parse(line, frozenset((*text_fields, *_CAPTURE_FIELDS, *_URL_FIELDS)))
    except _RefusedError as error:
        return Member(name, line, len(line), error.problem)
    texts = [record[field] for field in text_fields if isinstance(record.get(field), str)]
    if not texts:
        fields = ", ".join(text_fields)
        return Member(name, line, len(line), Problem("no_text", f"it has none of the fields {fields} as a string"))
    raw = _bytes(next((text for text in texts if text), ""), is_utf8)
    captured, url = (_first(record, fields) for fields in (_CAPTURE_FIELDS, _URL_FIELDS))
    return Member(name, raw, len(raw), captured=captured, url=url)


def _first(record: dict[str, Any], fields: tuple[str, ...]) -> str | None:
    """The first field that has a value, as text."""
    values = (record.get(field) for field in fields)
    value = next((value for value in values if isinstance(value, str | int | float) and value), None)
    return str(int(value)) if isinstance(value, float) else value and str(value)


def _parse(line: bytes, wanted: frozenset[str]) -> tuple[dict[str, Any], bool]:
    """The record of a line and whether the line is UTF-8; objects without a wanted field are dropped as they come."""
    if line.count(b"{") + line.count(b"[") > MAX_DEPTH and _depth(line) > MAX_DEPTH:
        raise _RefusedError("json_too_deep", f"it is nested more than {MAX_DEPTH} deep")

    def take_object(pairs: list[tuple[str, Any]]) -> dict[str, Any] | None:
        found = dict(pairs)
        if len(found) < len(pairs):
            raise _RefusedError("json_ambiguous", "an object has the same key twice")
        return _EMPTY if wanted.isdisjoint(found) else found

    try:
        text, is_utf8 = line.decode("utf-8"), True
    except UnicodeDecodeError:
        text, is_utf8 = line.decode("utf-8", "surrogateescape"), False
    was_collecting = gc.isenabled()
    gc.disable()  # millions of small lists and no cycle among them: looking for one takes ten times the parsing
    try:
        value = json.loads(
            text, object_pairs_hook=take_object, parse_int=_integer, parse_float=_float, parse_constant=_no_number
        )
    except json.JSONDecodeError as error:
        detail = f"it is no JSON: {error.msg} at character {error.pos}"
        raise _RefusedError("json_invalid", detail) from error
    finally:
        if was_collecting:
            gc.enable()
    if not isinstance(value, dict):
        raise _RefusedError("json_invalid", "it is JSON but no object")
    return value, is_utf8


_EMPTY: Final[dict[str, Any]] = {}


def _depth(line: bytes) -> int:
    depth = deepest = 0
    for match in _BRACKETS.finditer(line):
        token = match[0]
        if token in (b"{", b"["):
            depth += 1
            deepest = max(deepest, depth)
        elif token in (b"}", b"]"):
            depth -= 1
    return deepest


def _integer(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:
        raise _RefusedError("json_ambiguous", f"it has a number of {len(digits)} digits")
    return int(digits)


def _float(digits: str) -> float:
    value = float(digits)
    if math.isinf(value) or len(digits) > _MAX_DIGITS:
        raise _RefusedError("json_ambiguous", "it has a number that is too large or too long")
    return value


def _no_number(constant: str) -> NoReturn:
    raise _RefusedError("json_ambiguous", f"it has {constant}, which is no JSON")


def _bytes(text: str, is_utf8: bool) -> bytes:
    """The text as it would have stood in a file; what is no character stays invalid, to be told as damage."""
    for errors in ("strict", "surrogatepass" if is_utf8 else "surrogateescape"):
        try:
            return text.encode("utf-8", errors)
        except UnicodeEncodeError:
            continue
    return text.encode("utf-8", "backslashreplace")
