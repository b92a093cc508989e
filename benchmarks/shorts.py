"""Short articles alone on their pages, drawn by lot: without anything around them, with a few lines of furniture, or
between the menus and the footer of another page.

The texts are those of `benchmarks.layouts`, its seeds apply: those from 100 are held out. What tells lists from
articles must not take a report of three sentences for a list.

    python -m benchmarks.shorts [--seeds 100-104]

prints how many pages of each kind lost their primary, and how much of the articles is found.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from benchmarks import lots
from benchmarks.layouts import ABSOLUTE, BETWEEN, BYLINES, COMMENTS, Sheet, Source, article

AROUND: Final = ("nothing", "few lines", "menus")
# Characters of an article, at least; it ends with the paragraph or the sentence that reaches them.
CHARS: Final = (150, 900)
SENTENCE_ENDS: Final = ".!?。！？।۔"


@dataclass(frozen=True, slots=True)
class Short:
    """What a publisher does on the page of a short article."""

    around: str
    language: str
    flattener: str
    chars: int
    title_times: int
    gap: int
    date: str  # absent, line, byline, behind
    ends_mid_paragraph: bool


def draw(rng: random.Random, languages: Sequence[str]) -> Short:
    return Short(
        around=rng.choice(AROUND), language=rng.choice(languages), flattener=rng.choice(("resi", "bs4nl")),
        chars=rng.randint(*CHARS), title_times=rng.choice((1, 1, 1, 2)), gap=rng.choice((0, 1)),
        date=rng.choice(("absent", "line", "byline", "behind")), ends_mid_paragraph=rng.random() < 0.5,
    )  # fmt: skip


def short_lines(source: Source, chars: int, *, ends_mid_paragraph: bool) -> list[str]:
    """The first paragraphs of an article, or its first sentences."""
    lines: list[str] = []
    for line in source.lines:
        missing = chars - sum(map(len, lines))
        if missing <= 0:
            break
        ends = [at + 1 for at in range(missing - 1, len(line)) if line[at] in SENTENCE_ENDS]
        lines.append(line[: ends[0]] if ends and ends_mid_paragraph else line)
    return lines


def compose(rng: random.Random, layout: Short, pool: Sequence[Source]) -> tuple[bytes, dict[str, Any]]:
    """A page of the layout and its gold."""
    sheet = Sheet()
    mine = [source for source in pool if source.language == layout.language]
    source = rng.choice(mine)
    host = rng.choice(mine).furniture[layout.flattener] if layout.around == "menus" else ((), ())
    few = layout.around == "few lines"
    lines = short_lines(source, layout.chars, ends_mid_paragraph=layout.ends_mid_paragraph)
    sheet.articles.append(article(0, "primary", source.title, "\n".join(lines)))
    for line in (*host[0], *(rng.sample(BETWEEN, 2) if few else ())):
        sheet.put(line, "page", "unknown")
    for _ in range(layout.title_times):
        sheet.put(source.title, "primary", "title", 0)
        sheet.gap(layout.gap)
    if layout.date == "byline":
        sheet.put(rng.choice(BYLINES), "primary", "byline", 0)
    date = rng.choice(ABSOLUTE).format(d=rng.randint(1, 28))
    if layout.date in {"line", "byline"}:
        sheet.put(date, "primary", "date", 0)
    for line in lines:
        sheet.put(line, "primary", "body", 0)
        sheet.gap(layout.gap)
    if layout.date == "behind":
        sheet.put(date, "primary", "date", 0)
    for line in rng.choice(COMMENTS) if few else host[1]:
        sheet.put(line, "page", "unknown")
    gold = {"sha256": sha256(sheet.data).hexdigest(), "segments": sheet.segments, "articles": sheet.articles}
    return bytes(sheet.data), gold


def drawn(seeds: Iterable[int], count: int, pool: Sequence[Source]) -> Iterator[tuple[Short, bytes, dict[str, Any]]]:
    """So many pages of each seed, each of a layout of its own."""
    return lots.drawn("short", draw, compose, seeds=seeds, count=count, pool=pool)


def main() -> None:
    names = ("primary missed", "primary shingle F1", "LEAK", "LOSS", "primary title exact")
    lots.print_figures(__doc__, drawn, lambda layout: ("all", layout.around), names)


if __name__ == "__main__":
    main()
