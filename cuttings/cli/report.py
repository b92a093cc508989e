"""The command that shows the quality report of a generation: `report`."""

from __future__ import annotations

import webbrowser
from typing import Annotated

import typer
from rich.text import Text

from cuttings.cli.options import Warehouse, err, out
from cuttings.config import DEFAULT_WAREHOUSE


def report(
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    generation: Annotated[
        str | None, typer.Option(help="Id of a generation that is kept; the published one if left out.")
    ] = None,
    is_opened: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
) -> None:
    """Say how the checks of a generation went, and where the page with the whole report is."""
    import polars as pl

    from cuttings import store
    from cuttings.terminal import inert, table

    with store.pinned(warehouse, generation) as directory:
        checks = store.scan_table(directory, "checks").filter(pl.col("run_id") == directory.name).collect()
        aside = store.scan_table(directory, "quarantine").filter(pl.col("stage") == "check").collect()
        broken = checks.filter(~pl.col("success")).sort("level", "suite", "expectation")
        out.print(
            f"generation {directory.name}: {checks.height - broken.height:,} of {checks.height:,} checks hold, "
            f"{broken.height:,} warn"
        )
        if aside.height:
            out.print(f"\nSet aside because their page broke a check ({aside.height:,}):")
            reasons = aside.group_by("reason").len().sort("len", "reason", descending=[True, False])
            out.print(table(("objects", "broken checks"), [(count, reason) for reason, count in reasons.iter_rows()]))
        if broken.height:
            out.print("\nWarnings:")
            rows = broken.select(pl.format("{}.{}", "suite", "expectation"), "observed").iter_rows()
            out.print(table(("check", "found"), rows))
        page = directory / "docs" / "index.html"
        out.print(Text(f"\n{inert(str(page.resolve()))}"), soft_wrap=True)
        refused = warehouse / "refused.html"
        if refused.is_file() and refused.stat().st_mtime > (warehouse / "CURRENT").stat().st_mtime:
            text = f"A later run was refused; its report: {inert(str(refused.resolve()))}"
            out.print(Text(text), soft_wrap=True)
        if is_opened and not webbrowser.open(page.resolve().as_uri()):
            err.print("there is no browser to open it in; open the file above")
