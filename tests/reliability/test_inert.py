"""P11: what a page, a publisher, a file or a member of an archive is called or says is never obeyed.

Not by a terminal, a log, a spreadsheet or a browser.
"""

from __future__ import annotations

import csv
import io
import json
import logging
import random
import tarfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path

import jinja2
import pytest
from rich.console import Console

from cuttings import pipeline, progress, quality, store
from cuttings.config import Config
from cuttings.page import cut
from cuttings.query import write
from cuttings.status import print_status
from cuttings.terminal import inert, print_page
from tests.reliability.trials import trials

pytestmark = pytest.mark.usefixtures("without_audit")

KNOWN = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "'><iframe src=//evil.example>",
    "</style><script>alert(1)</script>",
    "</title><body onload=alert(1)>",
    "javascript:alert(1)",
    "{{7*7}}",
    "{% raw %}",
    "<a href=javascript:alert(1)>x</a>",
    "<!--",
    "]]>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<base href=//evil.example>",
    '=HYPERLINK("http://evil.example")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "\t=1+1",
    "[bold red]x[/]",
    "\x1b]0;owned\x07",
    "\x1b[2J",
    "\x9b31m",
    "\u202egnp.exe",
    "\u2066\u2069",
    "a\u200bb",
    "\x08\x08",
    "[link=http://evil.example]x[/link]",
    "'; drop table appearances; --",
    "$(touch owned)",
    "`touch owned`",
    "%s%n",
    "\\x1b[31m",
)
SEED = 11
LARGEST_BYTES = 160  # of a payload that is drawn: it is also the name of a file


def drawn(count: int) -> Iterator[str]:
    """Payloads made of pieces of the known ones, each other than all before."""
    draw, seen = random.Random(SEED), set(KNOWN)
    while len(seen) < len(KNOWN) + count:
        pieces = [draw.choice(KNOWN) for _ in range(draw.randint(2, 4))]
        cut = [piece[draw.randrange(len(piece)) :] if draw.random() < 0.5 else piece for piece in pieces]
        payload = "".join(cut)
        if payload not in seen and len(payload.encode()) <= LARGEST_BYTES:
            seen.add(payload)
            yield payload


PAYLOADS = (*KNOWN, *drawn(trials(0, 5_000)))
COMMANDS = {chr(code) for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"} | set(
    "\u202e\u2066\u2069\u200b"
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Tags(HTMLParser):
    """Elements and attributes that a browser would see."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: set[tuple[str, str]] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {(tag, name) for name, _ in attrs} | {(tag, "")}
        assert not any(name.startswith("on") for name, _ in attrs), (tag, attrs)
        links = [value for name, value in attrs if name in ("href", "src", "action") and value]
        assert not any(link.strip().lower().startswith(("javascript:", "data:")) for link in links), (tag, attrs)


def page(payload: str) -> bytes:
    line = payload.replace("\n\n", " ")
    title = f"Harbour opens {line} again"
    body = f"The harbour {line} opened on Monday after nine years of work, the town said in a statement to the paper."
    return f"logo\n{title}\n\n{title}\n\nPost {line} 5 hours ago\n\n{body}\n\n{line}\n\n{body} It cost less.\n".encode()


@contextmanager
def logged(path: Path) -> Iterator[None]:
    """What is logged at any level, as a plain handler writes it: the number of events, and their lines."""
    handler = logging.FileHandler(path, encoding="utf-8")
    events: list[logging.LogRecord] = []
    handler.addFilter(lambda record: not events.append(record))
    logger = logging.getLogger("cuttings")
    level = logger.level
    logger.setLevel(logging.DEBUG)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        handler.close()
        path.with_suffix(".count").write_text(str(len(events)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("inert")


def published(folder: Path, payloads: Sequence[str]) -> Path:
    """A warehouse of a page and a quarantined object for each payload; published by the first test that asks."""
    if not (folder / "warehouse").exists():
        (folder / "dump").mkdir(parents=True)
        for number, payload in enumerate(payloads):
            (folder / f"dump/{number}.txt").write_bytes(page(payload))
            name = f"{number} {payload}.txt".replace("/", "∕").replace("\0", "")
            (folder / "dump" / name).write_bytes(b"")
        with tarfile.open(folder / "dump" / "members.tar", "w") as archive:
            for number, payload in enumerate(payloads):
                archive.addfile(tarfile.TarInfo(f"{number} {payload}.txt"))
        with logged(folder / "log"):
            pipeline.run(Config((folder / "dump",), folder / "warehouse", trusts_mtime=False))
    return folder / "warehouse"


@pytest.fixture
def warehouse(folder: Path) -> Path:
    return published(folder / "hostile", PAYLOADS)


@pytest.fixture
def honest(folder: Path) -> set[tuple[str, str]]:
    """The elements of the report of as many harmless objects."""
    return Tags(report(published(folder / "honest", [f"word{number}" for number in range(len(PAYLOADS))]))).found


def printed(action: Callable[[Console], None]) -> str:
    console = Console(file=io.StringIO(), width=200, force_terminal=False, highlight=False, markup=False)
    action(console)
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


def test_the_terminal_obeys_nothing(warehouse: Path, record_property: Callable[[str, object], None]) -> None:
    record_property("trials", 3 * len(KNOWN) + len(PAYLOADS))
    record_property("seed", SEED)
    everything = page("\n\n".join(KNOWN))
    shown = printed(lambda console: print_page(console, cut(everything), name="".join(KNOWN), is_full=True))
    assert not COMMANDS & set(shown)
    assert not any(COMMANDS & set(inert(payload)) for payload in PAYLOADS)
    for action in (
        lambda console: print_status(warehouse, console),
        lambda console: write(warehouse, "select * from files order by file_id", None, None, console),
        lambda console: write(
            warehouse, "select * exclude (body) from articles order by article_id", None, None, console
        ),
    ):
        assert not COMMANDS & set(printed(action))


def test_an_event_of_the_log_is_a_line(warehouse: Path, record_property: Callable[[str, object], None]) -> None:
    record_property("trials", 2 * len(PAYLOADS))
    lines = (warehouse.parent / "log").read_text(encoding="utf-8").split("\n")[:-1]
    assert len(lines) == int((warehouse.parent / "log.count").read_text()) > 3
    assert not COMMANDS & set("".join(lines))
    with store.open_warehouse(warehouse) as opened:
        names = opened.table("files").select("source_name").collect()["source_name"]
    assert names.str.starts_with("members.tar!").sum() == len(PAYLOADS), "names of members stand among the others"


@pytest.mark.parametrize("form", ["json", "text"])
def test_a_line_of_progress_is_an_event(
    form: str, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    """What a run says of itself where no terminal is, be it about the worst of names: one line an event."""
    record_property("trials", len(PAYLOADS))
    monkeypatch.setenv(progress.LOG_VARIABLE, form)
    console = Console(file=io.StringIO(), width=80, highlight=False, markup=False)
    events = [f"{payload}\n{'long ' * 30}" for payload in PAYLOADS]
    with progress.shown_on(console):
        for event in events:
            logging.getLogger("cuttings.test").warning("%s", event)
    assert isinstance(console.file, io.StringIO)
    lines = console.file.getvalue().removesuffix("\n").split("\n")
    assert len(lines) == len(events)
    assert not COMMANDS & set("".join(lines))
    if form == "json":
        assert [json.loads(line)["event"] for line in lines] == events
        assert {(line["level"], line["at"][-6:]) for line in map(json.loads, lines)} == {("warning", "+00:00")}


def test_a_spreadsheet_runs_no_cell(
    warehouse: Path, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    record_property("trials", 2 * len(PAYLOADS))
    for table in ("articles", "files", "segments", "appearances"):
        target = tmp_path / f"{table}.csv"
        write(warehouse, f"select * from {table}", None, target, Console(file=io.StringIO()))
        numeric = {"confidence", "byte_start", "position"}
        for row in csv.DictReader(io.StringIO(target.read_text(), newline="")):
            for name, cell in row.items():
                assert name in numeric or not cell.startswith(FORMULA), (table, name, cell)


def test_json_is_one_document(warehouse: Path, tmp_path: Path) -> None:
    target = tmp_path / "rows.json"
    write(warehouse, "select * from segments", None, target, Console(file=io.StringIO()))
    rows = json.loads(target.read_text())
    with store.open_warehouse(warehouse) as opened:
        assert sorted(row["text"] for row in rows) == sorted(opened.table("segments").collect()["text"])


def report(warehouse: Path) -> str:
    """The report of a generation with a broken check, whose keys are the names of objects."""
    with store.open_warehouse(warehouse) as opened:
        names = tuple(opened.table("files").select("source_name").collect()["source_name"])
        check = quality.Check("files", "names_are_plain", "warn", "a test", "select 1")
        broken = quality.CheckResult(
            check, success=False, observed=names[0], failing_count=len(names), failing_keys=names
        )
        return quality.render_report(opened.directory, quality.AuditResult(opened.generation, (broken,)))


def test_the_report_has_no_element_of_a_page(
    warehouse: Path, honest: set[tuple[str, str]], record_property: Callable[[str, object], None]
) -> None:
    record_property("trials", len(PAYLOADS))
    text = report(warehouse)
    assert Tags(text).found <= honest
    assert "script" not in {tag for tag, _ in Tags(text).found}
    assert "alert(1)" in text, "payloads reach the report, as text"


def test_a_report_that_does_not_escape_is_caught(
    warehouse: Path, honest: set[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control."""
    careful = jinja2.Environment
    monkeypatch.setattr(jinja2, "Environment", lambda **options: careful(**{**options, "autoescape": False}))
    quality.report_template.cache_clear()
    try:
        found = Tags(report(warehouse)).found
    except AssertionError:
        return
    finally:
        quality.report_template.cache_clear()
    assert not found <= honest
