"""What the commands share: the two consoles, the options, and the checks of what was given."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from cuttings.config import TEXT_FIELDS
from cuttings.errors import UsageError

# Into a pipe or a file lines are as wide as COLUMNS says, or this.
_PIPE_COLUMNS: Final = 160
out = Console(
    highlight=False, markup=False, width=None if sys.stdout.isatty() or "COLUMNS" in os.environ else _PIPE_COLUMNS
)
err = Console(highlight=False, markup=False, stderr=True)

Warehouse = Annotated[Path, typer.Option("--warehouse", "-w", help="Folder of the warehouse.")]
CapturedAt = Annotated[
    str | None,
    typer.Option(help="When pages without better evidence were fetched, with its zone: 2026-11-21T10:00Z."),
]
TrustMtime = Annotated[
    bool,
    typer.Option("--trust-mtime/--no-trust-mtime", help="Take modification times as weakest evidence."),
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Refuse the publish when a page fails a check, instead of setting it aside.")
]
Keep = Annotated[
    int, typer.Option(min=1, help="Generations to keep after a publish, the new one included; readers keep theirs.")
]
DashboardUrl = Annotated[
    str, typer.Option(help="Address of the dashboard: the quality report links the rows it names to it.")
]
TextField = Annotated[
    list[str] | None,
    typer.Option(help=f"Field of a JSON Lines record that may hold the text. Default: {', '.join(TEXT_FIELDS)}."),
]
MaxObjectBytes = Annotated[
    int, typer.Option(min=1, help="Set a larger page aside as too_large; what an archive's member unpacks to counts.")
]
MaxArchiveBytes = Annotated[
    int, typer.Option(min=1, help="Read an archive up to what unpacks to so much; what is behind is archive_too_large.")
]
MaxArchiveMembers = Annotated[
    int, typer.Option(min=1, help="Read so many members of an archive, or lines of a file of records.")
]
Sources = Annotated[
    list[Path], typer.Argument(metavar="SOURCE...", help="Folders of text dumps, or single files.", show_default=False)
]


def checked(sources: list[Path]) -> tuple[Path, ...]:
    for path in sources:
        if not path.exists():
            raise UsageError(f"{path}: there is no such folder or file. Expected a folder of text dumps.")
    return tuple(sources)


def instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--captured-at {text!r} is not a time. Expected ISO 8601, like 2026-11-21T10:00Z.") from error
    if moment.tzinfo is None:
        whole = moment.isoformat()
        raise UsageError(f"--captured-at {text!r} has no zone. Say which: {whole}Z for UTC, or {whole}+01:00.")
    return moment


def web_address(text: str) -> str:
    """`text` if it is an address that a page may link to, without a slash at its end."""
    if not text.startswith(("http://", "https://")):
        raise UsageError(f"--dashboard-url {text!r} is no address. Expected one like http://127.0.0.1:8765.")
    return text.rstrip("/")
