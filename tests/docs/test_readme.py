"""README.md: what its blocks show is what the program says.

Write the output of its commands anew with `python tests/docs/test_readme.py`. Its SQL is checked by test_answers.py.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import cuttings

PROJECT = Path(__file__).resolve().parents[2]
README = PROJECT / "README.md"
CONSOLE = re.compile(r"(```console\n\$ cuttings (?P<command>[^\n]+)\n)(?P<output>.*?)(```\n)", re.DOTALL)
PYTHON = re.compile(r"```python\n(?P<code>.*?)```\n", re.DOTALL)
TERMINAL_COLUMNS = "130"


def console(command: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "cuttings", *shlex.split(command)],
        capture_output=True,
        text=True,
        check=True,
        cwd=PROJECT,
        env={**os.environ, "COLUMNS": TERMINAL_COLUMNS},
    )
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())


def refreshed(page: str) -> str:
    return CONSOLE.sub(lambda block: block[1] + console(block["command"]) + block[4], page)


def test_the_console_blocks_are_real() -> None:
    page = README.read_text(encoding="utf-8")
    assert CONSOLE.search(page)
    assert page == refreshed(page), "README.md is stale; if the change is meant: make docs"


def test_the_python_block_runs(sample_warehouse: Path, samples: Path) -> None:
    found = PYTHON.search(README.read_text(encoding="utf-8"))
    assert found
    raw_bytes = next(path for path in sorted((samples / "dayfold").iterdir())).read_bytes()
    names = {"raw_bytes": raw_bytes, "fetched_at": datetime(2026, 7, 12, 18, 15, tzinfo=UTC), "cuttings": cuttings}
    exec(found["code"].replace('"warehouse"', repr(str(sample_warehouse))), names)
    page = names["page"]
    assert isinstance(page, cuttings.Page)
    assert page.primary is not None


def test_every_page_it_links_is_there() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README.read_text(encoding="utf-8")):
        assert (PROJECT / target).is_file(), target


if __name__ == "__main__":
    README.write_text(refreshed(README.read_text(encoding="utf-8")), encoding="utf-8")
