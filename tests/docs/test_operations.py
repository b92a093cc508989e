"""docs/operations.md: the session it shows is what the program says.

Write its outputs anew with `python tests/docs/test_operations.py`. Ids of generations, digests and sizes on the disk
change with the program; they are shown as `<id 1>` and so on, and as `<n>`.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import cuttings
from cuttings import quality
from cuttings.cli import main, options
from cuttings.sandbox import Sandbox

PAGE = Path(cuttings.__file__).resolve().parents[1] / "docs" / "operations.md"
BLOCK = re.compile(r"(```console\n)(.*?)(```\n)", re.DOTALL)
ID = re.compile(r"\b[0-9a-f]{16}(?:[0-9a-f]{48}|[0-9a-f]{16})?\b")
SEVERAL = re.compile(r"<id \d+>(?:, <id \d+>)+")
VOLATILE = (
    (re.compile(r"\b\d[\d,]*(?= bytes)"), "<n>"),
    (re.compile(r"\d+(\.\d+)?(?= (s|segments|date_mentions|checks passed|warn)\b)"), "<n>"),
)
PAGES = {
    "dump/ferry.txt": "Ferry returns to Lunden harbour\n\n5 March 2025\n\nThe old ferry returned to the harbour on "
    "Monday, the port said. It had been away for two years.\n",
    "dump/library.txt": "Library opens its doors again\n\n6 March 2025\n\nThe library of Lunden opened after "
    "a year of repairs, the town council said. Readers came from far away.\n",
    "later/strike.txt": "Strike ends at the station\n\n7 March 2025\n\nThe strike ended on Wednesday, "
    "the union said. Trains will run again from Friday on.\n",
    "dump/empty.txt": "",
}


@contextmanager
def _plainly() -> Iterator[None]:
    """Runs without audit and workers, which have tests of their own and take most of a run's time."""

    @contextmanager
    def auditor() -> Iterator[quality.Auditor]:
        yield lambda generation_dir, run_id, *_: quality.AuditResult(run_id, ())

    with (
        mock.patch.object(quality, "auditor", auditor),
        mock.patch.object(Sandbox, "call", lambda self, function, *arguments: function(*arguments)),
    ):
        yield


def output(command: str) -> str:
    """What a command prints; its exit code at the end, where that is not 0."""
    words = shlex.split(command)
    if words[0] == "cp":
        shutil.copy(*words[1:])
        return ""
    assert words[0] == "cuttings"
    printed, code = io.StringIO(), 0
    with (
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(io.StringIO()) as errors,
        mock.patch.object(sys, "argv", words),
    ):
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
    said = printed.getvalue() or errors.getvalue()
    return said + (f"(exit {code})\n" if code else "")


def session(block: str) -> str:
    """The block with its commands' outputs, in a folder of its own."""
    commands = [line for line in block.splitlines() if line.startswith("$ ")]
    known: dict[str, str] = {}
    shown = []
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder), _plainly():
        for name, text in PAGES.items():
            Path(name).parent.mkdir(exist_ok=True)
            Path(name).write_text(text)
            os.utime(name, (1_741_600_000, 1_741_600_000))
        # The consoles took their width from the environment when they were made, by whichever test came first.
        with mock.patch.object(options.out, "_width", 120), mock.patch.object(options.err, "_width", 120):
            for command in commands:
                lines = "".join(f"{line.rstrip()}\n" for line in output(command[2:]).splitlines())
                lines = ID.sub(lambda found: known.setdefault(found[0], f"<id {len(known) + 1}>"), lines)
                # Several in a row stand in the order of ids that change.
                lines = SEVERAL.sub(lambda found: ", ".join(sorted(found[0].split(", "))), lines)
                for pattern, instead in VOLATILE:
                    lines = pattern.sub(instead, lines)
                shown.append(f"{command}\n{lines}")
    return "".join(shown)


def refreshed(page: str) -> str:
    return BLOCK.sub(lambda block: block[1] + session(block[2]) + block[3], page)


def test_the_session_is_real() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert BLOCK.search(page)
    assert page == refreshed(page), "docs/operations.md is stale; if the change is meant: make docs"


if __name__ == "__main__":
    PAGE.write_text(refreshed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
