"""What a warehouse holds, said in a few lines."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import polars as pl
from rich.console import Console
from rich.text import Text

from cuttings.store import Warehouse, open_warehouse
from cuttings.terminal import inert, table


def print_status(warehouse: Path, console: Console) -> None:
    """Print the published generation, its captures, what was set aside and how the checks went.

    Raises NothingPublishedError when there is none.
    """
    with open_warehouse(warehouse) as opened:
        lines, aside = _facts(opened), _aside(opened)
        width = max(map(len, lines))
        for name, value in lines.items():
            console.print(Text(f"{name:<{width}}  {value}"), soft_wrap=True)
        if aside.height:
            console.print(Text("\nNot loaded, by reason", style="bold"))
            console.print(table(aside.columns, aside.iter_rows(), right=("objects",)))


def _facts(opened: Warehouse) -> dict[str, str]:
    run = opened.table("runs").filter(pl.col("run_id") == opened.generation).collect().row(0, named=True)
    pages = opened.table("pages").select("captured_at", "captured_from", "page_type").collect()
    zones = opened.table("appearances").select("zone").collect()["zone"]
    checks = opened.table("checks").filter(pl.col("run_id") == opened.generation).collect()
    captured = pages["captured_at"].drop_nulls()
    sources = pages["captured_from"].value_counts().sort("captured_from")
    failed = checks.filter(~pl.col("success"))
    return {
        "generation": f"{opened.generation}, published {_minute(run['finished_at'])}",
        "objects": f"{run['object_count']:,}: {run['loaded_count']:,} loaded, {run['duplicate_count']:,} duplicate, "
        f"{run['quarantined_count']:,} quarantined, {run['refused_count']:,} refused "
        f"({run['object_bytes'] / 1e6:,.1f} MB)",
        "pages": f"{pages.height:,}: " + _counts(pages["page_type"]),
        "appearances": f"{zones.len():,}: " + _counts(zones),
        "captured": (f"{_minute(captured.min())} to {_minute(captured.max())}" if captured.len() else "unknown")
        + "".join(f", {count:,} from {source}" for source, count in sources.iter_rows()),
        "checks": f"{checks.height - failed.height:,} of {checks.height:,} passed"
        + "".join(f", {row['suite']}.{row['expectation']} {row['level']}s" for row in failed.to_dicts()),
        "tables": inert(str(opened.directory)),
        "report": inert(str(opened.directory / "docs" / "index.html")),
    }


def _aside(opened: Warehouse) -> pl.DataFrame:
    return (
        opened.table("quarantine")
        .join(opened.table("files").select("file_id", "disposition", "source_name"), on="file_id")
        .group_by("disposition", "reason")
        .agg(pl.len().alias("objects"), pl.col("source_name").sort().first().alias("for example"))
        .sort("disposition", "reason")
        .collect()
    )


def _counts(values: pl.Series) -> str:
    counted = values.alias("value").value_counts().sort("count", "value", descending=[True, False])
    return ", ".join(f"{count:,} {value}" for value, count in counted.iter_rows()) or "none"


def _minute(instant: object) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC" if isinstance(instant, datetime) else "unknown"
