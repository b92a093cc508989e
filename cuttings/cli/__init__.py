"""The command line. A command reads its arguments, calls one function, prints for a person, and gives an exit code.

A module a group of commands; this one puts them together and turns errors into messages.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer
from rich.text import Text

from cuttings import __version__, errors
from cuttings.cli import dashboard as serve
from cuttings.cli import operate, read
from cuttings.cli import report as quality_report
from cuttings.cli import run as publish
from cuttings.cli.options import err, out

app = typer.Typer(
    name="cuttings",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Cut raw text dumps of news pages into articles, date them, and publish an audited warehouse.",
)
# In the order `cuttings --help` shows them.
for _command in (
    publish.run, read.explain, read.query, read.status, quality_report.report, serve.dashboard, read.verify,
    publish.schedule, operate.diff, operate.rollback, operate.gc, operate.redrive, operate.forget,
):  # fmt: skip
    app.command()(_command)


@app.callback(invoke_without_command=True)
def _root(version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False) -> None:
    if version:
        out.print(f"cuttings {__version__}")
        raise typer.Exit


def main() -> None:
    """Entry point: runs the app and turns an error meant for a person into one message and its exit code."""
    from cuttings.terminal import inert

    try:
        app()
    except errors.CuttingsError as error:
        for number, line in enumerate(str(error).split("\n")):
            err.print(Text(("" if number else "cuttings: ") + inert(line)), soft_wrap=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:  # the reader of our output has left, e.g. `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(errors.EXIT_OK)
