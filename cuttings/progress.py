"""Progress of a run, from its log records to a terminal or a log file.

The steps report through the logger `cuttings`; Prefect, a person's own handlers and this module all see the same
records. On a terminal the last record stands in one live line; elsewhere each record is one line. With
CUTTINGS_LOG=json in the environment each is one line of JSON, with `at`, `level` and `event`, wherever it goes.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final

from rich.console import Console
from rich.status import Status
from rich.text import Text

from cuttings.terminal import inert

LOG_VARIABLE: Final = "CUTTINGS_LOG"


class _StatusHandler(logging.Handler):
    def __init__(self, console: Console, status: Status | None) -> None:
        super().__init__(logging.INFO)
        self._console = console
        self._status = status

    def emit(self, record: logging.LogRecord) -> None:
        message = Text(inert(record.getMessage()))
        if self._status is not None and record.levelno < logging.WARNING:
            self._status.update(message)
        else:
            self._console.print(message, soft_wrap=True)


class _JsonHandler(logging.Handler):
    """One event, one line; in JSON of ASCII nothing that a page says is a control character or turns the line about."""

    def __init__(self, console: Console) -> None:
        super().__init__(logging.INFO)
        self._console = console

    def emit(self, record: logging.LogRecord) -> None:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"at": at, "level": record.levelname.lower(), "event": record.getMessage()})
        self._console.file.write(f"{line}\n")
        self._console.file.flush()


@contextmanager
def shown_on(console: Console) -> Iterator[None]:
    """Show the engine's progress on `console` for the length of the block."""
    logger = logging.getLogger("cuttings")
    is_json = os.environ.get(LOG_VARIABLE) == "json"
    status = console.status(Text("starting"), spinner="dots") if console.is_terminal and not is_json else None
    handler = _JsonHandler(console) if is_json else _StatusHandler(console, status)
    level, propagates = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False  # Prefect's own handler, at the root, would say everything once more
    if status is not None:
        status.start()
    try:
        yield
    finally:
        if status is not None:
            status.stop()
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagates
