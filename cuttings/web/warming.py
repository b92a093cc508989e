"""Answers prepared before anybody asks: what a first visit to the overview asks, and what its first brush needs."""

from __future__ import annotations

import json
import threading
from pathlib import Path

from cuttings.errors import CuttingsError
from cuttings.web.generation import Generations
from cuttings.web.queries import QueryFailedError
from cuttings.web.statements import RefusedError, split


class Warming:
    """Asks, in a thread of its own, what the build of the front end wrote down in `first.json`.

    Its answers are remembered like any other, and a page that asks the same meanwhile waits for the same answer. What
    fails here is left to the page, which asks again and says why.
    """

    def __init__(self, generations: Generations, questions: Path) -> None:
        self._generations = generations
        self._questions = questions
        self._is_ending = threading.Event()
        self._thread = threading.Thread(target=self._warm, name="warming")

    def start(self) -> None:
        """Begin with the generation that is published now, if any; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """End after the question that is under way."""
        self._is_ending.set()
        self._thread.join()

    def _warm(self) -> None:
        if not self._questions.is_file():
            return  # a checkout without the front end: nobody will ask
        first = json.loads(self._questions.read_bytes())
        try:
            with self._generations.leases() as leases:
                queries = leases.get().queries
                for sql in first["queries"]:
                    if not self._is_ending.is_set():
                        queries.arrow(sql)
                for sql in first["preparations"]:
                    for _, statement in split(sql):
                        if not self._is_ending.is_set():
                            queries.prepare(statement)
        except (CuttingsError, QueryFailedError, RefusedError):
            return
