"""A look at the sources before a run: is there anything to do?

Most scheduled runs find nothing new, so this imports none of the libraries that cut, match and check. What it has read
of the sources it hands to the run that follows, which need not read them again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Final

from cuttings import sources, store
from cuttings.config import Config
from cuttings.outcome import RunResult

_log = logging.getLogger(__name__)

# In a manifest: how many pages the checks had set aside.
SET_ASIDE_FACT: Final = "set_aside_page_count"
# The scan that the run of the same settings takes over; at most one.
_handed_over: Final[list[tuple[Config, sources.Scan]]] = []


def run_if_needed(
    config: Config, runner: Callable[[Config], RunResult], expected: Callable[[], None] = lambda: None
) -> RunResult:
    """Call `runner` unless the warehouse already holds this input; no orchestrator is started to find that out.

    `expected` may be called before, once, as soon as a run is likely: when something changed after the last publish.
    Raises BusyError at once when another run holds the warehouse.
    """
    started = time.monotonic()
    if config.warehouse.exists():
        with store.writer(config.warehouse, config.kept_generations) as writer:
            if writer.published is not None:
                _log.info("comparing the sources with the published generation")
                if sources.is_newer(config, writer.published_at_ns):
                    expected()
                scan = sources.scan(config)
                inputs = scan.inputs_digest
                if store.has_tombstones(config.warehouse):
                    inputs = store.with_tombstones(inputs, store.read_tombstones(config.warehouse))
                if is_done(writer, digests(config, inputs), config):
                    return nothing_to_do(writer, started)
                _handed_over[:] = [(config, scan)]
    try:
        return runner(config)
    finally:
        _handed_over.clear()


def take_scan(config: Config) -> sources.Scan:
    """The scan of a run: that of the look before it, once, or a new one."""
    if _handed_over and _handed_over[0][0] == config:
        return _handed_over.pop()[1]
    return sources.scan(config)


def digests(config: Config, inputs_digest: str) -> store.Digests:
    """What a run over these inputs is identified by."""
    return store.Digests(inputs_digest, store.config_digest(config), store.code_digest())


def is_done(writer: store.Writer, wanted: store.Digests, config: Config) -> bool:
    """Whether the published generation is what this run would publish; a strict run would not have set pages aside."""
    if writer.published is None or not writer.is_current(wanted):
        return False
    return not (config.is_strict and writer.published.facts.get(SET_ASIDE_FACT, 0))


def nothing_to_do(writer: store.Writer, started: float) -> RunResult:
    """The result of a run that found nothing to do; `started` by the monotonic clock."""
    assert writer.published is not None
    return RunResult(writer.published.generation_id, is_published=False, seconds=time.monotonic() - started)
