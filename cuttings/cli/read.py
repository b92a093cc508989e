"""The commands that read what is published, or one page: `explain`, `query`, `status`, `verify`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from cuttings.cli.options import CapturedAt, Warehouse, instant, out
from cuttings.config import DEFAULT_WAREHOUSE
from cuttings.errors import CorruptWarehouseError, UsageError


class Format(StrEnum):
    """How `cuttings query` writes its rows."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


def explain(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="One text dump.", show_default=False)],
    captured_at: CapturedAt = None,
    full: Annotated[bool, typer.Option("--full", help="Print whole texts instead of their beginnings.")] = False,
) -> None:
    """Show how one page is cut: every segment with its label, rule and confidence, the articles, the dates."""
    from cuttings.page import cut
    from cuttings.terminal import print_page

    try:
        raw = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}. Expected a text file that can be read.") from error
    print_page(out, cut(raw, instant(captured_at)), name=str(file), is_full=full)


def query(
    sql: Annotated[str, typer.Argument(metavar="SQL", help="One SELECT statement.", show_default=False)],
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    output_format: Annotated[
        Format | None, typer.Option("--format", "-f", help="Default: by the ending of --output, else a table.")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.")] = None,
) -> None:
    """Run SQL on the published generation, read-only."""
    from cuttings.query import write

    write(warehouse, sql, output_format, output, out)


def status(warehouse: Warehouse = DEFAULT_WAREHOUSE) -> None:
    """Say what is published, when its pages were captured, what is quarantined, and how the checks went."""
    from cuttings.status import print_status

    print_status(warehouse, out)


def verify(warehouse: Warehouse = DEFAULT_WAREHOUSE) -> None:
    """Read every published and quarantined file again and compare it with what was published."""
    from cuttings.store import verify as find_faults
    from cuttings.terminal import inert

    faults = find_faults(warehouse)
    for fault in faults:
        out.print(Text(inert(str(fault))), soft_wrap=True)
    if faults:
        raise CorruptWarehouseError(
            f"{warehouse}: {len(faults)} files are not as published: restore them from a backup, or move the warehouse "
            "away and run again"
        )
    out.print("every file is as published")
