"""How the cutter does on layouts that nobody has seen: pages composed from the labelled articles, layouts drawn by lot.

    python -m benchmarks.layouts [--seeds 0-9] [--publishers 30]

Every seed draws publishers, every publisher one layout: the order of title, source, time, byline and standfirst in the
items of its rail, where the time stands, what the heading says, how much text an item has, blank lines, adverts, icon
names, comment boxes, and the menus and footers of another real page. The texts are those of the labelled set beside the
checkout; they are read, composed in memory and judged by the functions of its scorer, and nothing is written.

Seeds 0 to 19 were used for tuning and for the weights of `cuttings.pages.story_heads`, 20 to 39 for tuning; those from
100 are held out, and only their figures are quoted.

What no reader could judge from the text alone, or no news site has, is not drawn: texts that are lists or code, a
name or a date for a title, a rail in several languages, a standfirst above its title, bare titles in no known rail.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from hashlib import sha256
from types import SimpleNamespace
from typing import Any, Final

from benchmarks.fit_line_model import load
from benchmarks.quality import LABELLED
from cuttings.pages import cut_pages

# Pages that are cut in one batch.
BATCH: Final = 64
PAGES_A_PUBLISHER: Final = 2
# Paragraphs of a primary, and of an appended article in full, at most; a page stays of a size that is met.
PRIMARY_LINES, RELATED_LINES = 40, 12
TEASER_CHARS: Final = (70, 220)
# Share of a text, by characters, in lines that end as sentences do: below it stand manuals, price lists and programs.
SENTENCE_SHARE: Final = 0.85
SENTENCE_ENDS: Final = '.!?…。！？।۔؟"”’»)」'
# A title has so many words, or characters where no spaces part words, of which so many come again in its text.
TITLE_WORDS, TITLE_CHARS, TOLD_WORDS = 3, 8, 2
STANDFIRST_CHARS: Final = 120
# A language is drawn so many times as often as the rarest, at most.
MOST_WEIGHT: Final = 8
FIGURES: Final = (
    "primary shingle F1", "LEAK", "LOSS", "primary title exact", "false primary", "primary missed", "blob precision",
    "blob recall", "blob F1", "order right", "related title exact", "source exact", "date exact", "exact page",
)  # fmt: skip
SETS: Final = ("aeb", "fundus_tests", "wcxb", "magic")

# Language, heading of a rail, "{n} hours ago".
WORDS: Final = """
en|Related Articles|{n} hours ago;de|Mehr zum Thema|vor {n} Stunden
fr|À lire aussi|il y a {n} heures;es|Noticias relacionadas|hace {n} horas
it|Leggi anche|{n} ore fa;pt|Leia também|há {n} horas
nl|Lees ook|{n} uur geleden;pl|Czytaj także|{n} godzin temu
cs|Čtěte také|před {n} hodinami;sv|Läs också|för {n} timmar sedan
tr|İlgili Haberler|{n} saat önce;no|Les også|for {n} timer siden
da|Læs også|for {n} timer siden;ru|Читайте также|{n} часов назад
uk|Читайте також|{n} годин тому;ja|関連記事|{n}時間前;zh|相关阅读|{n}小时前
ko|관련기사|{n}시간 전;ar|اقرأ أيضا|منذ {n} ساعات;fa|اخبار مرتبط|{n} ساعت پیش
vi|Tin liên quan|{n} giờ trước;id|Berita Terkait|{n} jam yang lalu
el|Διαβάστε επίσης|πριν από {n} ώρες;ro|Citește și|acum {n} ore
fi|Lue myös|{n} tuntia sitten;hu|Kapcsolódó cikkek|{n} órája
hi|ये भी पढ़ें|{n} घंटे पहले;ur|یہ بھی پڑھیں|{n} گھنٹے پہلے
""".strip().replace("\n", ";")
HEADING, AGO = ({w.split("|")[0]: w.split("|")[k] for w in WORDS.split(";")} for k in (1, 2))
# Headings that no lexicon holds.
UNKNOWN_HEADINGS: Final = (
    "From the ferry deck", "Fresh off the wire", "On our radar today", "Aus der Redaktionskiste", "Frisch vom Fass",
    "Otras cosas del puerto", "Dans le même panier", "Dal nostro cassetto", "Ze stołu redakcji", "Со стола редакции",
    "Ur redaktionens låda", "Uit de la", "Masadan haberler", "つぎの一本", "编辑台上", "من طاولة التحرير",
)  # fmt: skip
SOURCES: Final = (
    "Coastline Post", "Northwire", "The Lantern", "Harbour Mirror", "Der Bote", "El Faro Norte", "La Lanterne",
    "Вестник залива", "潮流日報", "Polderpost", "Bytebench", "Sabah Gazetesi", "Market Ledger", "صدى الميناء",
)  # fmt: skip
BYLINES: Final = ("By Nell Ferrier", "Tomas Ekeby", "Von Greta Sandoval", "Por R. Almenar", "Dilys Moran, reporter")
ADVERTS: Final = ("Advertisement", "Sponsored", "ADVERTISEMENT", "Anzeige", "Publicidad", "Реклама", "広告")
ICONS: Final = ("logo", "image", "thumbnail", "Orange background", "play icon", "time", "arrow right")
BETWEEN: Final = (
    "Share",
    "Advertisement",
    "Loading next story...",
    "Follow us on Facebook",
    "Tags",
    "Read more",
    "Print",
)
COMMENTS: Final = (
    ("Comments", "No comments yet..."),
    ("Leave a comment", "Log in to comment"),
    ("Kommentare", "Anmelden"),
)
ABSOLUTE: Final = (
    "{d} March 2025",
    "2025-03-{d:02} 14:05",
    "{d}.03.2025",
    "March {d}, 2025 at 2:05 PM",
    "{d}/03/2025 14:05",
)


@dataclass(frozen=True, slots=True)
class Layout:
    """What a publisher does on all of its pages. The report has a line for every value of every field."""

    kind: str  # article, feed, tag, live
    language: str
    flattener: str  # whose menus and footers: resi keeps blocks, bs4nl puts every text node on its own line
    order: tuple[str, ...]  # of the fields above the text of an item
    time: str  # before, after, both, absent
    time_form: str
    source: str  # line, glued, absent
    heading: str  # known, unknown, absent
    text: str  # full, one_line, teaser_cut, teaser_whole, none
    place: str  # of the rail: after, before the title
    title_times: int
    field_gap: int
    item_gap: int
    paragraph_gap: int
    between: str  # nothing, adverts, icons, furniture
    comments: str  # before, after, absent
    head: bool  # menus above
    foot: bool
    items: int
    primary_date: str


def draw(rng: random.Random, languages: Sequence[str]) -> Layout:
    kind = rng.choices(("article", "feed", "tag", "live"), (70, 13, 10, 7))[0]
    source = rng.choices(("line", "glued", "absent"), (4, 1, 4))[0]
    time = rng.choices(("before", "after", "both", "absent"), (4, 2, 1, 4))[0]
    order = ["title"]
    order += ["source"] * (source == "line") + ["time"] * (time in {"before", "both"})
    order += rng.choices(([], ["byline"], ["standfirst"]), (4, 1, 1))[0]
    rng.shuffle(order)
    if "standfirst" in order:
        order.remove("standfirst")
        order.insert(order.index("title") + 1, "standfirst")
    texts, weights = ("full", "one_line", "teaser_cut", "teaser_whole", "none"), (3, 2, 2, 2, 1)
    text = rng.choices(texts, weights)[0] if kind in {"article", "live"} else "full"
    headings = ("known", "unknown", "absent") if text != "none" or time != "absent" else ("known",)
    return Layout(
        kind=kind, language=rng.choice(languages), flattener=rng.choice(("resi", "bs4nl")), order=tuple(order),
        time=time, time_form=rng.choice(("ago", *ABSOLUTE)), source=source,
        heading=rng.choices(headings, (4, 3, 3)[: len(headings)])[0],
        text=rng.choice(texts[2:4]) if kind == "tag" else text,
        place="before" if kind == "article" and text.startswith("teaser") and rng.random() < 0.3 else "after",
        title_times=rng.choice((1, 1, 1, 2)), field_gap=rng.choice((0, 0, 1)), item_gap=rng.choice((0, 1, 1, 2)),
        paragraph_gap=rng.choice((0, 1)), between=rng.choice(("nothing", "nothing", "adverts", "icons", "furniture")),
        comments=rng.choice(("before", "after", "absent", "absent")), head=rng.random() < 0.7, foot=rng.random() < 0.8,
        items=rng.randint(1, 8), primary_date=rng.choice(("absent", "line", "byline")),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """One labelled page: its article, and the furniture above and below it."""

    set: str
    name: str
    language: str
    title: str
    lines: tuple[str, ...]
    furniture: dict[str, tuple[tuple[str, ...], tuple[str, ...]]]


def sources() -> list[Source]:
    """The labelled pages whose article has a title and some text, most of it sentences."""
    found = []
    for part in SETS:
        folder = LABELLED / "pages" / part
        for row in (folder / "meta.jsonl").read_text(encoding="utf-8").splitlines():
            meta = json.loads(row)
            lines = (folder / f"{meta['id']}.gold.txt").read_text(encoding="utf-8").splitlines()
            lines = [line.strip() for line in lines if line.strip()]
            furniture: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
            title = re.split(r" [|–—-] ", (meta["title"] or "").strip())[0].strip()
            for flattener in ("resi", "bs4nl"):
                raw = (folder / f"{meta['id']}.raw.{flattener}.txt").read_bytes().decode("utf-8", "replace").split("\n")
                marks = (folder / f"{meta['id']}.lab.{flattener}.txt").read_text(encoding="utf-8").rstrip("\n")
                first, last = marks.find("1"), marks.rfind("1")
                above = [line.strip() for line in raw[: max(first, 0)]]
                title = title or likely_title(above, lines)
                furniture[flattener] = (tuple(above[: max(0, len(above) - 12)][:60]), tuple(raw[last + 3 :][:60]))
            lines = lines[1:] if lines[:1] == [title] else lines
            if 12 <= len(title) <= 160 and sum(map(len, lines)) > 400 and is_told(title, lines) and is_prose(lines):
                found.append(Source(part, meta["id"], meta["lang"] or "en", title, tuple(lines), furniture))
    return found


def is_prose(lines: Sequence[str]) -> bool:
    """True for a text of sentences."""
    return sum(len(line) for line in lines if line[-1] in SENTENCE_ENDS) >= SENTENCE_SHARE * sum(map(len, lines))


def is_told(title: str, lines: Sequence[str]) -> bool:
    """True for a title whose words come again in its text: not for an author's name, a date, a banner."""
    text, words = " ".join(lines).casefold(), title.casefold().split()
    if len(title) > TITLE_CHARS * len(words):  # no spaces between words
        words = [title[k : k + 2] for k in range(0, len(title), 2)]
    long = {word for word in words if len(word) > 3 or "\u2e80" < word < "\uffff"}
    return len(words) >= TITLE_WORDS and sum(word in text for word in long) >= TOLD_WORDS


def likely_title(above: Sequence[str], body: Sequence[str]) -> str:
    """The nearest line above a text that shares words, or pairs of characters, with it."""
    text = " ".join(body[:6]).casefold()
    for line in reversed([line for line in above if 8 <= len(line) <= 140][-8:]):
        words = line.casefold().split()
        parts = {w for w in words if len(w) > 3} if len(words) > 2 else {line[k : k + 2] for k in range(len(line) - 1)}
        if sum(part in text for part in parts) >= 3:
            return line
    return ""


class Sheet:
    """A page in the making: lines with their labels, and blank lines."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.segments: list[tuple[int, int, str, str, int | None]] = []
        self.articles: list[dict[str, Any]] = []

    def put(self, text: str, zone: str, role: str, position: int | None = None) -> None:
        start = len(self.data)
        self.data += text.strip().encode("utf-8", "replace")
        if len(self.data) > start:
            self.segments.append((start, len(self.data), zone, role, position))
        self.gap(1)

    def gap(self, lines: int) -> None:
        self.segments += [(len(self.data), len(self.data) + lines, "page", "ws", None)] if lines else []
        self.data += b"\n" * lines


def compose(rng: random.Random, layout: Layout, pool: Sequence[Source]) -> tuple[bytes, dict[str, Any]]:
    """A page of the layout and its gold, in the form of the labelled set."""
    sheet = Sheet()
    mine = [source for source in pool if source.language == layout.language]
    articles = rng.sample(mine, min(layout.items + 1, len(mine)))
    host = rng.choice(mine).furniture[layout.flattener]
    for line in host[0] if layout.head else ():
        sheet.put(line, "page", "unknown")
    if layout.kind == "tag":
        rail(rng, layout, sheet, articles, first=1)
    elif layout.kind == "feed":
        for position, source in enumerate(articles[: 1 + max(1, layout.items // 2)]):
            item(rng, layout, sheet, source, position)
            between(rng, layout, sheet)
    else:
        if layout.place == "before":
            rail(rng, layout, sheet, articles[1:], first=1)
            sheet.gap(1)
        primary(rng, layout, sheet, articles[0])
        if layout.comments == "before":
            boxes(rng, sheet)
        if layout.place == "after":
            rail(rng, layout, sheet, articles[1:], first=1)
        if layout.comments == "after":
            boxes(rng, sheet)
    sheet.gap(layout.paragraph_gap)
    for line in host[1] if layout.foot else ():
        sheet.put(line, "page", "unknown")
    gold = {"sha256": sha256(sheet.data).hexdigest(), "segments": sheet.segments, "articles": sheet.articles}
    return bytes(sheet.data), gold


def boxes(rng: random.Random, sheet: Sheet) -> None:
    for line in rng.choice(COMMENTS):
        sheet.put(line, "page", "comments")


def article(position: int, zone: str, title: str, body: str) -> dict[str, Any]:
    return {
        "position": position, "zone": zone, "title": title, "source": None, "date_text": None, "printed_date": None,
        "published_earliest": None, "body": body, "body_status": "full" if body else "absent", "body_alts": [],
    }  # fmt: skip


def primary(rng: random.Random, layout: Layout, sheet: Sheet, source: Source) -> None:
    """The page's own article; on a live page its paragraphs are entries behind clock times."""
    lines = source.lines[:PRIMARY_LINES]
    sheet.articles.append(article(0, "primary", source.title, "\n".join(lines)))
    for _ in range(layout.title_times):
        sheet.put(source.title, "primary", "title", 0)
        sheet.gap(layout.field_gap)
    if layout.primary_date == "byline":
        sheet.put(rng.choice(BYLINES), "primary", "byline", 0)
    if layout.primary_date != "absent" or layout.kind == "live":
        sheet.put(rng.choice(ABSOLUTE).format(d=rng.randint(1, 28)), "primary", "date", 0)
        sheet.gap(layout.field_gap)
    clock = rng.randint(900, 1300)
    for k, line in enumerate(lines):
        if layout.kind == "live" and k % 2 == 0:
            clock -= rng.randint(4, 30)
            sheet.put(f"{clock // 60:02}:{clock % 60:02}", "primary", "live_entry_time", 0)
        sheet.put(line, "primary", "body", 0)
        sheet.gap(layout.paragraph_gap)


def rail(rng: random.Random, layout: Layout, sheet: Sheet, articles: Sequence[Source], first: int) -> None:
    heading = {"known": HEADING.get(layout.language, HEADING["en"]), "unknown": rng.choice(UNKNOWN_HEADINGS)}
    if layout.heading != "absent":
        sheet.put(heading[layout.heading], "page", "related_heading")
        sheet.gap(layout.item_gap)
    for position, source in enumerate(articles, first):
        item(rng, layout, sheet, source, position)
        if position < len(articles) + first - 1:
            between(rng, layout, sheet)


def between(rng: random.Random, layout: Layout, sheet: Sheet) -> None:
    sheet.gap(layout.item_gap)
    if layout.between == "adverts" and rng.random() < 0.5:
        sheet.put(rng.choice(ADVERTS), "page", "ad")
        sheet.gap(layout.item_gap)
    if layout.between == "furniture" and (layout.kind == "feed" or rng.random() < 0.3):
        for line in rng.sample(BETWEEN, 2):
            sheet.put(line, "page", "share")
        sheet.gap(layout.item_gap)


def item(rng: random.Random, layout: Layout, sheet: Sheet, source: Source, position: int) -> None:
    """One appended article in the order of the layout."""
    zone = "related" if layout.kind != "feed" else "sibling" if position else "primary"
    count = rng.randint(3, RELATED_LINES) if layout.kind == "feed" else rng.randint(1, RELATED_LINES)
    lines = list(source.lines[:count])
    whole = " ".join(lines)
    if layout.text == "none":
        lines = []
    elif layout.text == "one_line":
        lines = [whole]
    elif layout.text == "teaser_cut":
        lines = [whole[: rng.randint(*TEASER_CHARS)].rsplit(" ", 1)[0].rstrip(" .,;:") + rng.choice(("...", "…"))]
    elif layout.text == "teaser_whole":
        lines = [(re.match(r".{60,260}?[.!?。](?=\s|$|[^\d\s.])", whole) or re.match(r".{0,200}", whole))[0]]  # type: ignore[index]
    date = (AGO.get(layout.language, AGO["en"]) if layout.time_form == "ago" else layout.time_form).format(
        n=rng.randint(2, 22), d=rng.randint(1, 28)
    )
    name = rng.choice(SOURCES)
    own = article(position, zone, source.title, "\n".join(lines))
    own["source"] = name if layout.source == "line" or (layout.source == "glued" and layout.time != "absent") else None
    own["printed_date"] = date if layout.time != "absent" else None
    sheet.articles.append(own)
    # The first sentence of a line in the middle: from the text alone it is as well the first of the body.
    middle = source.lines[len(source.lines) // 2]
    standfirst = re.split(r"(?<=[.!?。])\s", middle)[0][:STANDFIRST_CHARS]
    if "standfirst" in layout.order:
        own["body_alts"] = ["\n".join([standfirst, *lines])]
    stamp = f"{name} • {date}" if layout.source == "glued" else date
    values = {
        "title": (source.title, "title"), "source": (name, "source"), "time": (stamp, "date"),
        "byline": (rng.choice(BYLINES), "byline"),
        "standfirst": (standfirst, "standfirst"),
    }  # fmt: skip
    if layout.between == "icons":
        sheet.put(rng.choice(ICONS), "page", "icon")
    for name_of_field in layout.order:
        text, role = values[name_of_field]
        for _ in range(layout.title_times if role == "title" else 1):
            sheet.put(text, zone, role, position)
            sheet.gap(layout.field_gap)
    for k, line in enumerate(lines):
        sheet.gap(layout.paragraph_gap if k else 0)
        sheet.put(line, zone, "body", position)
    if layout.time in {"after", "both"}:
        sheet.gap(layout.field_gap)
        sheet.put(stamp, zone, "date", position)


def drawn(
    seeds: Iterable[int], publishers: int, pool: Sequence[Source]
) -> Iterator[tuple[Layout, bytes, dict[str, Any]]]:
    """Pages of the layouts that the seeds draw, with texts of the pool: layout, page and gold."""
    counts = Counter(source.language for source in pool)
    languages = [language for language in sorted(counts) for _ in range(min(counts[language] // 2, MOST_WEIGHT))]
    for seed in seeds:
        rng = random.Random(seed)
        for _ in range(publishers):
            layout = draw(rng, languages)
            for _ in range(PAGES_A_PUBLISHER):
                yield layout, *compose(rng, layout, pool)


def judged(judge: Any, pages: Sequence[tuple[bytes, dict[str, Any]]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """The scorer's figures of each page, and the share of matched articles with the date text that was printed."""
    rows = []
    for first in range(0, len(pages), BATCH):
        batch = pages[first : first + BATCH]
        tables = cut_pages([data for data, _ in batch])
        view = SimpleNamespace(pages=set(tables.pages["page_id"]), seg=defaultdict(list), app=defaultdict(list))
        for row in tables.segments.to_dicts():
            view.seg[row["page_id"]].append(row)
        for row in tables.appearances.to_dicts():
            view.app[row["page_id"]].append(row)
        for data, gold in batch:
            figures, roles = judge.page_scores(gold, data, view)
            apps = [a for a in view.app[gold["sha256"]] if a["zone"] != "primary"]
            others = [a for a in gold["articles"] if a["zone"] != "primary"]
            found = [
                (others[i], apps[k]) for i, k in judge.match(others, apps).items() if others[i].get("printed_date")
            ]
            right = sum((g["printed_date"] or "") in (a["date_text"] or "") for g, a in found)
            figures["date exact"] = (float(right), float(len(found)))
            rows.append((figures, roles))
    return rows


def table(rows: Sequence[tuple[Layout, tuple[Any, Any]]], summed: Callable[[list[Any]], dict[str, Any]]) -> str:
    """One line for every value of every parameter, and one for all pages; percent."""
    out = [f"{'':28}{'n':>5} " + " ".join(f"{name.replace('primary', 'prim')[:9]:>9}" for name in FIGURES)]
    groups: dict[str, list[Any]] = {"all": [row for _, row in rows]}
    for name in [field.name for field in fields(Layout)]:
        for value in sorted({str(getattr(layout, name)) for layout, _ in rows}):
            key = value.replace("'", "").strip("(),")
            mine = [row for layout, row in rows if str(getattr(layout, name)) == value]
            if len(mine) >= 2 * PAGES_A_PUBLISHER:
                groups[f"{name} {key}"[:28]] = mine
    for name, mine in groups.items():
        figures = summed(mine)
        cells = [f"{100 * figures[key]:9.1f}" if figures.get(key) is not None else f"{'-':>9}" for key in FIGURES]
        out.append(f"{name:28}{len(mine):5} " + " ".join(cells))
    return "\n".join(out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default="0-9", help="first and last seed")
    parser.add_argument("--publishers", type=int, default=30, help="layouts drawn per seed")
    options = parser.parse_args()
    first, last = map(int, options.seeds.split("-"))
    judge = load(LABELLED / "score_pages.py")
    judge.ORDER.append("date exact")
    pages = list(drawn(range(first, last + 1), options.publishers, sources()))
    figures = judged(judge, [(data, gold) for _, data, gold in pages])
    rows = [(layout, row) for (layout, _, _), row in zip(pages, figures, strict=True)]
    print(table(rows, lambda mine: {k: v[0] for k, v in judge.aggregate(mine, 0)[0].items()}))


if __name__ == "__main__":
    main()
