"""P5, P12: what a run asks of the kernel, as `strace` sees it, whoever asks: Python, a library or a worker.

A run with nothing to do changes no file; a run over every hostile file opens nobody else's files and calls nobody.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.reliability.trials import IS_TORTURE, trials
from tests.sources.hostile import ALL, page

Record = Callable[[str, object], None]
PROJECT = Path(__file__).resolve().parents[2]
CHANGING = (
    "write", "pwrite64", "writev", "pwritev", "sendfile", "copy_file_range", "rename", "renameat", "renameat2", "link",
    "linkat", "symlink", "symlinkat", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir", "mknod", "mknodat", "truncate",
    "ftruncate", "fallocate", "fsync", "fdatasync", "chmod", "fchmod", "fchmodat", "chown", "fchown", "fchownat",
    "utimensat", "creat",
)  # fmt: skip
OPENING = ("open", "openat", "openat2")
OPENED_TO_WRITE = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC")
LOCK = "/.lock"
# A descriptor as strace -y prints it, of something that is no file: a pipe, a socket, an event counter, a device.
DEVICES = ("/dev/null", "/dev/tty", "/dev/pts/", "/dev/urandom", "/dev/random")
NO_FILE = re.compile(rf"^\w+\(\d+<(?:pipe|socket|UNIX|anon_inode|/memfd|{'|'.join(DEVICES)})")
# What the kernel answered, where it did not refuse; of an opened file its path, links resolved.
RESULT = re.compile(r" = \d+(?:<(?P<path>[^>]*)>)?")
SEMAPHORES = "/dev/shm/sem."  # what the C library makes a semaphore of
SYSTEM = (SEMAPHORES, "/usr/", "/lib", "/proc/", "/sys/", "/etc/", "/memfd", "pipe:", "anon_inode:", *DEVICES)


def traced(folder: Path, calls: tuple[str, ...], *command: str) -> list[str]:
    """The calls of these names that a command and all its processes made, one a line."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed")
    log, temporary = folder / "strace.log", folder / "tmp"
    temporary.mkdir(exist_ok=True)
    names = ",".join(f"?{name}" for name in calls)
    options = ("-f", "-qq", "-y", "-s", "4096", "-e", "signal=none", "-e", f"trace={names}", "-o", str(log))
    own = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(PROJECT), "TMPDIR": str(temporary)}
    done = subprocess.run(
        [strace, *options, *command], capture_output=True, text=True, check=False, env={**os.environ, **own}
    )
    if "ptrace" in done.stderr and not log.exists():
        pytest.skip("this machine does not allow to trace a process")
    assert done.returncode in (0, 3), done.stderr[-2_000:]
    return [line.partition(" ")[2].strip() for line in log.read_text("utf-8", "backslashreplace").splitlines()]


def changes(lines: list[str]) -> Iterator[str]:
    """The calls that changed a file or a folder, or opened a file to do so.

    What goes to the two outputs is a log; the lock is opened by everybody and never written.
    """
    for line in lines:
        result = RESULT.search(line)
        if result is None:
            continue
        if line.startswith(OPENING):
            path = result["path"] or ""
            if OPENED_TO_WRITE.search(line) and not path.startswith(DEVICES) and not path.endswith(LOCK):
                yield line
        elif not line.startswith(("write(1<", "write(2<")) and not NO_FILE.match(line):
            yield line


def run_command(dump: Path, warehouse: Path) -> tuple[str, ...]:
    return (sys.executable, "-m", "cuttings", "run", str(dump), "-w", str(warehouse), "--no-prefect")


@pytest.mark.slow
def test_a_run_with_nothing_to_do_changes_no_file(tmp_path: Path, record_property: Record) -> None:
    """P5, and a negative control: the run before it, which had something to do."""
    if not IS_TORTURE:
        pytest.skip("a part of make torture")
    dump, warehouse = tmp_path / "dump", tmp_path / "warehouse"
    dump.mkdir()
    (dump / "a.txt").write_bytes(page("a"))
    calls, command = (*CHANGING, *OPENING), run_command(dump, warehouse)
    assert any("CURRENT" in call for call in changes(traced(tmp_path, calls, *command)))
    count = trials(1, 5)
    record_property("trials", count)
    for _ in range(count):
        assert list(changes(traced(tmp_path, calls, *command))) == []


def opened_elsewhere(lines: list[str], allowed: tuple[str, ...]) -> list[str]:
    """What was opened outside of the allowed folders; and every call over a network."""
    found = []
    for line in lines:
        result = RESULT.search(line)
        if line.startswith("connect("):
            found += [line] if "sa_family=AF_INET" in line else []
        elif result and result["path"] and not f"{result['path']}/".startswith(allowed):
            found.append(line)
    return found


@pytest.mark.slow
def test_nothing_is_opened_outside_of_the_source(tmp_path: Path, record_property: Record) -> None:
    """P12: every hostile file at once, with links that lead out."""
    if not IS_TORTURE:
        pytest.skip("a part of make torture")
    dump, warehouse, outside = (tmp_path / name for name in ("dump", "warehouse", "outside"))
    dump.mkdir()
    outside.mkdir()
    (outside / "secret.txt").write_bytes(page("secret"))
    for case in ALL:
        with open(os.path.join(os.fsencode(dump), case.file), "wb") as file:
            file.write(case.content)
    links = {"link": outside / "secret.txt", "folder": outside, "up": "..", "passwd": "/etc/passwd"}
    for name, target in links.items():
        (dump / name).symlink_to(target)
    os.mkfifo(dump / "fifo")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(dump / "socket"))
        lines = traced(tmp_path, (*OPENING, "connect"), *run_command(dump, warehouse))
    record_property("trials", len(ALL) + len(links) + 2)
    own = (PROJECT, sys.prefix, sys.base_prefix, dump, warehouse, tmp_path / "tmp")
    allowed = (*map(str, own), *SYSTEM)
    assert sum(str(dump) in line for line in lines) > len(ALL), "the calls are no longer those that are watched"
    # Of the folder that holds the warehouse only the warehouse's name is forced to the disk.
    assert [line for line in opened_elsewhere(lines, allowed) if f"<{tmp_path}>" not in line] == []
    assert not any(line.endswith("</etc/passwd>") for line in lines)
    # Negative control: the same look at a program that follows a link out.
    reader = traced(tmp_path, (*OPENING, "connect"), sys.executable, "-c", f"open({str(dump / 'link')!r})")
    assert opened_elsewhere(reader, allowed)
