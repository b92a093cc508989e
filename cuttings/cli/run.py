"""The commands that publish: `run` and `schedule`."""

from __future__ import annotations

import gc
import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.text import Text

from cuttings import errors
from cuttings.cli.operate import print_difference
from cuttings.cli.options import (
    CapturedAt,
    DashboardUrl,
    Keep,
    MaxArchiveBytes,
    MaxArchiveMembers,
    MaxObjectBytes,
    Sources,
    Strict,
    TextField,
    TrustMtime,
    Warehouse,
    checked,
    err,
    instant,
    out,
    web_address,
)
from cuttings.config import (
    ARCHIVE_BYTES,
    ARCHIVE_MEMBERS,
    DASHBOARD_URL,
    DEFAULT_WAREHOUSE,
    KEPT_GENERATIONS,
    OBJECT_BYTES,
    TEXT_FIELDS,
    Config,
    Limits,
)
from cuttings.errors import UsageError

if TYPE_CHECKING:
    from cuttings.outcome import RunResult

# Prefect runs on this machine for one run: no telemetry, and time to start (its default of 20 s fails on a
# loaded machine). What the user has set wins.
PREFECT_DEFAULTS: Final = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "300",
}
# A run speaks for itself; a served flow is a log, with the engine's own progress in it.
QUIET: Final = {"PREFECT_LOGGING_LEVEL": "CRITICAL", "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL"}
LOGGED: Final = {"PREFECT_LOGGING_LEVEL": "INFO", "PREFECT_LOGGING_EXTRA_LOGGERS": "cuttings"}
# Objects made between two looks for garbage: neither the scan nor libraries of tables make any, and each look goes over
# all of them.
_GARBAGE_COUNT: Final = 100_000
_LISTED_PROBLEMS: Final = 20  # objects named after a run; `cuttings status` counts them all
_UNIT_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def run(
    source: Sources,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    captured_at: CapturedAt = None,
    trust_mtime: TrustMtime = True,
    strict: Strict = False,
    keep: Keep = KEPT_GENERATIONS,
    dashboard_url: DashboardUrl = DASHBOARD_URL,
    text_field: TextField = None,
    max_object_bytes: MaxObjectBytes = OBJECT_BYTES,
    max_archive_bytes: MaxArchiveBytes = ARCHIVE_BYTES,
    max_archive_members: MaxArchiveMembers = ARCHIVE_MEMBERS,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Build and check, show what would change, and publish nothing.")
    ] = False,
    prefect: Annotated[
        bool, typer.Option("--prefect/--no-prefect", help="Run the steps as a Prefect flow, or call them directly.")
    ] = True,
) -> None:
    """Ingest dumps and publish one audited generation.

    Exits 0 when it published or had nothing to do, 2 for wrong usage, 3 when it published but set objects aside, 4 when
    a check refused the publish, 74 when the disk failed, 75 when another run holds the warehouse.
    """
    from cuttings import look, progress

    gc.set_threshold(_GARBAGE_COUNT)
    limits = Limits(max_object_bytes, max_archive_bytes, max_archive_members)
    config = _config(source, warehouse, captured_at, trust_mtime, strict, keep, dashboard_url, text_field, limits)
    if dry_run:
        from cuttings import pipeline

        with progress.shown_on(err):
            result = pipeline.run(config, inspect=print_difference)
        if result.generation:
            out.print(f"nothing to do: generation {result.generation} already holds this input")
        out.print("nothing was published: this was a dry run")
        return
    with progress.shown_on(err), _Runner(has_flow=prefect) as runner:
        result = look.run_if_needed(config, runner.run, runner.prepare)
        # Before the end of the block, which waits for what Prefect still has to write.
        _print_result(result, source, warehouse)
    raise typer.Exit(errors.EXIT_INCOMPLETE if result.is_published and result.problems else errors.EXIT_OK)


def schedule(
    source: Sources,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    every: Annotated[str | None, typer.Option(help="Time between runs: 90s, 15m, 6h, 1d.")] = None,
    cron: Annotated[str | None, typer.Option(help='A cron expression, in UTC: "5 * * * *".')] = None,
    captured_at: CapturedAt = None,
    trust_mtime: TrustMtime = True,
    strict: Strict = False,
    keep: Keep = KEPT_GENERATIONS,
    dashboard_url: DashboardUrl = DASHBOARD_URL,
    text_field: TextField = None,
    max_object_bytes: MaxObjectBytes = OBJECT_BYTES,
    max_archive_bytes: MaxArchiveBytes = ARCHIVE_BYTES,
    max_archive_members: MaxArchiveMembers = ARCHIVE_MEMBERS,
) -> None:
    """Serve the flow: run it on a schedule until interrupted.

    With PREFECT_API_URL set it is served to that server; otherwise a server of its own starts on a loopback port.
    """
    if (every is None) == (cron is None):
        raise UsageError("schedule needs exactly one of --every and --cron, e.g. --every 15m")
    interval = _interval(every) if every is not None else None
    limits = Limits(max_object_bytes, max_archive_bytes, max_archive_members)
    config = _config(source, warehouse, captured_at, trust_mtime, strict, keep, dashboard_url, text_field, limits)
    # A served run starts in a folder of its own.
    config = replace(config, sources=tuple(map(Path.resolve, config.sources)), warehouse=warehouse.resolve())
    _set_prefect_defaults(LOGGED)
    from cuttings.resources import load_module
    from cuttings.terminal import inert

    when = f"every {every}" if every else f"at {cron} (UTC)"
    folders = " ".join(shlex.quote(str(folder)) for folder in config.sources)
    err.print(Text(inert(f"serving {folders} {when}; stop with Ctrl-C")), soft_wrap=True)
    load_module("flows", "schedule").serve(_flow_parameters(config), every=interval, cron=cron)
    # Prefect's threads go on looking for the server that has just been stopped, for minutes; nothing of ours is left.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(errors.EXIT_OK)


def _config(
    source: list[Path],
    warehouse: Path,
    captured_at: str | None,
    trust_mtime: bool,
    strict: bool,
    keep: int,
    dashboard_url: str,
    text_field: list[str] | None,
    limits: Limits,
) -> Config:
    return Config(
        checked(source),
        warehouse,
        instant(captured_at),
        trust_mtime,
        is_strict=strict,
        kept_generations=keep,
        dashboard_url=web_address(dashboard_url),
        text_fields=tuple(text_field or TEXT_FIELDS),
        limits=limits,
    )


def _flow_parameters(config: Config) -> dict[str, Any]:
    """The settings as the flow takes them, and as a deployment can keep them: JSON values."""
    return {
        "sources": [str(path) for path in config.sources],
        "warehouse": str(config.warehouse),
        "captured_at": config.captured_at and config.captured_at.isoformat(),
        "trusts_mtime": config.trusts_mtime,
        "is_strict": config.is_strict,
        "kept_generations": config.kept_generations,
        "dashboard_url": config.dashboard_url,
        "text_fields": list(config.text_fields),
        "max_object_bytes": config.limits.object_bytes,
        "max_archive_bytes": config.limits.archive_bytes,
        "max_archive_members": config.limits.archive_members,
    }


class _Runner:
    """Runs the steps, with a flow while a process beside it shows them to Prefect; a context manager."""

    def __init__(self, *, has_flow: bool) -> None:
        self._has_flow = has_flow
        self._is_prepared = False
        self._stack = ExitStack()
        self._flow: Any = None

    def __enter__(self) -> _Runner:
        return self

    def __exit__(self, *raised: Any) -> None:
        self._stack.__exit__(*raised)

    def prepare(self) -> None:
        """Start the processes of a run, which import while something else is still to be done before."""
        if self._is_prepared:
            return
        self._is_prepared = True
        if self._has_flow:
            from cuttings.resources import load_module

            _set_prefect_defaults(QUIET)
            self._flow = self._stack.enter_context(load_module("flows", "beside").FlowBeside())
        from cuttings import crew, quality

        self._stack.enter_context(crew.started_early())
        self._stack.enter_context(quality.started_early())

    def run(self, config: Config) -> RunResult:
        """Run the steps, each as a task of the flow if there is one."""
        self.prepare()
        from cuttings import pipeline

        if self._flow is None:
            return pipeline.run(config)
        self._flow.begin(_flow_parameters(config))
        result = pipeline.run(config, call=self._flow.call)
        self._flow.finish()
        return result


def _set_prefect_defaults(logging: dict[str, str]) -> None:
    for name, value in {**PREFECT_DEFAULTS, **logging}.items():
        os.environ.setdefault(name, value)


def _interval(text: str) -> timedelta:
    match = re.fullmatch(r"([1-9][0-9]{0,5})([smhd])", text)
    if match is None:
        raise UsageError(f"--every {text!r} is not a length of time. Expected a number and a unit: 90s, 15m, 6h or 1d.")
    return timedelta(seconds=int(match[1]) * _UNIT_SECONDS[match[2]])


def _print_result(result: RunResult, sources: list[Path], warehouse: Path) -> None:
    from cuttings.terminal import inert, table

    if not result.is_published:
        out.print(f"nothing to do: generation {result.generation} already holds this input ({result.seconds:.1f} s)")
        return
    out.print(f"published generation {result.generation} in {result.seconds:.1f} s")
    out.print(
        f"  {result.file_count:,} files  {result.page_count:,} pages  {result.article_count:,} articles  "
        f"{result.related_count:,} related  {result.quarantined_count:,} quarantined  {result.refused_count:,} refused"
    )
    out.print(f"  {result.check_count:,} checks passed, {len(result.failed_warnings):,} warn")
    for name in result.failed_warnings:
        out.print(f"  warning: check {name} does not hold; see the report")
    for warning in result.warnings[:_LISTED_PROBLEMS]:
        out.print(Text(f"  warning: {inert(warning)}"))
    if result.problems:
        out.print(f"\nNot loaded ({len(result.problems):,}):")
        rows = [(p.source_name, p.disposition, p.reason, p.detail) for p in result.problems[:_LISTED_PROBLEMS]]
        out.print(table(("name", "disposition", "reason", "detail"), rows))
        if len(result.problems) > _LISTED_PROBLEMS:
            out.print(f"… and {len(result.problems) - _LISTED_PROBLEMS:,} more")
    where = "" if warehouse == DEFAULT_WAREHOUSE else f" --warehouse {shlex.quote(str(warehouse))}"
    example = _an_explainable(sources)
    program = _program()
    out.print("\nNext:")
    out.print(f"  {program} status{where}", soft_wrap=True)
    if example is not None:
        out.print(Text(f"  {program} explain {inert(shlex.quote(str(example)))}"), soft_wrap=True)
    out.print(f'  {program} query{where} "from marts.articles_by_day limit 10"', soft_wrap=True)


def _program() -> str:
    """What a shell calls this program by, here and now."""
    if shutil.which("cuttings"):
        return "cuttings"
    called = Path(sys.argv[0])
    if called.name == "__main__.py":  # `python -m cuttings`
        return f"{shlex.quote(os.path.relpath(sys.executable))} -m cuttings"
    return shlex.quote(os.path.relpath(called))


def _an_explainable(sources: list[Path]) -> Path | None:
    """Some file to try `explain` on; a dump is not listed whole for it."""
    for source in sources:
        for path in [source] if source.is_file() else _texts_below(source):
            if path.is_file() and path.stat().st_size:
                return path
    return None


def _texts_below(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders.sort()
        yield from (Path(place, name) for name in sorted(names) if name.endswith(".txt"))
