"""Functions that do in a worker what hostile input makes libraries do."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path


class UnpicklableError(Exception):
    def __init__(self, one: object, two: object) -> None:
        super().__init__("no way home")
        self.one, self.two = one, lambda: two


class Panic(BaseException):
    """As polars has it: no Exception."""


HELD: list[bytes] = []


def double(value: int) -> int:
    return 2 * value


def pid() -> int:
    return os.getpid()


def segfault() -> None:
    ctypes.string_at(0)


def abort_without_memory() -> None:
    os.write(2, b"memory allocation of 123 bytes failed\n")
    os.abort()


def kill_self(number: int) -> None:
    os.kill(os.getpid(), number)


def allocate_without_end() -> None:
    held = []
    while True:
        held.append(b"\1" * (1 << 20))


def allocate(count: int) -> int:
    HELD.append(b"\1" * count)
    return len(HELD[-1])


def loop() -> None:
    while True:
        pass


def sleep_for_ever() -> None:
    while True:
        time.sleep(1)


def fill_stdout() -> str:
    for _ in range(200):
        print("\x1b[31m" + "x" * 10_000)
        os.write(1, b"y" * 10_000)
        os.write(2, b"z" * 10_000)
    return "said"


def leave(code: int) -> None:
    sys.exit(code)


def leave_at_once(code: int) -> None:
    os._exit(code)


def raise_value_error() -> None:
    raise ValueError("told you", 7)


def raise_unpicklable() -> None:
    raise UnpicklableError(1, 2)


def recurse() -> None:
    recurse()


def panic() -> None:
    raise Panic("called unwrap on None")


def leave_a_child() -> int:
    return subprocess.Popen(["sleep", "1000"]).pid


def leave_a_fork_and_die() -> None:
    if os.fork() == 0:
        time.sleep(1000)
    os._exit(5)


def write_file(path: Path, size: int) -> None:
    path.write_bytes(b"x" * size)


def open_many() -> None:
    held = [os.open("/dev/null", os.O_RDONLY) for _ in range(10_000)]
    assert held


def descriptors() -> list[str]:
    found = []
    for fd in range(3, 256):
        try:
            found.append(os.readlink(f"/proc/self/fd/{fd}"))
        except OSError:
            continue
    return found


def limits() -> dict[str, tuple[int, int]]:
    return {name: resource.getrlimit(getattr(resource, name)) for name in ("RLIMIT_CORE", "RLIMIT_FSIZE")}


def read_descriptor(fd: int, count: int) -> bytes:
    return os.pread(fd, count, 0)


def count_to(stop: int, then: str = "") -> Iterator[int]:
    yield from range(stop)
    if then == "segfault":
        segfault()
    if then == "raise":
        raise ValueError("after all")


def spin_between(count: int, seconds: float) -> Iterator[int]:
    for number in range(count):
        until = time.process_time() + seconds
        while time.process_time() < until:
            pass
        yield number


def blob(size: int) -> bytes:
    return b"b" * size


def length(data: bytes) -> int:
    return len(data)


def hang_up() -> None:
    os.closerange(3, 100)
    time.sleep(1000)


def ignore_everything() -> None:
    for number in signal.valid_signals():
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            continue
    loop()


def connect(host: str, port: int) -> None:
    socket.create_connection((host, port), timeout=1)


def imported_from(name: str) -> str:
    return str(__import__(name).__file__)


class Cursed:
    def __reduce__(self) -> tuple[object, ...]:
        raise RecursionError("no end")


def answer_that_cannot_be_pickled() -> list[object]:
    return [b"x" * 1_000_000, Cursed()]
