"""The page of promises is what was found, and every promise has tests that exist."""

from __future__ import annotations

import json

import pytest

from tests.reliability.promises import PAGE, PROJECT, PROMISES, RESULTS, Promise, page


def test_the_page_says_what_was_found() -> None:
    results = json.loads(RESULTS.read_text())
    assert PAGE.read_text(encoding="utf-8") == page(results), "docs/promises.md is stale: make torture"
    assert all(part["failures"] == 0 for files in results.values() for part in files.values())


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.name)
def test_a_promise_has_tests(promise: Promise) -> None:
    for node in promise.tests:
        path, _, name = node.partition("::")
        assert (PROJECT / path).exists(), path
        if name:
            assert f"def {name.partition('[')[0]}" in (PROJECT / path).read_text(encoding="utf-8"), node
