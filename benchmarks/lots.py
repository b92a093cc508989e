"""What benchmarks of pages with a layout of their own each share: the draw, and the table of what the cutter made of
them.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from benchmarks.fit_line_model import load
from benchmarks.layouts import MOST_WEIGHT, Source, judged, sources
from benchmarks.quality import LABELLED

Drawn = TypeVar("Drawn")
Page = tuple[bytes, dict[str, Any]]


def drawn(
    name: str,
    draw: Callable[[random.Random, Sequence[str]], Drawn],
    compose: Callable[[random.Random, Drawn, Sequence[Source]], Page],
    *,
    seeds: Iterable[int],
    count: int,
    pool: Sequence[Source],
) -> Iterator[tuple[Drawn, bytes, dict[str, Any]]]:
    """So many pages of each seed, each of a layout of its own: layout, page and gold."""
    counts = Counter(source.language for source in pool)
    languages = [language for language in sorted(counts) for _ in range(min(counts[language] // 2, MOST_WEIGHT))]
    for seed in seeds:
        rng = random.Random(f"{name} {seed}")
        for _ in range(count):
            layout = draw(rng, languages)
            yield layout, *compose(rng, layout, pool)


def print_figures(
    doc: str | None,
    pages_of: Callable[[Iterable[int], int, Sequence[Source]], Iterator[tuple[Drawn, bytes, dict[str, Any]]]],
    groups_of: Callable[[Drawn], Iterable[str]],
    names: Sequence[str],
) -> None:
    """Read the options of a command, cut its pages, and print these figures of each group, in percent."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default="100-104", help="first and last seed")
    parser.add_argument("--pages", type=int, default=60, help="pages of each seed")
    options = parser.parse_args()
    first, last = map(int, options.seeds.split("-"))
    judge = load(LABELLED / "score_pages.py")
    pages = list(pages_of(range(first, last + 1), options.pages, sources()))
    groups = defaultdict(list)
    rows = judged(judge, [(data, gold) for _, data, gold in pages])
    for (layout, _, _), row in zip(pages, rows, strict=True):
        for group in groups_of(layout):
            groups[group].append(row)
    print(f"{'':16}{'n':>5} " + " ".join(f"{name.removeprefix('primary ')[:9]:>9}" for name in names))
    for group, mine in sorted(groups.items()):
        figures = {name: value[0] for name, value in judge.aggregate(mine, 0)[0].items()}
        cells = [f"{100 * figures[name]:9.1f}" if figures.get(name) is not None else f"{'-':>9}" for name in names]
        print(f"{group:16}{len(mine):5} " + " ".join(cells))
