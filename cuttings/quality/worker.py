"""The audit in a process of its own.

Great Expectations takes seconds to import and hundreds of megabytes to work. Beside the cutting, on the other core and
in memory that ends with it, both cost the run nothing.
"""

from __future__ import annotations

import gc
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

from cuttings.errors import CheckFailedError, CuttingsError
from cuttings.quality.audit import AuditResult, audit
from cuttings.quality.evaluate import Discovered

# Of the import, for which there is time until the tables are built: a run of few changes has two other processes at its
# begin, which are waited for, and often two cores.
_NICENESS: Final = 10


class Auditor(Protocol):
    """`cuttings.quality.audit`, wherever it runs."""

    def __call__(
        self, generation_dir: Path, run_id: str, previous: Path | None = None, discovered: Discovered | None = None
    ) -> AuditResult: ...


# Processes that were started before a run asked for one.
_early: Final[list[subprocess.Popen[bytes]]] = []


@contextmanager
def started_early() -> Iterator[None]:
    """Start the process of the next `auditor` now; at the end of the block it is gone, taken or not."""
    _early.append(_started())
    try:
        yield
    finally:
        _end(_early)


@contextmanager
def auditor() -> Iterator[Auditor]:
    """Start a process, which imports at once; inside the block call what this gives like `audit`.

    A process answers one question, so that its memory and its hold on the database end with the answer; a second
    question starts another. Raises what `audit` raises, and CheckFailedError when a process dies.
    """
    waiting = [_early.pop() if _early else _started()]

    def ask(
        generation_dir: Path, run_id: str, previous: Path | None = None, discovered: Discovered | None = None
    ) -> AuditResult:
        with waiting.pop() if waiting else _started() as process:
            try:
                answer, _ = process.communicate(pickle.dumps((generation_dir, run_id, previous, discovered)))
            except BaseException:
                process.kill()  # the run is being stopped; nobody waits for this answer
                raise
        if process.returncode != 0:
            raise CheckFailedError(
                f"the audit's process ended with code {process.returncode} before it had an answer, so nothing was "
                "published: if that is -9 the machine ran out of memory; run again with more of it"
            )
        result = pickle.loads(answer)  # noqa: S301 - written by our own process, over a pipe only it holds
        if isinstance(result, CuttingsError):
            raise result
        assert isinstance(result, AuditResult)
        return result

    try:
        yield ask
    finally:
        _end(waiting)


def _end(waiting: list[subprocess.Popen[bytes]]) -> None:
    while waiting:
        with waiting.pop() as process:
            process.kill()


def _started() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-P", "-c", f"from {__name__} import answer_one; answer_one()"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - own words only


def _import_beside_the_run() -> None:
    from cuttings.quality.expect import import_library  # noqa: PLC0415

    os.nice(_NICENESS)  # of this thread alone, as Linux has it: the answer itself is waited for
    import_library()


def answer_one() -> None:
    """Answer one question from standard input on standard output."""
    gc.disable()  # nothing of a process of seconds is worth looking for among the classes that the library is made of
    answer_fd = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints must not get between the bytes of the answer
    # In a thread: a question that comes before the import has ended is counted beside it, and judged after it.
    threading.Thread(target=_import_beside_the_run, daemon=True).start()
    question = sys.stdin.buffer.read()
    if question:
        answer: AuditResult | CuttingsError
        try:
            answer = audit(*pickle.loads(question))  # noqa: S301 - as above
        except CuttingsError as error:
            answer = error
        with open(answer_fd, "wb") as pipe:
            pickle.dump(answer, pipe)
    sys.stderr.flush()
    # Without the interpreter's own end: DuckDB's binding reports objects that Great Expectations keeps alive as leaks.
    os._exit(0)
