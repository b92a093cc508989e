"""Every exit code of docs/operations.md, with the message that comes with it."""

from __future__ import annotations

import contextlib
import io
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from cuttings import pipeline, quality, store
from cuttings.cli import main
from cuttings.sandbox import Sandbox

OPERATIONS = Path(__file__).resolve().parents[2] / "docs" / "operations.md"
PAGE = (
    "Ferry returns to Lunden harbour\n\nThe old ferry returned to the harbour on Monday after repairs, the port said. "
    "It had been away for two years.\n"
)
TESTED: set[int] = set()


@pytest.fixture(autouse=True)
def _plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without audit and workers: whole runs in half a second."""

    @contextmanager
    def auditor() -> Iterator[quality.Auditor]:
        yield lambda generation_dir, run_id, *_: quality.AuditResult(run_id, ())

    monkeypatch.setattr(quality, "auditor", auditor)
    monkeypatch.setattr(Sandbox, "call", lambda self, function, *arguments: function(*arguments))


@pytest.fixture
def dump(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "dump"
    folder.mkdir()
    (folder / "ferry.txt").write_text(PAGE)
    return folder


def cuttings(*words: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    out, err = io.StringIO(), io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patch,
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        patch.setattr(sys, "argv", ["cuttings", *words])
        patch.setenv("COLUMNS", "200")
        code: Any = 0
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
    TESTED.add(code)
    return code, out.getvalue(), err.getvalue()


def run() -> tuple[int, str, str]:
    return cuttings("run", "dump", "--no-prefect", "--no-trust-mtime")


def test_0_when_all_is_loaded_or_nothing_is_to_do(dump: Path) -> None:
    assert run()[0] == 0
    code, out, _ = run()
    assert (code, "nothing to do" in out) == (0, True)


def test_1_an_unforeseen_error_shows_a_traceback(dump: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a fault of cuttings")

    monkeypatch.setattr(pipeline, "run", broken)
    with pytest.raises(ZeroDivisionError):  # which the interpreter turns into a traceback and exit code 1
        run()
    TESTED.add(1)


def test_2_wrong_usage(dump: Path) -> None:
    (dump / "captures.csv").write_text("name\nferry.txt\n")
    code, _, err = run()
    assert code == 2
    assert "captures.csv, line 1: found the columns name, expected name,captured_at" in err


def test_3_something_was_set_aside(dump: Path) -> None:
    (dump / "empty.txt").touch()
    code, out, _ = run()
    assert (code, "empty.txt  quarantined  empty   it has no bytes" in out) == (3, True)


def test_4_a_check_refuses_the_publish(dump: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run()
    before = (dump.parent / "warehouse/CURRENT").stat()
    (dump / "more.txt").write_text(PAGE.replace("ferry", "barge"))

    @contextmanager
    def auditor() -> Iterator[quality.Auditor]:
        check = quality.Check("segments", "segments_tile_the_page", "fail", "a test of the exit code", "select 1")
        broken = quality.CheckResult(check, success=False, observed="1", failing_count=1, failing_keys=("row",))
        yield lambda generation_dir, run_id, *_: quality.AuditResult(run_id, (broken,))

    monkeypatch.setattr(quality, "auditor", auditor)
    code, _, err = run()
    assert code == 4
    assert "segments.segments_tile_the_page" in err
    assert "refused.html" in err
    assert (dump.parent / "warehouse/CURRENT").stat() == before


def test_74_the_disk_refuses_or_a_file_is_damaged(dump: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run()
    with store.pinned(dump.parent / "warehouse") as directory:
        damaged = directory / "pages/captured_on=__HIVE_DEFAULT_PARTITION__/part-0.parquet"
    damaged.chmod(0o644)
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"?")
    code, out, err = cuttings("verify")
    assert code == 74
    assert "part-0.parquet" in out + err

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "/somewhere/part-0.parquet")

    monkeypatch.setattr("cuttings.store.build.sync", full)
    (dump / "more.txt").write_text(PAGE.replace("ferry", "barge"))
    code, _, err = run()
    assert code == 74
    assert "No space left on device; nothing was published" in err


def test_75_another_run_holds_the_warehouse(dump: Path) -> None:
    with store.writer(dump.parent / "warehouse"):
        code, _, err = run()
    assert (code, "another run is writing here; nothing was touched" in err) == (75, True)


WAITING = """
import sys, time
from cuttings import pipeline
from cuttings.cli import main
def waits(*_, **__):
    print("at work", flush=True)
    time.sleep(60)
pipeline.run = waits
sys.argv = ["cuttings", "run", "dump", "--no-prefect"]
main()
"""


@pytest.mark.parametrize(("number", "expected"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_130_interrupted(dump: Path, number: signal.Signals, expected: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WAITING], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "at work\n"
        time.sleep(0.1)
        child.send_signal(number)
        child.communicate()
    # A shell shows 128 and the number for a program that a signal ended.
    assert (child.returncode if child.returncode >= 0 else 128 - child.returncode) == expected
    TESTED.add(expected)


def test_every_code_of_the_page_is_tested() -> None:
    """Runs behind the others of this file."""
    table = OPERATIONS.read_text(encoding="utf-8").partition("## Exit codes")[2].partition("##")[0]
    listed = {int(code) for code in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)}
    assert len(listed) == 8
    assert listed <= TESTED, "run the whole file"


def test_redrive_says_what_became_of_each(dump: Path) -> None:
    (dump / "empty.txt").touch()
    (dump / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    run()
    code, out, _ = cuttings("redrive")
    assert (code, out.startswith("0 of 2 objects that were set aside are loaded")) == (3, True)
    assert "empty.txt    empty   quarantined: empty" in out
    (dump / "empty.txt").write_text(PAGE.replace("ferry", "barge"))
    (dump / "picture.txt").unlink()
    code, out, _ = cuttings("redrive")
    assert code == 3
    assert "empty.txt    empty   loaded" in out
    # The table is as wide as the terminal: a long cell goes on in the next line.
    assert "gone from the source; its bytes are kept at quarantine/" in " ".join(out.split())
    code, out, _ = cuttings("redrive")
    assert (code, out.startswith("0 of 0 objects")) == (0, True)


def test_redrive_without_its_source_says_so(dump: Path) -> None:
    run()
    dump.rename(dump.parent / "elsewhere")
    code, _, err = cuttings("redrive")
    assert code == 2
    assert str(dump) in err


def test_a_dry_run_publishes_nothing(dump: Path) -> None:
    run()
    warehouse = dump.parent / "warehouse"
    before = (warehouse / "CURRENT").stat(), sorted((warehouse / "generations").iterdir())
    code, out, _ = cuttings("run", "dump", "--dry-run", "--no-trust-mtime")
    assert (code, "nothing to do: generation" in out) == (0, True)
    (dump / "more.txt").write_text(PAGE.replace("ferry", "barge"))
    code, out, _ = cuttings("run", "dump", "--dry-run", "--no-trust-mtime")
    assert code == 0
    assert re.search(r"^pages +1 +0 +0", out, re.MULTILINE)
    assert out.endswith("nothing was published: this was a dry run\n")
    assert ((warehouse / "CURRENT").stat(), sorted((warehouse / "generations").iterdir())) == before
