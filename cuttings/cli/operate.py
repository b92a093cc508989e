"""The operator's commands: `rollback`, `gc`, `diff`, `redrive`, `forget`."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.text import Text

from cuttings.cli.options import Warehouse, err, out
from cuttings.config import DEFAULT_WAREHOUSE, KEPT_GENERATIONS
from cuttings.errors import EXIT_INCOMPLETE, EXIT_OK, UsageError

if TYPE_CHECKING:
    from cuttings.forget import Kind
    from cuttings.redrive import Redriven
    from cuttings.store import Difference

_SHOWN_TITLES: Final = 4  # of a page, in the difference; JSON has all
_TITLE_CHARS: Final = 60


class DiffFormat(StrEnum):
    """How `cuttings diff` writes the difference."""

    TABLE = "table"
    JSON = "json"


def rollback(
    generation: Annotated[
        str | None,
        typer.Argument(help="Id, or its beginning; default: the one before the published one.", show_default=False),
    ] = None,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    read: Annotated[
        bool, typer.Option("--verify/--no-verify", help="Read the generation and compare it with its digests first.")
    ] = True,
) -> None:
    """Publish an earlier generation again; the one left stays until the next publish."""
    from cuttings.store import roll_back

    done = roll_back(warehouse, generation, is_read=read)
    out.print(f"rolled back from generation {done.from_id} to {done.to_id}")
    out.print("A run over the same sources will publish again: stop the schedule until the cause is mended.")


def gc(
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    keep: Annotated[int, typer.Option(min=1, help="Generations to leave, the published one too.")] = KEPT_GENERATIONS,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be removed, and remove nothing.")] = False,
) -> None:
    """Remove older generations that no reader holds, and quarantined bytes that no generation names."""
    from cuttings.store import collect

    found = collect(warehouse, keep, is_dry=dry_run)
    for generation in found.generations:
        out.print(f"{'would remove' if dry_run else 'removed'} generation {generation}")
    for generation in found.leased:
        out.print(f"kept generation {generation}: a reader holds it")
    out.print(
        f"{'would free' if dry_run else 'freed'} {found.freed_bytes:,} bytes: {len(found.generations)} generations, "
        f"{found.unfinished_count} unfinished, {found.quarantine_count} quarantined files"
    )


def diff(
    before: Annotated[
        str | None,
        typer.Argument(metavar="[A]", help="Generation, or the beginning of its id; default: the one before B."),
    ] = None,
    after: Annotated[str | None, typer.Argument(metavar="[B]", help="Generation; default: the published one.")] = None,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    output_format: Annotated[DiffFormat, typer.Option("--format", "-f", help="Output.")] = DiffFormat.TABLE,
) -> None:
    """Show what changed between two generations: rows of each table, and titles and zones of pages."""
    from cuttings.store import difference

    print_difference(difference(warehouse, before, after), output_format)


def redrive(warehouse: Warehouse = DEFAULT_WAREHOUSE) -> None:
    """Try again what was set aside, with today's code: runs over the recorded sources and says what became of each.

    Exits 3 when something is still set aside.
    """
    from cuttings import pipeline, progress
    from cuttings.redrive import redrive as drive_again
    from cuttings.terminal import table

    with progress.shown_on(err):
        generation, rows, removed_count = drive_again(warehouse, pipeline.rerun)
    loaded_count = sum(row.is_loaded for row in rows)
    out.print(f"{loaded_count:,} of {len(rows):,} objects that were set aside are loaded in generation {generation}")
    if rows:
        shown = [(row.source_name, row.reason, _became(row)) for row in rows]
        out.print(table(("name", "was", "is"), shown))
    if removed_count:
        out.print(f"removed {removed_count:,} quarantined files that no generation names")
    raise typer.Exit(EXIT_OK if loaded_count == len(rows) else EXIT_INCOMPLETE)


def forget(
    publisher: Annotated[str | None, typer.Option(help="A publisher, by name, spelling or id.")] = None,
    source_name: Annotated[
        str | None,
        typer.Option(help="An object by its name, a folder with / at its end, or a publisher line as printed."),
    ] = None,
    page: Annotated[str | None, typer.Option(help="A page or quarantined object, by its sha256.")] = None,
    text: Annotated[str | None, typer.Option(help="A text, by its article_id or a passage of it.")] = None,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    wait: Annotated[float, typer.Option(min=0, help="Seconds to wait for readers of older generations.")] = 10.0,
) -> None:
    """Remove a publisher, an object, a page or a text for good, from everything the warehouse keeps.

    Runs anew over the recorded sources without it, and removes every older generation. Exits 75 when a reader still
    holds one of those; the same command then goes on.
    """
    from cuttings import pipeline, progress
    from cuttings.forget import forget as remove
    from cuttings.terminal import inert

    asked: dict[Kind, str | None] = {"publisher": publisher, "source-name": source_name, "page": page, "text": text}
    given: list[tuple[Kind, str]] = [(kind, value) for kind, value in asked.items() if value]
    if len(given) != 1:
        raise UsageError("forget needs exactly one of --publisher, --source-name, --page and --text, not empty")
    with progress.shown_on(err):
        done = remove(warehouse, *given[0], pipeline.rerun, wait_seconds=wait)
    rows = ", ".join(f"{count:,} {name}" for name, count in done.removed_rows.items())
    out.print(f"forgotten: generation {done.generation} is published without it")
    out.print(f"  rows removed: {rows or 'none'}")
    out.print(f"  older generations removed: {', '.join(done.removed_generations) or 'none'}")
    out.print(Text(f"  certificate: {inert(str(done.certificate))}"), soft_wrap=True)
    if done.names:
        out.print("The sources still hold it, and are not touched. Remove it there, too:")
        for name in done.names:
            out.print(Text(f"  {inert(name)}"), soft_wrap=True)


def _became(row: Redriven) -> str:
    if row.now is None:
        kept = f"; its bytes are kept at {row.bytes_kept_at}" if row.bytes_kept_at else ""
        return f"gone from the source{kept}"
    return row.now if row.is_loaded or row.now_reason is None else f"{row.now}: {row.now_reason}"


def print_difference(found: Difference, output_format: DiffFormat = DiffFormat.TABLE) -> None:
    """Write a difference for a person or a program."""
    from cuttings.terminal import inert, table

    if output_format is DiffFormat.JSON:
        # ASCII: no control or direction character of a page reaches a terminal.
        typer.echo(json.dumps(found.to_json(), default=str, indent=1))
        return
    out.print(f"from generation {found.from_id} to {found.to_id}")
    if found.is_empty:
        out.print("no row differs")
        return
    rows = []
    for change in found.tables:
        if not change.is_empty:
            columns = ", ".join(f"{name} {count:,}" for name, count in change.columns.items())
            counts = (change.added_count, change.removed_count, change.changed_count)
            rows.append((change.name, *(f"{count:,}" for count in counts), columns))
    out.print(
        table(("table", "added", "removed", "changed", "in columns"), rows, right=("added", "removed", "changed"))
    )
    for change in found.tables:
        for sign, keys in (("+", change.added), ("-", change.removed), ("~", change.changed)):
            for key in keys:
                shown = " ".join(str(value) for name, value in key.items() if name != "columns")
                columns = f"  ({', '.join(key['columns'])})" if "columns" in key else ""
                out.print(Text(f"  {sign} {change.name} {inert(shown)}{columns}"), soft_wrap=True)
    if found.pages:
        out.print(f"\nPages cut or titled in another way ({found.page_count:,}):")
    for page in found.pages:
        out.print(Text(f"  {inert(page.source_name) or page.page_id}"), soft_wrap=True)
        for sign, view in (("-", page.before), ("+", page.after)):
            if view is None:
                continue
            zones = ", ".join(f"{zone} {count:,} B" for zone, count in view.zone_bytes.items())
            titles = [inert(title)[:_TITLE_CHARS] if title else "(no title)" for title in view.titles[:_SHOWN_TITLES]]
            more = f" … {len(view.titles) - _SHOWN_TITLES} more" if len(view.titles) > _SHOWN_TITLES else ""
            out.print(
                Text(f"    {sign} {zones or 'no bytes'}: {' | '.join(titles) or 'no article'}{more}"), soft_wrap=True
            )
