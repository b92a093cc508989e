"""README.md and docs/cookbook.md: every query, run on the sample warehouse, gives the answer that stands below it.

Write the answers anew with `python tests/docs/test_answers.py`.
"""

from __future__ import annotations

import re
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

PROJECT = Path(__file__).resolve().parents[2]
COOKBOOK = PROJECT / "docs" / "cookbook.md"
PAGES = (PROJECT / "README.md", COOKBOOK)
# A query and the table that may stand below it.
RECIPE = re.compile(r"(```sql\n(?P<query>.*?)\n```\n)(\n(?:\|[^\n]*\n)+|\nNo row\.\n)?", re.DOTALL)
SHOWN_CHARS = 44
STALE = "the answers are stale; if the change is meant: make docs"


def shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    text = " ".join(text.replace("|", "\\|").split())
    return text if len(text) <= SHOWN_CHARS else text[: SHOWN_CHARS - 1] + "…"


def answer(connection: duckdb.DuckDBPyConnection, query: str) -> str:
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description]
    rows = cursor.fetchall()
    if not rows:
        return "No row.\n"
    lines = [names, ["---"] * len(names), *([shown(value) for value in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def refreshed(page: str, database: Path) -> str:
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        return RECIPE.sub(lambda found: found[1] + "\n" + answer(connection, found["query"]), page)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_the_answers_are_real(path: Path, sample_warehouse: Path) -> None:
    page = path.read_text(encoding="utf-8")
    assert RECIPE.search(page)
    found = refreshed(page, sample_warehouse / "current" / "cuttings.duckdb")
    wrong = [line for line in found.splitlines() if line not in set(page.splitlines())]
    assert page == found, f"{STALE}\nfirst new lines: {wrong[:3]}"


def test_there_are_twenty_questions_and_each_is_asked_once() -> None:
    page = COOKBOOK.read_text(encoding="utf-8")
    questions = re.findall(r"^### (.+)$", page, re.MULTILINE)
    assert len(questions) >= 20
    assert len(set(questions)) == len(questions)
    assert len(RECIPE.findall(page)) == len(questions)
    assert all(question.endswith("?") for question in questions)


def refresh() -> None:
    from cuttings import pipeline
    from cuttings.config import Config
    from cuttings.resources import resource_dir

    with tempfile.TemporaryDirectory() as folder:
        warehouse = Path(folder) / "warehouse"
        pipeline.run(Config(sources=(resource_dir("samples") / "dumps",), warehouse=warehouse, trusts_mtime=False))
        for path in PAGES:
            page = refreshed(path.read_text(encoding="utf-8"), warehouse / "current" / "cuttings.duckdb")
            path.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(refresh())
