"""Progress of a run, from its log records to a terminal or a log file.

The steps report through the logger `cuttings`; Prefect, a person's own handlers and this module all see the same
records. On a terminal the last record stands in one live line; elsewhere each record is one line.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.status import Status
from rich.text import Text

from cuttings.terminal import inert


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
            self._console.print(message)


@contextmanager
def shown_on(console: Console) -> Iterator[None]:
    """Show the engine's progress on `console` for the length of the block."""
    logger = logging.getLogger("cuttings")
    status = console.status(Text("starting"), spinner="dots") if console.is_terminal else None
    handler = _StatusHandler(console, status)
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
