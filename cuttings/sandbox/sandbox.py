"""The caller's end: start a worker, ask it, watch it, and tell what it died of."""

from __future__ import annotations

import os
import pickle
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NoReturn, TypeVar

from cuttings.errors import CuttingsError
from cuttings.sandbox.limits import Limits
from cuttings.sandbox.wire import CALL, DIED, END, ITEM, OUT_OF_MEMORY, RAISED, VALUE, Descriptor

_Result = TypeVar("_Result")
# How often a worker at work is looked at. Memory is filled at about 1 GB/s, so 5 ms let it grow by 5 MB unseen.
_WATCH_SECONDS: Final = 0.005
# How long a worker that hung up may take to end by itself.
_GRACE_SECONDS: Final = 1.0
_CHUNK_BYTES: Final = 1 << 18
_TAIL_BYTES: Final = 2000
# What libraries print when an allocation fails before they abort.
_ALLOCATION_FAILURES: Final = (b"memory allocation of", b"bad_alloc", b"out of memory", b"MemoryError")
# -P: nothing is imported from the working directory, which may be the dump itself.
_COMMAND: Final = (
    "import sys; sys.path[:] = sys.argv[2:]; from cuttings.sandbox.worker import serve; serve(int(sys.argv[1]))"
)


class WorkerDiedError(CuttingsError):
    """The worker died of a call.

    `reason` is the name of a signal (SIGSEGV, SIGKILL, SIGXCPU …), `out_of_memory`, `timeout`, `answer_too_large`,
    `exit_<code>`, or the name of an exception that no program should go on after; `printed` is the end of what the
    worker printed, which may hold text of the input.
    """

    def __init__(self, reason: str, printed: bytes = b"") -> None:
        super().__init__(f"a worker process died of its input: {reason}")
        self.reason = reason
        self.printed = printed


class Sandbox:
    """A worker process, started at the first call. Not for several threads at once; close it, or use it in `with`."""

    def __init__(self, limits: Limits | None = None, environment: Mapping[str, str] | None = None) -> None:
        """`environment` is added to that of this process."""
        self._limits = limits or Limits()
        self._environment = dict(environment or {})
        self._worker: _Worker | None = None
        self._peak_bytes = 0

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    @property
    def peak_bytes(self) -> int:
        """The most that a worker of this sandbox was seen to hold in memory; exact for those that did not die."""
        return max(self._peak_bytes, self._worker.peak_bytes if self._worker else 0)

    def call(self, function: Callable[..., _Result], *arguments: Any) -> _Result:
        """Call a function of a module in the worker; arguments and result are pickled, a Descriptor is passed on.

        Raises what the function raises, and WorkerDiedError when the worker does not survive it.
        """
        kind, value = self._ask(is_iterated=False, function=function, arguments=arguments)
        assert kind == VALUE
        return value  # type: ignore[no-any-return]

    def iterate(self, function: Callable[..., Iterator[_Result]], *arguments: Any) -> Iterator[_Result]:
        """Run a generator of a module in the worker and yield its items as they come; raises like `call`.

        The generator is at most one item and the socket's buffer ahead. Leaving the loop early ends the worker.
        """
        try:
            kind, value = self._ask(is_iterated=True, function=function, arguments=arguments)
            while kind == ITEM:
                yield value
                kind, value = self._answer()
            assert kind == END
        except GeneratorExit:
            self.close()
            raise

    def close(self) -> None:
        """End the worker and every process it has started."""
        if self._worker is not None:
            self._peak_bytes = self.peak_bytes
            self._worker.end()
            self._worker = None

    def _ask(self, *, is_iterated: bool, function: Callable[..., Any], arguments: Sequence[Any]) -> tuple[bytes, Any]:
        if self._worker is not None and self._worker.resident_bytes() > self._limits.reusable_bytes:
            self.close()
        if self._worker is None or self._worker.is_ended():
            self.close()
            self._worker = _Worker(self._limits, self._environment)
        descriptors = [one.fd for one in arguments if isinstance(one, Descriptor)]
        try:
            self._worker.send((self._limits, is_iterated, function, arguments), descriptors)
        except BaseException:
            self.close()
            raise
        return self._answer()

    def _answer(self) -> tuple[bytes, Any]:
        assert self._worker is not None
        try:
            kind, value = self._worker.receive()
            if kind == DIED:
                self._worker.die(value)
        except BaseException:
            self.close()  # also when this process is interrupted: half an answer must not be taken for the next
            raise
        if kind == RAISED:
            raise value
        return kind, value


class _Worker:
    """One worker process and the two pipes to it: the socket of calls, and what it prints."""

    def __init__(self, limits: Limits, environment: Mapping[str, str]) -> None:
        self._limits = limits
        self.peak_bytes = 0
        self._tail = b""
        self._is_printing = True
        self._socket, theirs = socket.socketpair()
        with theirs:
            path = [entry for entry in sys.path if entry]
            self._process = subprocess.Popen(  # noqa: S603 - own words only
                [sys.executable, "-P", "-c", _COMMAND, str(theirs.fileno()), *path],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # a group of its own, to be ended as one; Ctrl-C is for us
                env={**os.environ, **environment},
            )
        assert self._process.stdout is not None
        self._printed_fd = self._process.stdout.fileno()
        os.set_blocking(self._printed_fd, False)
        self._socket.setblocking(False)
        self._poll = select.poll()
        self._poll.register(self._socket, select.POLLIN)
        self._poll.register(self._printed_fd, select.POLLIN)
        self._deadline = 0.0
        self._allowed_bytes = 0

    def send(self, request: object, descriptors: Sequence[int]) -> None:
        """Send a call."""
        self._await()
        if descriptors:
            socket.send_fds(self._socket, [CALL], descriptors)
        else:
            self.write(CALL)
        pickle.dump(request, self, pickle.HIGHEST_PROTOCOL)

    def receive(self) -> tuple[bytes, Any]:
        """The next answer; WorkerDiedError when there is none any more, or when it takes too long or too much."""
        self._await()
        return self.read(1), pickle.load(self)  # noqa: S301 - written by our own code

    def resident_bytes(self) -> int:
        """What it holds in memory now; 0 where the system does not tell."""
        try:
            status = Path(f"/proc/{self._process.pid}/status").read_bytes()
        except OSError:
            return 0
        values = dict(line.split(b":", 1) for line in status.splitlines() if line.startswith((b"VmHWM:", b"VmRSS:")))
        if not values:
            return 0  # it has ended
        self.peak_bytes = max(self.peak_bytes, 1024 * int(values[b"VmHWM"].split()[0]))
        return 1024 * int(values[b"VmRSS"].split()[0])

    def is_ended(self) -> bool:
        """The process is no more, whatever of what it started may still hold its socket."""
        return os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None

    def end(self) -> None:
        """Kill it with its whole group; take its exit code, close the pipes."""
        self.resident_bytes()
        if self._process.returncode is None:
            # Its number is ours until we wait for it, so the group is still that of this worker.
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._socket.close()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def die(self, reason: str) -> NoReturn:
        """Raise the death of this worker."""
        self._read_printed()
        raise WorkerDiedError(reason, self._tail)

    # What pickle takes for a file: its values go to the socket and come from there without a copy of the whole.

    def write(self, data: bytes) -> int:
        """Send all of it."""
        view = memoryview(data)
        while view:
            try:
                view = view[self._socket.send(view) :]
            except BlockingIOError:
                self._poll.modify(self._socket, select.POLLOUT)
                self._wait()
                self._poll.modify(self._socket, select.POLLIN)
            except OSError:
                self._die_of_its_end()
        return len(data)

    def read(self, count: int) -> bytes:
        """Exactly so many bytes."""
        data = bytearray(count) if count <= self._allowed_bytes else self.die("answer_too_large")
        self.readinto(data)
        return bytes(data)

    def readinto(self, buffer: bytearray | memoryview) -> int:
        """As many bytes as the buffer takes."""
        view, done = memoryview(buffer), 0
        self._allowed_bytes -= len(view)
        if self._allowed_bytes < 0:
            self.die("answer_too_large")
        while done < len(view):
            try:
                count = self._socket.recv_into(view[done : done + _CHUNK_BYTES])
            except BlockingIOError:
                self._wait()
                continue
            except OSError:
                count = 0
            if count == 0:
                self._die_of_its_end()
            done += count
        return done

    def readline(self) -> bytes:
        """Bytes up to and with the next line feed: pickle asks for it, its binary protocols do not use it."""
        line = b""
        while not line.endswith(b"\n"):
            line += self.read(1)
        return line

    def _await(self) -> None:
        """Start the clock of one answer."""
        self._deadline = time.monotonic() + self._limits.wall_seconds
        self._allowed_bytes = self._limits.answer_bytes

    def _wait(self) -> None:
        """Wait until the socket is ready, and meanwhile see that the worker keeps within its limits."""
        while True:
            ready = dict(self._poll.poll(_WATCH_SECONDS * 1000))
            if self._printed_fd in ready:
                self._read_printed()
            if self._socket.fileno() in ready:
                return
            if self.is_ended():
                self._die_of_its_end()
            if self.resident_bytes() > self._limits.resident_bytes:
                self.die(OUT_OF_MEMORY)
            if time.monotonic() > self._deadline:
                self.die("timeout")

    def _read_printed(self) -> None:
        try:
            printed = os.read(self._printed_fd, _CHUNK_BYTES)
        except BlockingIOError:
            return
        if not printed and self._is_printing:
            self._is_printing = False
            self._poll.unregister(self._printed_fd)
        self._tail = (self._tail + printed)[-_TAIL_BYTES:]

    def _die_of_its_end(self) -> NoReturn:
        """It hung up: what for is in its exit status."""
        deadline = time.monotonic() + _GRACE_SECONDS
        while not self.is_ended() and time.monotonic() < deadline:
            time.sleep(_WATCH_SECONDS)
        status = os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG)
        self._read_printed()
        if status is None:
            self.die("hung_up")
        if status.si_code == os.CLD_EXITED:
            self.die(f"exit_{status.si_status}")
        name = signal.Signals(status.si_status).name
        if name == "SIGABRT" and any(words in self._tail for words in _ALLOCATION_FAILURES):
            name = OUT_OF_MEMORY
        self.die(name)
