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
    "forgotten": "what `cuttings forget` removed; it was read, and nothing of it is kept",
    "too_deep": "the folder is nested more than 128 folders deep",
    "bomb": "it unpacks to more than 200 times its size and 1 MiB: made to fill memory or disk",
    "truncated_stream": "the archive or compressed file breaks off here; what came before it is kept",
    "truncated_record": "the record has fewer bytes than its header says; they are kept",
    "trailing_garbage": "bytes that belong to nothing follow the end of the archive; its members are loaded",
    "damaged": "a checksum, a length or a header in the archive is wrong; it was read up to there",
    "encrypted": "the member is encrypted",
    "unsupported": "an archive, a member or a record of a kind that is not read",
    "unsupported_html": "the record holds HTML; cuttings reads the visible text of pages",
    "too_nested": "an archive within an archive within an archive",
    "too_many_members": "the archive has more members, the file more records, than the limit; those before are loaded",
    "archive_too_large": "all of the archive unpacks to more than the limit; the members before are loaded",
    "json_invalid": "the line is no JSON, or no object",
    "json_ambiguous": "the line has a key twice, NaN or an endless number: programs would read it differently",
    "json_too_deep": "the line is nested more than 64 deep",
    "no_text": "the record has none of the fields that hold text",
    "worker_died": "reading it ended its process; the signal or limit follows a colon: worker_died:SIGSEGV",
}
