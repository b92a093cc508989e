"""The flow of a run in a process beside it: a task run a step, from its begin to its end or failure.

Importing Prefect and starting a server take longer than a small run itself. So they are not done in the process of the
run, but in one beside it, which starts as soon as a run is likely; the run tells it of each step.

    run:   {"flow": parameters}  {"begin": name}  {"end": null | why it failed}  …  {"finish": null | why it failed}
    flow:  a line when the flow run has begun, and one when each task run has

With a server of the user's the run waits for those lines: no step begins before its task run has, and none does when
Prefect fails or is told to cancel the flow. Without one nobody could tell Prefect anything, so no step waits for the
server that is started for the record of this one run: the tasks follow the steps, as fast as they can.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any, Final, TypeVar

from cuttings.errors import StorageError
from cuttings.resources import load_module

_log = logging.getLogger("cuttings.flows")  # as it is named in a wheel, too
_Result = TypeVar("_Result")
_COMMAND: Final = "from cuttings.resources import load_module; load_module('flows', 'follow').main()"


class FlowBeside:
    """The run's end: a context manager; at the end of the block the flow run is complete, and so is its record."""

    def __init__(self) -> None:
        """Start the process. Its flow begins with `begin`; without one nothing is recorded."""
        self._is_awaited: Final = load_module("flows", "server").is_configured()
        self._has_begun = False
        self._is_finished = False
        self._process = subprocess.Popen(  # noqa: S603 - own words only
            [sys.executable, "-P", "-c", _COMMAND],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE if self._is_awaited else subprocess.DEVNULL,
            text=True,
        )

    def __enter__(self) -> FlowBeside:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if not self._has_begun:
            self._process.kill()
        elif self._is_finished:
            _log.info("completing the record of the run in Prefect")
        if not self._is_finished:
            self._tell({"finish": _said(error)})
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        if self._process.wait() and self._is_finished:
            _log.warning("Prefect failed, so this run is missing or incomplete in its records")
        if self._process.stdout is not None:
            self._process.stdout.close()

    def begin(self, parameters: dict[str, Any]) -> None:
        """Begin the flow run. Raises StorageError when Prefect fails, where there is a server to wait for."""
        self._has_begun = True
        self._tell({"flow": parameters})
        self._await()

    def finish(self) -> None:
        """Let the flow run end well; without it the end of the block lets it fail."""
        self._is_finished = True
        self._tell({"finish": None})

    def call(self, name: str, function: Callable[..., _Result], *arguments: Any) -> _Result:
        """Call a step while its task runs. Raises what the step raises, and StorageError as `begin` does."""
        self._tell({"begin": name})
        self._await()
        try:
            result = function(*arguments)
        except BaseException as error:
            self._tell({"end": _said(error)})
            raise
        self._tell({"end": None})
        return result

    def _tell(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # it has died: `_await` or the end of the block says so
            self._process.stdin.write(f"{json.dumps(message)}\n")
            self._process.stdin.flush()

    def _await(self) -> None:
        if self._process.stdout is not None and not self._process.stdout.readline():
            raise StorageError(
                "the Prefect flow of this run ended before the run did: see what Prefect says above or on its server, "
                "or use --no-prefect"
            )


def _said(error: BaseException | None) -> str:
    return "the run did not finish" if error is None else f"{type(error).__name__}: {error}"
