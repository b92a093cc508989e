"""Every command that README and docs name is one: its subcommand, options, target, module or file is there.

What the commands of README.md, docs/operations.md and docs/dashboards.md print or do is tested beside this.
"""

from __future__ import annotations

import ast
import doctest
import importlib.util
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from cuttings.cli import app

PROJECT = Path(__file__).resolve().parents[2]
PAGES = sorted([*PROJECT.glob("*.md"), *(PROJECT / "docs").glob("*.md")])
FENCED = re.compile(r"^```(?P<language>\w*)\n(?P<code>.*?)^```$", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"`([^`\n]+)`")
PROGRAMS = ("cuttings", "make", "python", ".venv/bin/python")
# What stands behind a command on its line: a comment, or a column of words.
BEHIND = re.compile(r"\s+#.*|\s{2,}.*")
CUTTINGS = typer.main.get_command(app)
TARGETS = set(re.findall(r"^(\w[\w-]*):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def commands(page: str) -> Iterator[list[str]]:
    """The commands of a page, in words: lines of its blocks, and what stands in running text between backticks."""
    lines = [line.removeprefix("$ ") for block in FENCED.finditer(page) for line in block["code"].splitlines()]
    for line in [*lines, *INLINE.findall(FENCED.sub("", page))]:
        text = BEHIND.sub("", line)
        if text.split(" ")[0] in PROGRAMS and " " in text:
            yield shlex.split(text)


def fault(words: list[str]) -> str:
    """What is wrong with a command, empty where nothing is."""
    program, *rest = words
    if program == "make":
        unknown = [word for word in rest if "=" not in word and word not in TARGETS]
        return f"no target {unknown}" if unknown else ""
    if program != "cuttings":
        if rest[0] == "-c":
            ast.parse(rest[1])
            return ""
        is_there = importlib.util.find_spec(rest[1]) if rest[0] == "-m" else (PROJECT / rest[0]).exists()
        return "" if is_there or rest[0].startswith("../") else "nothing to run"
    if rest[0].startswith("-"):
        return "" if rest[0] in ("--help", "--version") else "no such option"
    command = CUTTINGS.commands.get(rest[0])
    if command is None:
        return f"no command {rest[0]}"
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    unknown = [word for word in rest[1:] if word.startswith("-") and word.partition("=")[0] not in {*known, "--help"}]
    return f"no option {unknown}" if unknown else ""


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_command_is_one(path: Path) -> None:
    found = list(commands(path.read_text(encoding="utf-8")))
    assert [(" ".join(words), said) for words in found if (said := fault(words))] == []


def test_the_commands_are_found_and_the_wrong_ones_seen() -> None:
    assert sum(len(list(commands(path.read_text(encoding="utf-8")))) for path in PAGES) > 60
    wrong = "```sh\ncuttings rum x\ncuttings run x --captured 1  # when\n```\n`make runs`, `python -m benchmarks.none`"
    assert list(map(fault, commands(wrong))) == [
        "no command rum", "no option ['--captured']", "no target ['runs']", "nothing to run",
    ]  # fmt: skip


def test_the_page_of_the_readme_is_a_sample() -> None:
    """As it stands in the file, but for what … leaves out."""
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    shown = re.search(r"```text\n(.*?)```", readme, re.DOTALL)
    assert shown is not None
    sample = next((PROJECT / "samples" / "dumps" / "dayfold").glob("lantern-parade*")).read_text(encoding="utf-8")
    at = 0
    for line in shown[1].splitlines():
        at = sample.index(line.rstrip("…"), at) + 1


def test_the_session_of_the_dates_is_real() -> None:
    page = PROJECT / "docs" / "dates.md"
    session = "".join(block["code"] for block in FENCED.finditer(page.read_text(encoding="utf-8")))
    test = doctest.DocTestParser().get_doctest(session, {}, page.name, str(page), 0)
    assert test.examples
    assert doctest.DocTestRunner().run(test).failed == 0
