"""Pages without an article of their own, drawn by lot: fronts, sections, search results, author pages; and short
articles above the same lists.

The texts are those of `benchmarks.layouts`, its seeds apply: those from 100 are held out. A page that opens with a
short article has the same lists below it, so that nothing but the article tells the two kinds apart.

    python -m benchmarks.fronts [--seeds 100-104]

prints how many pages of each kind have a primary, and how many articles are found.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from benchmarks import lots
from benchmarks.layouts import (
    ABSOLUTE,
    AGO,
    BYLINES,
    HEADING,
    SOURCES,
    UNKNOWN_HEADINGS,
    Sheet,
    Source,
    article,
)

KINDS: Final = ("front", "section", "search", "author", "short article")
SECTIONS: Final = (
    "Politics", "Local", "Business", "Sport", "Politik", "Wirtschaft", "Kultur", "Deportes", "Sociedad", "Économie",
    "Culture", "Politica", "Cronaca", "Desporto", "Nieuws", "Sport", "Wiadomości", "Политика", "Общество", "Спорт",
    "政治", "経済", "社会", "国际", "体育", "정치", "경제", "سياسة", "اقتصاد", "सियासत", "खेल", "Spor", "Gündem",
)  # fmt: skip
MORE: Final = ("Read more", "Weiterlesen", "Leer más", "Lire la suite", "Leggi tutto", "Читать далее", "続きを読む")
PAGERS: Final = (("1", "2", "3", "…", "12", "Next"), ("Older posts",), ("Weiter »",), ("« 1 2 3 4 »",), ("Load more",))
# Characters of a teaser; of a short article a line of text has at least so many.
TEASER_CHARS: Final = (60, 420)
SHORT_LINES: Final = (2, 5)
SHORT_CHARS: Final = 250


@dataclass(frozen=True, slots=True)
class Front:
    """What a publisher does on its lists."""

    kind: str
    language: str
    flattener: str
    order: tuple[str, ...]  # of the fields of an item
    teaser: str  # cut, sentence, sentences, none
    lead_only: bool  # only the first item of a section has its teaser
    headings: str  # known, unknown, section, absent
    sections: int
    items: tuple[int, int]
    gaps: tuple[int, int, int]  # behind a field, an item, a section
    time_form: str
    head: bool
    foot: bool
    pager: bool
    more: bool
    primary_date: str


def draw(rng: random.Random, languages: Sequence[str]) -> Front:
    kind = rng.choices(KINDS, (3, 3, 2, 1, 5))[0]
    teaser = rng.choices(("cut", "sentence", "sentences", "none"), (3, 3, 3, 3))[0]
    fields = ["title"] + ["text"] * (teaser != "none")
    fields += [name for name in ("time", "source", "byline", "kicker") if rng.random() < 0.35]
    rng.shuffle(fields)
    if "text" in fields and fields.index("text") < fields.index("title"):
        fields.remove("text")
        fields.insert(rng.randint(fields.index("title") + 1, len(fields)), "text")
    least = rng.randint(2, 6)
    return Front(
        kind=kind, language=rng.choice(languages), flattener=rng.choice(("resi", "bs4nl")), order=tuple(fields),
        teaser=teaser, lead_only=kind == "front" and rng.random() < 0.4,
        headings=rng.choices(("known", "unknown", "section", "absent"), (2, 2, 3, 3))[0],
        sections=rng.randint(1, 4) if kind in {"front", "short article"} else 1, items=(least, rng.randint(least, 12)),
        gaps=(rng.choice((0, 0, 1)), rng.choice((0, 1, 2)), rng.choice((0, 1, 2))),
        time_form=rng.choice(("ago", *ABSOLUTE)), head=rng.random() < 0.6, foot=rng.random() < 0.6,
        pager=rng.random() < 0.4, more=rng.random() < 0.2, primary_date=rng.choice(("absent", "line", "byline")),
    )  # fmt: skip


def teaser_of(rng: random.Random, layout: Front, whole: str) -> str:
    if layout.teaser == "cut":
        return whole[: rng.randint(*TEASER_CHARS)].rsplit(" ", 1)[0].rstrip(" .,;:") + rng.choice(("...", "…"))
    most = TEASER_CHARS[1] if layout.teaser == "sentences" else TEASER_CHARS[1] // 2
    ends = [match.end() for match in re.finditer(r"[.!?。！？](?=\s|$|[^\d\s.])", whole[:most])]
    return whole[: ends[-1 if layout.teaser == "sentences" else 0]] if ends else whole[: most // 2]


def compose(rng: random.Random, layout: Front, pool: Sequence[Source]) -> tuple[bytes, dict[str, Any]]:
    """A page of the layout and its gold."""
    sheet = Sheet()
    mine = [source for source in pool if source.language == layout.language]
    host = rng.choice(mine).furniture[layout.flattener]
    for line in host[0] if layout.head else ():
        sheet.put(line, "page", "unknown")
    others = [source for source in pool if source.language != layout.language]
    rng.shuffle(mine)
    texts = iter(mine + rng.sample(others, min(40, len(others))))
    _opening(rng, layout, sheet, texts)
    position = 1
    for _ in range(layout.sections):
        heading = {
            "known": HEADING.get(layout.language, HEADING["en"]), "unknown": rng.choice(UNKNOWN_HEADINGS),
            "section": rng.choice(SECTIONS), "absent": "",
        }[layout.headings]  # fmt: skip
        if heading:
            sheet.put(heading, "page", "related_heading")
            sheet.gap(layout.gaps[1])
        for k in range(rng.randint(*layout.items)):
            _item(rng, layout, sheet, next(texts), position, is_lead=not k)
            position += 1
        sheet.gap(layout.gaps[2])
    for line in rng.choice(PAGERS) if layout.pager else ():
        sheet.put(line, "page", "navigation")
    for line in host[1] if layout.foot else ():
        sheet.put(line, "page", "unknown")
    gold = {"sha256": sha256(sheet.data).hexdigest(), "segments": sheet.segments, "articles": sheet.articles}
    return bytes(sheet.data), gold


def _opening(rng: random.Random, layout: Front, sheet: Sheet, texts: Iterator[Source]) -> None:
    """What stands above the lists: the short article, or the name of the page and what it says of itself."""
    if layout.kind == "short article":
        source = next(texts)
        lines = list(source.lines[: rng.randint(*SHORT_LINES)])
        for line in source.lines[len(lines) :]:
            if sum(map(len, lines)) >= SHORT_CHARS:
                break
            lines.append(line)
        sheet.articles.append(article(0, "primary", source.title, "\n".join(lines)))
        sheet.put(source.title, "primary", "title", 0)
        sheet.gap(layout.gaps[0])
        if layout.primary_date == "byline":
            sheet.put(rng.choice(BYLINES), "primary", "byline", 0)
        if layout.primary_date != "absent":
            sheet.put(rng.choice(ABSOLUTE).format(d=rng.randint(1, 28)), "primary", "date", 0)
        for line in lines:
            sheet.put(line, "primary", "body", 0)
            sheet.gap(layout.gaps[0])
    elif layout.kind == "search":
        word = next(texts).title.split()[0]
        sheet.put(f"{rng.randint(3, 900)} · {word}", "page", "unknown")
    elif layout.kind == "author":
        sheet.put(rng.choice(BYLINES).removeprefix("By "), "page", "unknown")
        if rng.random() < 0.5:
            sheet.put(next(texts).lines[0][: rng.randint(80, 300)], "page", "unknown")
    elif layout.kind == "section":
        sheet.put(rng.choice(SECTIONS), "page", "unknown")
    sheet.gap(layout.gaps[2])


def _item(rng: random.Random, layout: Front, sheet: Sheet, source: Source, position: int, *, is_lead: bool) -> None:
    text = teaser_of(rng, layout, " ".join(source.lines[:4]))
    has_text = layout.teaser != "none" and (is_lead or not layout.lead_only)
    form = AGO.get(layout.language, AGO["en"]) if layout.time_form == "ago" else layout.time_form
    date, name = form.format(n=rng.randint(2, 22), d=rng.randint(1, 28)), rng.choice(SOURCES)
    own = article(position, "related", source.title, text if has_text else "")
    own["source"] = name if "source" in layout.order else None
    own["printed_date"] = date if "time" in layout.order else None
    sheet.articles.append(own)
    values = {
        "title": (source.title, "title"), "source": (name, "source"), "time": (date, "date"),
        "byline": (rng.choice(BYLINES), "byline"), "kicker": (rng.choice(SECTIONS), "kicker"), "text": (text, "body"),
    }  # fmt: skip
    for field in layout.order:
        if field != "text" or has_text:
            sheet.put(values[field][0], "related", values[field][1], position)
            sheet.gap(layout.gaps[0])
    if layout.more:
        sheet.put(rng.choice(MORE), "page", "read_more")
    sheet.gap(layout.gaps[1])


def drawn(seeds: Iterable[int], count: int, pool: Sequence[Source]) -> Iterator[tuple[Front, bytes, dict[str, Any]]]:
    """So many pages of each seed, each of a layout of its own."""
    return lots.drawn("front", draw, compose, seeds=seeds, count=count, pool=pool)


def groups_of(layout: Front) -> tuple[str, str]:
    return "all articles" if layout.kind == "short article" else "all indexes", layout.kind


def main() -> None:
    names = ("false primary", "primary missed", "primary shingle F1", "LEAK", "LOSS", "blob precision", "blob recall")
    lots.print_figures(__doc__, drawn, groups_of, names)


if __name__ == "__main__":
    main()
