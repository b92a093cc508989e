"""Names of sources and objects: what is shown, what is sorted by, and what identifies an object.

A name inside a source is bytes, as the file system gives it. It is decoded for display only; identity and order use the
bytes, so two names that look alike stay two objects.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

FILE_ID_DIGITS: Final = 32


def display_name(name: bytes) -> str:
    r"""The name as text: UTF-8 where it is valid, every other byte as ``\xNN``.

    >>> display_name("é.txt".encode()), display_name(b"caf\xe9.txt")
    ('é.txt', 'caf\\xe9.txt')
    """
    return name.decode("utf-8", "backslashreplace")


def file_id(label: str, name: bytes) -> str:
    """Identity of an object: sha256 of its source's label and its name, first 32 digits."""
    return hashlib.sha256(label.encode("utf-8", "surrogateescape") + b"\0" + name).hexdigest()[:FILE_ID_DIGITS]


def source_labels(roots: Sequence[Path]) -> list[str]:
    """One label a source: empty when there is one source, else the shortest ends of their paths that tell them apart.

    >>> source_labels([Path("/data/a/dump"), Path("/data/b/dump"), Path("/x/other")])
    ['a/dump', 'b/dump', 'x/other']
    """
    if len(roots) == 1:
        return [""]
    part_count = 1
    while True:
        labels = ["/".join(root.parts[-part_count:]) for root in roots]
        if len(set(labels)) == len(roots):
            return [display_name(label.encode("utf-8", "surrogateescape")) for label in labels]
        part_count += 1
