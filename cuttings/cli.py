"""The command line. It reads arguments, calls one function, prints for a person, and returns an exit code."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console
from rich.text import Text

from cuttings import __version__, errors
from cuttings.config import DEFAULT_WAREHOUSE, Config
from cuttings.errors import CorruptWarehouseError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from cuttings.pipeline import RunResult

app = typer.Typer(
    name="cuttings",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Cut raw text dumps of news pages into articles, date them, and publish an audited warehouse.",
)
# Into a pipe or a file lines are as wide as COLUMNS says, or this.
_PIPE_COLUMNS: Final = 160
_out = Console(
    highlight=False, markup=False, width=None if sys.stdout.isatty() or "COLUMNS" in os.environ else _PIPE_COLUMNS
)
_err = Console(highlight=False, markup=False, stderr=True)

# Prefect runs on this machine for one run: no telemetry, and time to start (its default of 20 s fails on a
# loaded machine). What the user has set wins.
PREFECT_DEFAULTS: Final = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "300",
}
# A run speaks for itself; a served flow is a log, with the engine's own progress in it.
QUIET: Final = {"PREFECT_LOGGING_LEVEL": "CRITICAL"}
LOGGED: Final = {"PREFECT_LOGGING_LEVEL": "INFO", "PREFECT_LOGGING_EXTRA_LOGGERS": "cuttings"}
_LISTED_PROBLEMS: Final = 20  # objects named after a run; `cuttings status` counts them all
_UNIT_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class Format(StrEnum):
    """How `cuttings query` writes its rows."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


Warehouse = Annotated[Path, typer.Option("--warehouse", "-w", help="Folder of the warehouse.")]
CapturedAt = Annotated[
    str | None,
    typer.Option(help="When pages without better evidence were fetched, with its zone: 2026-11-21T10:00Z."),
]
TrustMtime = Annotated[
    bool,
    typer.Option("--trust-mtime/--no-trust-mtime", help="Take modification times as weakest evidence."),
]
Sources = Annotated[
    list[Path], typer.Argument(metavar="SOURCE...", help="Folders of text dumps, or single files.", show_default=False)
]


@app.callback(invoke_without_command=True)
def _root(version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False) -> None:
    if version:
        _out.print(f"cuttings {__version__}")
        raise typer.Exit


@app.command()
def run(
    source: Sources,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    captured_at: CapturedAt = None,
    trust_mtime: TrustMtime = True,
    prefect: Annotated[
        bool, typer.Option("--prefect/--no-prefect", help="Run the steps as a Prefect flow, or call them directly.")
    ] = True,
) -> None:
    """Ingest dumps and publish one audited generation.

    Exits 0 when it published or had nothing to do, 2 for wrong usage, 3 when it published but set objects aside, 4 when
    a check refused the publish, 74 when the disk failed, 75 when another run holds the warehouse.
    """
    from cuttings import pipeline, progress

    config = Config(_checked(source), warehouse, _instant(captured_at), trust_mtime)
    with progress.shown_on(_err):
        result = pipeline.run_if_needed(config, _flow_runner() if prefect else pipeline.run)
    _print_result(result, source, warehouse)
    raise typer.Exit(errors.EXIT_INCOMPLETE if result.is_published and result.problems else errors.EXIT_OK)


@app.command()
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
    print_page(_out, cut(raw, _instant(captured_at)), name=str(file), is_full=full)


@app.command()
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

    write(warehouse, sql, output_format, output, _out)


@app.command()
def status(warehouse: Warehouse = DEFAULT_WAREHOUSE) -> None:
    """Say what is published, when its pages were captured, what is quarantined, and how the checks went."""
    from cuttings.status import print_status

    print_status(warehouse, _out)


@app.command()
def verify(warehouse: Warehouse = DEFAULT_WAREHOUSE) -> None:
    """Read every published and quarantined file again and compare it with what was published."""
    from cuttings.store import verify as find_faults
    from cuttings.terminal import inert

    faults = find_faults(warehouse)
    for fault in faults:
        _out.print(Text(inert(str(fault))), soft_wrap=True)
    if faults:
        raise CorruptWarehouseError(
            f"{warehouse}: {len(faults)} files are not as published: restore them from a backup, or move the warehouse "
            "away and run again"
        )
    _out.print("every file is as published")


@app.command()
def schedule(
    source: Sources,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    every: Annotated[str | None, typer.Option(help="Time between runs: 90s, 15m, 6h, 1d.")] = None,
    cron: Annotated[str | None, typer.Option(help='A cron expression, in UTC: "5 * * * *".')] = None,
    captured_at: CapturedAt = None,
    trust_mtime: TrustMtime = True,
) -> None:
    """Serve the flow: run it on a schedule until interrupted.

    With PREFECT_API_URL set it is served to that server; otherwise a server of its own starts on a loopback port.
    """
    if (every is None) == (cron is None):
        raise UsageError("schedule needs exactly one of --every and --cron, e.g. --every 15m")
    interval = _interval(every) if every is not None else None
    instant = _instant(captured_at)
    folders = [str(path.resolve()) for path in _checked(source)]
    parameters = {
        "sources": folders,
        "warehouse": str(warehouse.resolve()),
        "captured_at": instant.isoformat() if instant else None,
        "trusts_mtime": trust_mtime,
    }
    _set_prefect_defaults(LOGGED)
    from cuttings.resources import load_module
    from cuttings.terminal import inert

    when = f"every {every}" if every else f"at {cron} (UTC)"
    _err.print(Text(inert(f"serving {' '.join(map(shlex.quote, folders))} {when}; stop with Ctrl-C")), soft_wrap=True)
    load_module("flows", "schedule").serve(parameters, every=interval, cron=cron)
    # Prefect's threads go on looking for the server that has just been stopped, for minutes; nothing of ours is left.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(errors.EXIT_OK)


def main() -> None:
    """Entry point: runs the app and turns an error meant for a person into one message and its exit code."""
    from cuttings.terminal import inert

    try:
        app()
    except errors.CuttingsError as error:
        for number, line in enumerate(str(error).split("\n")):
            _err.print(Text(("" if number else "cuttings: ") + inert(line)), soft_wrap=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:  # the reader of our output has left, e.g. `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(errors.EXIT_OK)


def _flow_runner() -> Callable[[Config], RunResult]:
    def run_flow(config: Config) -> RunResult:
        from cuttings.pipeline import RunResult
        from cuttings.resources import load_module

        _set_prefect_defaults(QUIET)
        flow = load_module("flows", "ingest").ingest
        summary = flow(list(config.sources), config.warehouse, config.captured_at, config.trusts_mtime)
        return RunResult.from_summary(summary)

    return run_flow


def _set_prefect_defaults(logging: dict[str, str]) -> None:
    for name, value in {**PREFECT_DEFAULTS, **logging}.items():
        os.environ.setdefault(name, value)


def _checked(sources: list[Path]) -> tuple[Path, ...]:
    for path in sources:
        if not path.exists():
            raise UsageError(f"{path}: there is no such folder or file. Expected a folder of text dumps.")
    return tuple(sources)


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--captured-at {text!r} is not a time. Expected ISO 8601, like 2026-11-21T10:00Z.") from error
    if instant.tzinfo is None:
        raise UsageError(f"--captured-at {text!r} has no zone. Say which: {text}Z for UTC, or {text}+01:00.")
    return instant


def _interval(text: str) -> timedelta:
    match = re.fullmatch(r"([1-9][0-9]{0,5})([smhd])", text)
    if match is None:
        raise UsageError(f"--every {text!r} is not a length of time. Expected a number and a unit: 90s, 15m, 6h or 1d.")
    return timedelta(seconds=int(match[1]) * _UNIT_SECONDS[match[2]])


def _print_result(result: RunResult, sources: list[Path], warehouse: Path) -> None:
    from cuttings.terminal import inert, table

    if not result.is_published:
        _out.print(f"nothing to do: generation {result.generation} already holds this input ({result.seconds:.1f} s)")
        return
    _out.print(f"published generation {result.generation} in {result.seconds:.1f} s")
    _out.print(
        f"  {result.file_count:,} files  {result.page_count:,} pages  {result.article_count:,} articles  "
        f"{result.related_count:,} related  {result.quarantined_count:,} quarantined  {result.refused_count:,} refused"
    )
    _out.print(f"  {result.check_count:,} checks passed, {len(result.failed_warnings):,} warn")
    for name in result.failed_warnings:
        _out.print(f"  warning: check {name} does not hold; see the report")
    for warning in result.warnings[:_LISTED_PROBLEMS]:
        _out.print(Text(f"  warning: {inert(warning)}"))
    if result.problems:
        _out.print(f"\nNot loaded ({len(result.problems):,}):")
        rows = [(p.source_name, p.disposition, p.reason, p.detail) for p in result.problems[:_LISTED_PROBLEMS]]
        _out.print(table(("name", "disposition", "reason", "detail"), rows))
        if len(result.problems) > _LISTED_PROBLEMS:
            _out.print(f"… and {len(result.problems) - _LISTED_PROBLEMS:,} more")
    where = "" if warehouse == DEFAULT_WAREHOUSE else f" --warehouse {shlex.quote(str(warehouse))}"
    example = _an_explainable(sources)
    program = "cuttings" if shutil.which("cuttings") else shlex.quote(os.path.relpath(sys.argv[0]))
    _out.print("\nNext:")
    _out.print(f"  {program} status{where}", soft_wrap=True)
    if example is not None:
        _out.print(Text(f"  {program} explain {inert(shlex.quote(str(example)))}"), soft_wrap=True)
    _out.print(f'  {program} query{where} "from marts.articles_by_day limit 10"', soft_wrap=True)


def _an_explainable(sources: list[Path]) -> Path | None:
    """Some file to try `explain` on: the first by name of the first source."""
    for source in sources:
        for path in [source] if source.is_file() else sorted(source.rglob("*.txt")):
            if path.is_file() and path.stat().st_size:
                return path
    return None
