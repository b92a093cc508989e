"""Lists whose items stand on one line each, drawn by lot: a title with its source and its age, its rank, its clock, its
section, the length of its video, the number of its comments, or its teaser; below an article, within its text, or on a
page of their own.

The texts are those of `benchmarks.layouts`, its seeds apply: those from 100 are held out.

    python -m benchmarks.one_lines [--seeds 100-104]

prints for each form of a line, each place and each kind of heading whether the list stays out of the article, and what
is found of it.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from benchmarks import lots
from benchmarks.fronts import SECTIONS
from benchmarks.layouts import AGO, BYLINES, HEADING, SOURCES, UNKNOWN_HEADINGS, Sheet, Source, article

PLACES: Final = ("below", "within", "alone")
# The line of an item: words in braces are fields, what stands between them is furniture.
FORMS: Final = {
    "title - source - ago": ("{title} - {source} - {ago}",),
    "title source ago": ("{title} {source} {ago}",),
    "title | source": ("{title} | {source}",),
    "source · ago · title": ("{source} · {ago} · {title}",),
    "source: title": ("{source}: {title}",),
    "clock title": ("{clock} {title}",),
    "clock | title": ("{clock} | {title}",),
    "title clock": ("{title} {clock}",),
    "title age": ("{title} {age}",),
    "title ago": ("{title} {ago}",),
    "ago title": ("{ago} {title}",),
    "day title": ("{day} {title}",),
    "rank. title": ("{rank}. {title}",),
    "rank title": ("{rank} {title}",),
    "bullet title": ("• {title}",),
    "arrow title": ("» {title}",),
    "[title]": ("[{title}]",),
    "title (video)": ("{title} (video)",),
    "section | title": ("{section} | {title}",),
    "title (comments)": ("{title} ({count})",),
    "title / length": ("{title}", "{length}"),
    "length / title": ("{length}", "{title}"),
    "title: teaser": ("{title}: {text}",),
    "title. teaser": ("{title}. {text}",),
    "title – teaser ago": ("{title} – {text} {ago}",),
    "title": ("{title}",),
}  # fmt: skip
# The fields that are an article's, by their roles.
KEPT: Final = {
    "title": "title", "source": "source", "ago": "date", "age": "date", "clock": "date", "day": "date", "text": "body",
}  # fmt: skip
AGES: Final = ("{n}h", "{n}d", "{n}m", "{n} h")
DAYS: Final = ("{d:02}.03.", "{d}.3.2025", "2025-03-{d:02}", "{d}/03/2025", "{d:02}.03.25")
TEASER_CHARS: Final = (60, 160)
LEAST_LINES: Final = 4
MOST_LINES: Final = 14


@dataclass(frozen=True, slots=True)
class Listing:
    """What a publisher does on its lists of one-line items."""

    place: str
    form: str
    language: str
    flattener: str
    heading: str  # known, unknown, absent
    items: tuple[int, int]
    item_gap: int
    paragraph_gap: int
    sections: int
    head: bool
    foot: bool
    primary_date: str
    age: str
    day: str


def draw(rng: random.Random, languages: Sequence[str]) -> Listing:
    place = rng.choices(PLACES, (3, 1, 2))[0]
    least = rng.randint(3, 6)
    return Listing(
        place=place, form=rng.choice(sorted(FORMS)), language=rng.choice(languages),
        flattener=rng.choice(("resi", "bs4nl")), heading=rng.choice(("known", "known", "unknown", "absent")),
        items=(least, least + rng.randint(0, 5)), item_gap=rng.choice((0, 0, 1)), paragraph_gap=rng.choice((0, 1)),
        sections=rng.randint(1, 3) if place == "alone" else 1, head=rng.random() < 0.5, foot=rng.random() < 0.5,
        primary_date=rng.choice(("absent", "line", "byline")), age=rng.choice(AGES), day=rng.choice(DAYS),
    )  # fmt: skip


def compose(rng: random.Random, layout: Listing, pool: Sequence[Source]) -> tuple[bytes, dict[str, Any]]:
    """A page of the layout and its gold."""
    sheet = Sheet()
    mine = [source for source in pool if source.language == layout.language]
    host = rng.choice(mine).furniture[layout.flattener]
    rng.shuffle(mine)
    others = [source for source in pool if source.language != layout.language]
    texts = iter(mine + rng.sample(others, min(60, len(others))))
    for line in host[0] if layout.head else ():
        sheet.put(line, "page", "unknown")
    if layout.place == "alone":
        first = 1
        for _ in range(layout.sections):
            first = _list(rng, layout, sheet, texts, first)
    else:
        _article(rng, layout, sheet, next(texts), texts)
    for line in host[1] if layout.foot else ():
        sheet.put(line, "page", "unknown")
    gold = {"sha256": sha256(sheet.data).hexdigest(), "segments": sheet.segments, "articles": sheet.articles}
    return bytes(sheet.data), gold


def _article(rng: random.Random, layout: Listing, sheet: Sheet, source: Source, texts: Iterator[Source]) -> None:
    """The article of the page with its list, below it or between its paragraphs."""
    lines = source.lines[:MOST_LINES]
    sheet.articles.append(article(0, "primary", source.title, "\n".join(lines)))
    sheet.put(source.title, "primary", "title", 0)
    sheet.gap(layout.paragraph_gap)
    if layout.primary_date == "byline":
        sheet.put(rng.choice(BYLINES), "primary", "byline", 0)
    if layout.primary_date != "absent":
        sheet.put(f"{rng.randint(1, 28)} March 2025", "primary", "date", 0)
    place = len(lines) // 2 if layout.place == "within" and len(lines) >= LEAST_LINES else len(lines)
    for k, line in enumerate(lines):
        if k == place:
            _list(rng, layout, sheet, texts, 1)
        sheet.put(line, "primary", "body", 0)
        sheet.gap(layout.paragraph_gap)
    if place == len(lines):
        _list(rng, layout, sheet, texts, 1)


def _list(rng: random.Random, layout: Listing, sheet: Sheet, texts: Iterator[Source], first: int) -> int:
    """A list with its heading; the position of what follows."""
    heading = {"known": HEADING.get(layout.language, HEADING["en"]), "unknown": rng.choice(UNKNOWN_HEADINGS)}
    if layout.heading != "absent":
        sheet.put(heading[layout.heading], "page", "related_heading")
        sheet.gap(layout.item_gap)
    count, clock = rng.randint(*layout.items), rng.randint(900, 1300)
    for rank in range(1, count + 1):
        clock -= rng.randint(3, 40)
        _item(rng, layout, sheet, next(texts), (first + rank - 1, rank, clock))
        sheet.gap(layout.item_gap)
    return first + count


def _item(rng: random.Random, layout: Listing, sheet: Sheet, source: Source, place: tuple[int, int, int]) -> None:
    position, rank, clock = place
    text = source.lines[0]
    size = rng.randint(*TEASER_CHARS)
    text = text if len(text) <= size else text[:size].rsplit(" ", 1)[0].rstrip(" .,;:") + "…"
    n, d = rng.randint(2, 22), rng.randint(1, 28)
    values = {
        "title": source.title, "source": rng.choice(SOURCES), "ago": AGO.get(layout.language, AGO["en"]).format(n=n),
        "clock": f"{clock // 60:02}:{clock % 60:02}", "age": layout.age.format(n=n),
        "day": layout.day.format(d=d), "rank": str(rank), "section": rng.choice(SECTIONS),
        "count": str(rng.randint(1, 300)), "length": f"{rng.randint(0, 12)}:{rng.randint(0, 59):02}", "text": text,
    }  # fmt: skip
    form = "".join(FORMS[layout.form])
    own = article(position, "related", source.title, text if "{text}" in form else "")
    own["source"] = values["source"] if "{source}" in form else None
    own["printed_date"] = next((values[name] for name in KEPT if KEPT[name] == "date" and f"{{{name}}}" in form), None)
    sheet.articles.append(own)
    for line in FORMS[layout.form]:
        _put(sheet, line, values, position)


def _put(sheet: Sheet, form: str, values: dict[str, str], position: int) -> None:
    """One line of a form, a segment a field."""
    for part in form.replace("{", "\0").replace("}", "\0").split("\0"):
        start = len(sheet.data)
        sheet.data += values.get(part, part).encode("utf-8", "replace")
        if len(sheet.data) > start:
            zone = "related" if part in KEPT else "page"
            own = position if part in KEPT else None
            sheet.segments.append((start, len(sheet.data), zone, KEPT.get(part, "unknown"), own))
    sheet.gap(1)


def drawn(seeds: Iterable[int], count: int, pool: Sequence[Source]) -> Iterator[tuple[Listing, bytes, dict[str, Any]]]:
    """So many pages of each seed, each of a layout of its own."""
    return lots.drawn("one line", draw, compose, seeds=seeds, count=count, pool=pool)


def groups_of(layout: Listing) -> tuple[str, ...]:
    return "all", f"at {layout.place}", f"heading {layout.heading}", f"{layout.place[0]} {layout.form}"[:16]


def main() -> None:
    names = (
        "false primary", "primary missed", "primary shingle F1", "LEAK", "LOSS", "blob precision", "blob recall",
        "related title exact", "source exact", "date exact",
    )  # fmt: skip
    lots.print_figures(__doc__, drawn, groups_of, names)


if __name__ == "__main__":
    main()
