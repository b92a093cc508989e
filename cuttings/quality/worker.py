"""The audit in a process of its own.

Great Expectations takes seconds to import and hundreds of megabytes to work. Beside the cutting, on the other core and
in memory that ends with it, both cost the run nothing.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from cuttings.errors import CheckFailedError, CuttingsError
from cuttings.quality.audit import AuditResult, audit
from cuttings.quality.evaluate import Discovered


class Auditor(Protocol):
    """`cuttings.quality.audit`, wherever it runs."""

    def __call__(
        self, generation_dir: Path, run_id: str, previous: Path | None = None, discovered: Discovered | None = None
    ) -> AuditResult: ...


@contextmanager
def auditor() -> Iterator[Auditor]:
    """Start the process, which imports at once; inside the block call what this gives, once, like `audit`.

    Raises what `audit` raises, and CheckFailedError when the process dies.
    """
    command = [sys.executable, "-c", f"from {__name__} import answer_one; answer_one()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S603 - own words only

        def ask(
            generation_dir: Path, run_id: str, previous: Path | None = None, discovered: Discovered | None = None
        ) -> AuditResult:
            question = pickle.dumps((generation_dir, run_id, previous, discovered))
            answer, _ = process.communicate(question)
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
            if process.poll() is None:
                process.kill()


def answer_one() -> None:
    """Answer one question from standard input on standard output."""
    answer_fd = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints must not get between the bytes of the answer
    from cuttings.quality.expect import import_library  # noqa: PLC0415

    import_library()
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
