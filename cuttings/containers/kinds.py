"""Which files are containers: those whose name says so and whose first bytes agree.

The name is needed because a JSON Lines file is text like any other, and because many formats are zip files inside. A
file that is not what its name says is read as any other file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

HEAD_BYTES: Final = 512

_NAME: Final = re.compile(
    rb"(?P<stem>.*?[^/])(?:\.(?P<layout>tar|jsonl|ndjson|warc|wet|zip))?"
    rb"(?:\.(?P<compression>gz|bz2|xz|zst)|\.(?P<both>tgz|tbz2?|txz|tzst))?",
    re.IGNORECASE | re.DOTALL,
)
_LAYOUTS: Final = {b"ndjson": "jsonl", b"wet": "warc"}
_BOTH: Final = {b"tgz": "gz", b"tbz": "bz2", b"tbz2": "bz2", b"txz": "xz", b"tzst": "zst"}
# What a compressed stream begins with, and each that follows it in a file. A frame of zstandard may be one to skip.
MAGIC: Final = {
    "gz": (b"\x1f\x8b",),
    "bz2": (b"BZh",),
    "xz": (b"\xfd7zXZ\x00",),
    "zst": (b"\x28\xb5\x2f\xfd", *(bytes([low]) + b"\x2a\x4d\x18" for low in range(0x50, 0x60))),
}
# Suffixes a container's name ends in: a cheap look before the pattern.
_ENDINGS: Final = (
    b".gz", b".bz2", b".xz", b".zst", b".tgz", b".tbz", b".tbz2", b".txz", b".tzst", b".tar", b".zip", b".jsonl",
    b".ndjson", b".warc", b".wet",
)  # fmt: skip
# Longer names are no names of containers.
_MAX_NAME_BYTES: Final = 4096


@dataclass(frozen=True, slots=True)
class Kind:
    """How the bytes are compressed (gz, bz2, xz, zst or None) and what they hold: tar, zip, jsonl, warc or one text."""

    compression: str | None
    layout: str
    stem: bytes  # the name without its endings


def kind_by_name(name: bytes) -> Kind | None:
    """The container that a name announces.

    >>> kind_by_name(b"dump/pages.jsonl.gz")
    Kind(compression='gz', layout='jsonl', stem=b'dump/pages')
    >>> kind_by_name(b"page.txt") is None
    True
    """
    if not name.lower().endswith(_ENDINGS) or len(name) > _MAX_NAME_BYTES:
        return None
    match = _NAME.fullmatch(name)
    assert match is not None, "the pattern takes any name but the empty one"
    compression, both, layout = ((match[group] or b"").lower() for group in ("compression", "both", "layout"))
    if compression and layout == b"zip":
        return Kind(compression.decode(), "text", name[: -len(compression) - 1])
    if not (compression or both or layout):
        return None  # nothing stands before the ending
    if both:
        return Kind(_BOTH[both], "tar", match["stem"])
    return Kind(compression.decode() or None, _LAYOUTS.get(layout, layout.decode()) or "text", match["stem"])


def kind_of(name: bytes, head: bytes) -> Kind | None:
    """The container that a name announces and the first bytes confirm; `head` is HEAD_BYTES of them."""
    kind = kind_by_name(name)
    if kind is None or not head:
        return None
    if kind.compression is not None:
        return kind if head.startswith(MAGIC[kind.compression]) else None
    return kind if has_layout(kind.layout, head) else None


def has_layout(layout: str, head: bytes) -> bool:
    """The first bytes are those of such a layout; lines of JSON and text may begin with anything."""
    if layout == "tar":
        return head[257:262] == b"ustar" or (len(head) == HEAD_BYTES and not head.strip(b"\0"))
    if layout == "zip":
        return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))
    if layout == "warc":
        return head.startswith(b"WARC/")
    return True
