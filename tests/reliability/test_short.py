"""P5, P14, P16, P18, P21: runs without work, the lock, rollbacks under readers, identity, readers of old."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuttings import look, pipeline, sources, store
from cuttings.config import Config
from cuttings.errors import EXIT_BUSY
from tests.reliability.trials import trials

Record = Callable[[str, object], None]
WRITES = ("write", "fsync", "rename", "replace", "link", "symlink", "unlink", "rmdir", "mkdir", "chmod", "truncate")
RACE_SECONDS = 60  # for the others to have ended; a loaded machine starts them seconds after each other
# A broken lock: taken by everybody.
UNLOCKED = "import fcntl; fcntl.flock = lambda fd, operation: None\n"
RACER = """
import os, sys, time
from pathlib import Path
from cuttings import store
from cuttings.errors import BusyError
warehouse, start, stop = map(Path, sys.argv[1:])
print("ready", flush=True)
while not start.exists():
    time.sleep(0.001)
try:
    with store.writer(warehouse):
        probe = os.open(warehouse / "inside", os.O_CREAT | os.O_EXCL)
        while not stop.exists():
            time.sleep(0.001)
        os.unlink(warehouse / "inside")
    sys.exit(0)
except BusyError as error:
    sys.exit(error.exit_code)
"""


@pytest.mark.usefixtures("without_audit")
def test_a_rerun_writes_nothing_at_all(toy: ModuleType, tmp_path: Path, record_property: Record) -> None:
    """P5: inode and modification time of the whole tree stay, and no call that could write is made."""
    dump = tmp_path / "dump"
    dump.mkdir()
    (dump / "a.txt").write_text("Bridge reopens\n\nThe old bridge over the Lune reopened on Monday, the town said.\n")
    (dump / "empty.txt").touch()
    config = Config((dump,), tmp_path / "warehouse", trusts_mtime=False)
    assert pipeline.run(config).is_published
    before = toy.stamps(config.warehouse)
    count = trials(4, 200)
    record_property("trials", count)
    for trial in range(count):
        runner = pipeline.run if trial % 2 else lambda given: look.run_if_needed(given, pipeline.run)
        with mock.patch.multiple(os, **{name: forbidden(name) for name in WRITES}):
            assert runner(config).is_published is False
        assert toy.stamps(config.warehouse) == before


def forbidden(name: str) -> Callable[..., object]:
    def refuse(*arguments: object, **options: object) -> object:
        raise AssertionError(f"os.{name}{arguments} in a run that has nothing to do")

    return refuse


def race(folder: Path, count: int, script: str = RACER) -> list[int]:
    """Exit codes of `count` runs that start at once; one that proceeds goes on until the others have ended."""
    (folder / "warehouse").mkdir(parents=True, exist_ok=True)
    start, stop = folder / "start", folder / "stop"
    command = [sys.executable, "-c", script, str(folder / "warehouse"), str(start), str(stop)]
    racers = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) for _ in range(count)
    ]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    start.touch()
    waited_until = time.monotonic() + RACE_SECONDS
    while sum(racer.poll() is None for racer in racers) > 1 and time.monotonic() < waited_until:
        time.sleep(0.001)
    stop.touch()
    for racer in racers:
        racer.communicate()
    return sorted(racer.returncode for racer in racers)


@pytest.mark.slow
def test_of_eight_runs_one_proceeds(tmp_path: Path, record_property: Record) -> None:
    """P14."""
    rounds = trials(1, 50)
    record_property("trials", 8 * rounds)
    for number in range(rounds):
        assert race(tmp_path / str(number), 8) == [0] + [EXIT_BUSY] * 7


@pytest.mark.slow
def test_a_lock_that_is_none_is_caught(tmp_path: Path) -> None:
    """P14, negative control."""
    assert race(tmp_path, 4, UNLOCKED + RACER) != [0] + [EXIT_BUSY] * 3


@pytest.mark.slow
def test_after_a_killed_holder_the_next_run_starts_at_once(
    toy: ModuleType, tmp_path: Path, record_property: Record
) -> None:
    """P14: the holder is killed while it holds the lock."""
    rounds = trials(10, 2_000)
    record_property("trials", rounds)
    for number in range(rounds):
        pid = os.fork()
        if pid == 0:
            with store.writer(tmp_path):
                os.kill(os.getpid(), signal.SIGKILL)
        os.waitpid(pid, 0)
        started = time.monotonic()
        with store.writer(tmp_path):
            assert time.monotonic() - started < 1
        if number % 10 == 0:
            assert toy.publish(tmp_path, number)
    assert store.verify(tmp_path) == []


@pytest.mark.slow
def test_readers_see_whole_generations_while_it_is_rolled_back(
    toy: ModuleType, tmp_path: Path, record_property: Record
) -> None:
    """P16, with the readers of P4 at work: every rollback is one swap."""
    warehouse, stop = tmp_path / "warehouse", tmp_path / "stop"
    for state in (1, 2):
        toy.publish(warehouse, state)
    script = str(Path(__file__).with_name("readers.py"))
    command = [sys.executable, script, str(warehouse), str(stop), "7", "pinned"]
    rounds = trials(40, 400)
    record_property("trials", rounds)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "ready\n"
        target = None
        for _ in range(rounds):
            target = store.roll_back(warehouse, target).from_id
        stop.touch()
        found = json.loads(reader.communicate()[0])
    assert (found["errors"], found["mixed"]) == ([], 0)
    assert found["reads"] >= 1
    assert store.verify(warehouse) == []


NAMES = ("a.txt", "b.txt", "c.txt")
TEXTS = ("one page of text\n", "another page of text\n", "")


@settings(max_examples=trials(60, 20_000), deadline=None)
@given(history=st.lists(st.dictionaries(st.sampled_from(NAMES), st.sampled_from(TEXTS)), min_size=1, max_size=3))
def test_identity_follows_the_content(history: list[dict[str, str]]) -> None:
    """P18, against a model: a page a content, an object a name; the first by name is loaded, the others are copies."""
    with tempfile.TemporaryDirectory() as folder:
        for state in history:
            for path in Path(folder).iterdir():
                path.unlink()
            for name, text in state.items():
                (Path(folder) / name).write_text(text)
            scan = sources.scan(Config((Path(folder),), Path(folder) / "none", trusts_mtime=False))
            found = {row["source_name"]: row for row in scan.files.to_dicts()}
            assert set(found) == set(state)
            seen: set[str] = set()
            for name, text in sorted(state.items()):
                expected = "quarantined" if not text else "duplicate" if text in seen else "loaded"
                assert found[name]["disposition"] == expected
                seen.add(text)
            assert len({row["page_id"] for row in found.values() if row["page_id"]}) == len(seen - {""})


def test_a_reader_of_the_golden_contract_reads_today_s_tables(sample_warehouse: Path) -> None:
    """P21: every column that was ever promised is there, with its type, in Parquet and in the database."""
    golden = json.loads((Path(__file__).parents[1] / "contract/schemas.json").read_text())
    with store.open_warehouse(sample_warehouse) as opened, opened.duckdb() as connection:
        for name, table in golden.items():
            columns = list(table["columns"])
            rows = opened.table(name).select(columns).collect()
            assert rows.columns == columns
            listed = ", ".join(f'"{column}"' for column in columns)
            assert len(connection.execute(f"select {listed} from main.{name} limit 1").description) == len(columns)
