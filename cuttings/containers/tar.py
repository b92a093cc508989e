"""Members of a tar archive: ustar, with the long names of GNU and of POSIX.

Our own reader and not `tarfile`: that one takes headers of any size into memory, and this one never could extract.
"""

from __future__ import annotations

from typing import Final

from cuttings.containers.member import (
    DAMAGED,
    TRUNCATED,
    Bounds,
    Member,
    Members,
    Problem,
    Readable,
    StreamError,
    read_body,
    too_large,
)
from cuttings.containers.streams import Buffered

_BLOCK_BYTES: Final = 512
# The largest header of a long name or of attributes; paths have at most 4 KiB.
_MAX_HEADER_BYTES: Final = 64 * 1024
_REGULAR: Final = (b"0", b"\0", b"7")
_DIRECTORY: Final = b"5"
_REFUSED: Final = {
    b"1": ("not_regular", "it is a hard link to another member"),
    b"2": ("symlink", "it is a symbolic link: links are not followed"),
    b"3": ("not_regular", "it is a character device"),
    b"4": ("not_regular", "it is a block device"),
    b"6": ("not_regular", "it is a FIFO"),
}


def read_tar(stream: Readable, bounds: Bounds) -> Members:
    """Yield the files of an archive in their order; directories are none. What is no file is refused."""
    source = Buffered(stream)
    long_name: bytes | None = None
    attributes: dict[bytes, bytes] = {}
    while True:
        header = source.take(_BLOCK_BYTES)
        if len(header) < _BLOCK_BYTES:
            raise StreamError(TRUNCATED, "it ends without the two empty blocks that end an archive")
        if not header.strip(b"\0"):
            _expect_end(source)
            return
        if not _has_checksum(header):
            raise StreamError(DAMAGED, "the header of a member has a wrong checksum")
        kind = header[156:157]
        size = _number(header[124:136])
        if kind in (b"L", b"K", b"x", b"g"):
            content = _take_header(source, size)
            if kind == b"L":
                long_name = content.rstrip(b"\0")
            elif kind == b"x":
                attributes = _attributes(content)
            continue
        if b"size" in attributes:
            size = _decimal(attributes[b"size"])
        name = attributes.get(b"path") or long_name or _name(header)
        is_sparse = kind == b"S" or any(key.startswith(b"GNU.sparse.") for key in attributes)
        long_name, attributes = None, {}
        # Links and devices have no bytes, whatever their header says.
        stored_bytes = 0 if kind in _REFUSED else size
        if kind in _REGULAR and not is_sparse and not (kind != b"7" and name.endswith(b"/")):
            limit = bounds.limit_of(name)
            body = yield from read_body(source, stored_bytes, limit)
            problem = body.problem
            if problem is None and body.raw is None:
                problem = too_large(body.size_bytes, limit)
            modified = _number(header[136:148], 0)
            yield Member(name, body.raw, body.size_bytes, problem, modified_seconds=modified)
            if body.problem is not None:
                return
        elif kind == _DIRECTORY or (kind in _REGULAR and not is_sparse):
            yield from _skip(source, stored_bytes)
        else:
            reason, detail = _REFUSED.get(kind, ("unsupported", f"it is a member of the kind {kind!r}"))
            if is_sparse:
                reason, detail = "unsupported", "it is a sparse file"
            yield from _skip(source, stored_bytes)
            yield Member(name, None, 0, Problem(reason, detail, is_refused=True))
        padding = -stored_bytes % _BLOCK_BYTES
        if len(source.take(padding)) < padding:
            raise StreamError(TRUNCATED, "it ends amid the padding of a member")


def _skip(source: Buffered, size: int) -> Members:
    body = yield from read_body(source, size, 0)
    if body.problem is not None:
        raise StreamError(body.problem.reason, body.problem.detail)


def _expect_end(source: Buffered) -> None:
    """After the first empty block there is nothing but empty blocks."""
    while data := source.read(1 << 20):
        if data.strip(b"\0"):
            raise StreamError("trailing_garbage", "after the end of the archive there are more bytes")


def _has_checksum(header: bytes) -> bool:
    """The sum of its bytes, with those of the sum itself as spaces; old programs summed signed bytes."""
    written = _number(header[148:156], -1)
    unsigned = sum(header) - sum(header[148:156]) + 8 * 32
    signed = unsigned - 256 * sum(byte > 127 for byte in header[:148] + header[156:])
    return written in (unsigned, signed)


def _number(field: bytes, default: int | None = None) -> int:
    """A number as octal digits, or as GNU's binary form; a wrong one raises StreamError, or gives the default."""
    if field[0] == 0x80:
        return int.from_bytes(field[1:], "big")
    digits = field.split(b"\0", 1)[0].strip()
    if digits and not digits.strip(b"01234567"):
        return int(digits, 8)
    if not digits or default is not None:
        return default or 0
    raise StreamError(DAMAGED, f"the header of a member has no number where it should: {field!r}")


def _decimal(digits: bytes) -> int:
    if not digits.isdigit() or len(digits) > 19:
        raise StreamError(DAMAGED, f"the attributes of a member have no number where they should: {digits[:20]!r}")
    return int(digits)


def _name(header: bytes) -> bytes:
    name = header[:100].split(b"\0", 1)[0]
    prefix = header[345:500].split(b"\0", 1)[0] if header[257:263] == b"ustar\0" else b""
    return prefix + b"/" + name if prefix else name


def _take_header(source: Buffered, size: int) -> bytes:
    if size > _MAX_HEADER_BYTES:
        raise StreamError(DAMAGED, f"a header of {size} bytes, more than the limit of {_MAX_HEADER_BYTES}")
    content = source.take(size)
    padding = -size % _BLOCK_BYTES
    if len(content) < size or len(source.take(padding)) < padding:
        raise StreamError(TRUNCATED, "it ends amid a header")
    return content


def _attributes(content: bytes) -> dict[bytes, bytes]:
    """POSIX attributes: lines of `length key=value`, where the length is that of the whole line."""
    found: dict[bytes, bytes] = {}
    at = 0
    while at < len(content):
        space = content.find(b" ", at, at + 8)
        digits = content[at:space] if space > 0 else b""
        end = at + int(digits) if digits.isdigit() else 0
        key, equals, value = content[space + 1 : end - 1].partition(b"=")
        if end <= space or end > len(content) or not equals or content[end - 1 : end] != b"\n":
            raise StreamError(DAMAGED, "the attributes of a member are not as they should be")
        found[key] = value
        at = end
    return found
