"""When and from where an object was fetched, by the strongest evidence there is.

The sidecar comes first, then what the record itself says, the option, the object's own name, and the innermost name of
its folders that tells a time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from cuttings.containers.kinds import kind_by_name
from cuttings.containers.member import Member
from cuttings.sources.capture import Capture, exactly, read_name, read_written
from cuttings.sources.names import display_name
from cuttings.sources.objects import FoundObject
from cuttings.sources.sidecar import Sidecar

# Addresses are at most 2 KiB in practice.
_MAX_URL_CHARS: Final = 4096


def tell_provenance(
    found: FoundObject,
    file: bytes,
    member: Member | None,
    *,
    sidecar: Sidecar,
    captured_at: datetime | None,
    in_folder: Capture | None,
) -> None:
    """Set `capture` and `url` of an object, which is a `file` of its folder or a `member` of the container there.

    `captured_at` is the option's, and `in_folder` is what `named_by` finds in the folders.
    """
    evidence = sidecar.rows.get(display_name(found.name)) if sidecar.rows else None
    if evidence is None and found.container is not None:
        evidence = sidecar.rows.get(display_name(found.container))
    recorded = read_written(member.captured, "record") if member and member.captured else None
    found.url = (evidence and evidence.url) or (_printable(member.url) if member and member.url else None)
    if evidence and evidence.capture:
        found.capture = evidence.capture
    elif recorded:
        found.capture = recorded
    elif captured_at:
        found.capture = exactly(captured_at, "option")
    else:
        found.capture = _named(file, member) or in_folder


def named_by(folders: Sequence[str]) -> Capture | None:
    """The capture time that the innermost of these names tells."""
    return next((capture for folder in reversed(folders) if (capture := read_name(folder))), None)


def _named(file: bytes, member: Member | None) -> Capture | None:
    """The capture time in a file's name; for a member in its own, in its folders', or in its container's."""
    if member is None:
        return read_name(display_name(file))
    kind = kind_by_name(file)
    stem = kind.stem if kind else file
    # Without its endings: a name of many words tells no time.
    return named_by([display_name(stem) + ".", *(display_name(part) for part in re.split(b"[!/]", member.name))])


def _printable(url: str) -> str:
    """The address a record gives, with what is no character escaped, cut where no address goes on."""
    return url[:_MAX_URL_CHARS].encode("utf-8", "backslashreplace").decode("utf-8")
