"""The reason codes of `files.reason` and `quarantine.reason` that sources give, and what each means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

REASONS: Final[Mapping[str, str]] = {
    "same_bytes": "the object has the very bytes of another one, which is loaded",
    "empty": "the object has no bytes",
    "too_large": "the object is larger than the limit; it was hashed, not read into memory, and its bytes are not kept",
    "binary": "the bytes are not text: an archive, an image, a program, or random",
    "encoding_unknown": "the bytes are text of some kind, but no encoding that can be told from them",
    "changed_while_reading": "the object was being written while it was read, or between its two readings",
    "symlink": "the entry is a symbolic link, wherever it points; links are never followed",
    "not_regular": "the entry is a FIFO, a socket or a device",
    "unreadable": "the file or folder could not be opened or read; a folder's name ends in a slash",
    "vanished": "the entry was listed but was gone when it was to be read",
    "too_deep": "the folder is nested more than 128 folders deep",
}
