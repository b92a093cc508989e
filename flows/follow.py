"""The process beside a run: its Prefect flow, of which `beside.py` has the other end."""

from __future__ import annotations

import gc
import json
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext, suppress
from typing import Any, Final

from cuttings.resources import load_module

# Hardly any garbage is made among the classes that Prefect is made of: looking for it is a fifth of its start.
_GARBAGE_COUNT: Final = 100_000
# Of a process that no step waits for: the run comes first, and the import of what its audit needs.
_NICENESS: Final = 15


class StepFailedError(Exception):
    """A step failed in the run; the message says of what."""


class RunEndedError(Exception):
    """The run ended without a word: it was killed."""


def main() -> None:
    """Follow the run that speaks on standard input. Exits with 1 when Prefect fails, whatever becomes of the run."""
    gc.set_threshold(_GARBAGE_COUNT)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the run gets it, too, and then says so
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a library prints is no answer
    messages = (json.loads(line) for line in sys.stdin)
    is_alone = not load_module("flows", "server").is_configured()
    exit_code = 0
    try:
        _follow(messages, is_alone, lambda: print(file=answers, flush=True))
    except Exception as error:  # noqa: BLE001 - whatever Prefect raises is for the user to read
        print(f"Prefect: {type(error).__name__}: {error}", file=sys.stderr)
        exit_code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    if is_alone:
        os._exit(exit_code)  # without waiting for threads that go on looking for the server
    sys.exit(exit_code)  # Prefect may have started a server, and ends it at its exit


def _follow(messages: Iterator[dict[str, Any]], is_alone: bool, answer: Callable[[], None]) -> None:
    """`is_alone`: with a server of its own, of which nobody else knows."""
    server = load_module("flows", "server")
    if is_alone:
        os.nice(_NICENESS)
    with server.own_server() if is_alone else nullcontext():
        ingest = load_module("flows", "ingest")
        from prefect.events.worker import EventsWorker  # noqa: PLC0415 (after the server's settings)

        begun = next(messages, None)
        if begun is None or "flow" not in begun:
            return
        step_count = 0

        def run_steps(_: object, call: Callable[..., Any]) -> dict[str, Any]:
            nonlocal step_count
            answer()
            for step_count in _called(messages, answer, call):  # noqa: B007 - counted also when the last one raises
                pass
            return {}

        ingest.__dict__["run_steps"] = run_steps
        state = ingest.ingest(**begun["flow"], return_state=True)
        logging.getLogger("EventsWorker").setLevel(logging.ERROR)  # that it has events left is why it is waited for
        EventsWorker.drain_all()
        if is_alone:
            server.await_records(str(state.state_details.flow_run_id), step_count)


def _called(messages: Iterator[dict[str, Any]], answer: Callable[[], None], call: Callable[..., Any]) -> Iterator[int]:
    """Call each step as its run does, and count them."""

    def step() -> None:
        answer()
        for message in messages:
            if message["end"] is not None:
                raise StepFailedError(message["end"])
            return
        raise RunEndedError("the run ended without a word: it was killed")

    for number, message in enumerate(messages, start=1):
        if "begin" in message:
            with suppress(StepFailedError):  # what follows from it is the run's to say
                call(message["begin"], step)
            yield number
        elif message["finish"] is None:
            return
        else:
            raise StepFailedError(message["finish"])
    raise RunEndedError("the run ended without a word: it was killed")
