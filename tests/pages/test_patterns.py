"""The cut stays within what Polars keeps of compiled patterns; one more, and every batch compiles all of them again."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from polars.expr.string import ExprStringNameSpace
from polars.series.string import StringNameSpace

from cuttings.pages import cut_pages
from cuttings.resources import resource_dir

# Polars keeps the patterns of so many searches a thread and forgets the one that was used longest ago. All patterns of
# the cut are used once a batch, in the same order: of 33, none would be left when its turn comes.
KEPT = 32
SEARCHES = ("contains", "count_matches", "extract", "extract_all", "replace", "replace_all")


def test_a_batch_of_all_samples_uses_no_more_patterns_than_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    used: set[str] = set()

    def watched(search: Any) -> Any:
        def call(self: Any, pattern: Any, *arguments: Any, **options: Any) -> Any:
            if isinstance(pattern, str) and not options.get("literal"):
                used.add(pattern)
            return search(self, pattern, *arguments, **options)

        return call

    for space in (ExprStringNameSpace, StringNameSpace):
        for name in SEARCHES:
            monkeypatch.setattr(space, name, watched(getattr(space, name)))
    pl.Series(["seen"]).str.contains("se+n")
    assert used == {"se+n"}
    used.clear()
    cut_pages([path.read_bytes() for path in sorted((resource_dir("samples") / "dumps").rglob("*.txt"))])
    assert len(used) > 1
    assert len(used) <= KEPT, sorted(used)
