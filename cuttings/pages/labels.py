"""What is said of the lines of one page: zone, role, article and rule."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final

from cuttings.contract import BODY_ROLES, ROLES, ZONES
from cuttings.dates.lexicon import phrases
from cuttings.pages.page import Page
from cuttings.pages.roles import FURNITURE_ROLE
from cuttings.pages.spans import Cut
from cuttings.rules import RULES

ZONE: Final = {name: code for code, name in enumerate(ZONES)}
ROLE: Final = {name: code for code, name in enumerate(ROLES)}
PAGE_ZONE: Final = ZONE["page"]
RULE: Final = {name: code for code, name in enumerate(RULES)}
# What an article has one of at least: the others tell of something that is not there.
_TELLING: Final = frozenset(ROLE[name] for name in ("title", "standfirst", "caption", "promo", *BODY_ROLES))
_ROLE_OF_CLASS: Final = bytes(ROLE[FURNITURE_ROLE.get(chr(c), "unknown")] for c in range(256))
_RULE_OF_CLASS: Final = bytes(
    RULE["marker_" + FURNITURE_ROLE[chr(c)] if chr(c) in FURNITURE_ROLE else "furniture"] for c in range(256)
)


@dataclass(slots=True)
class Article:
    """One appearance: its number on the page and how it was found."""

    position: int
    zone: int
    body_status: str
    rule: str
    confidence: float


@dataclass(slots=True)
class Labels:
    """Labels of the lines of one page: codes of ZONES, ROLES and RULES, and the article's position or -1. `cuts` are
    (line, cut) for parts of a line that differ from the line's label.
    """

    zone: bytearray
    role: bytearray
    position: array[int]
    rule: bytearray
    cuts: list[tuple[int, Cut]] = field(default_factory=list)
    losses: list[tuple[int, int, str, str]] = field(default_factory=list)  # line, character, kind, text as found
    articles: list[Article] = field(default_factory=list)
    page_type: str = "unknown"
    dialect: str = "unknown"

    def put(self, i: int, zone: int, role: str, position: int, rule: str) -> None:
        self.zone[i] = zone
        self.role[i] = ROLE[role]
        self.position[i] = position
        self.rule[i] = RULE[rule]

    def put_all(self, lines: Iterable[int], zone: int, role: str, position: int, rule: str) -> None:
        """The same label for several lines."""
        zones, roles, positions, rules = self.zone, self.role, self.position, self.rule
        role_code, rule_code = ROLE[role], RULE[rule]
        for i in lines:
            zones[i] = zone
            roles[i] = role_code
            positions[i] = position
            rules[i] = rule_code


def furniture_labels(page: Page) -> Labels:
    """Labels of a page of which nothing is known but the phrases of its furniture."""
    return Labels(
        zone=bytearray([PAGE_ZONE]) * len(page.cls),
        role=page.cls.translate(_ROLE_OF_CLASS),
        position=array("i", [-1]) * len(page.cls),
        rule=page.cls.translate(_RULE_OF_CLASS),
    )


def drop_untold(page: Page, labels: Labels) -> None:
    """Make furniture of the appended articles of which nothing is there but a date, a source or an author: the end of a
    chain of dates. Those behind them move up; a page that lists nothing is no index.
    """
    told = {0, *(p for p, role in zip(labels.position, labels.role, strict=True) if role in _TELLING)}
    kept = [article for article in labels.articles if article.position in told]
    if len(kept) == len(labels.articles):
        return
    number = {article.position: k for k, article in enumerate(kept, min(a.position for a in labels.articles))}
    untold = {i for i, position in enumerate(labels.position) if position >= 0 and position not in number}
    for i in untold:
        labels.zone[i] = PAGE_ZONE
        labels.role[i], labels.rule[i] = _ROLE_OF_CLASS[page.cls[i]], _RULE_OF_CLASS[page.cls[i]]
    labels.cuts = [(i, cut) for i, cut in labels.cuts if i not in untold]
    labels.position = array("i", (number.get(position, -1) for position in labels.position))
    labels.articles = [replace(article, position=number[article.position]) for article in kept]
    if not kept:
        labels.page_type = "unknown"


def date_line(page: Page, labels: Labels, i: int, zone: int, position: int) -> None:
    """A date line; what stands before the date is an icon's name, an author or a source."""
    labels.put(i, zone, "date", position, "date_line")
    start = page.date_start[i]
    prefix = page.text[i][:start] if start > 0 else ""
    word = prefix.strip(" \t\u00a0:|•·-–—,")
    if not word:
        return
    if _is_small(word) and word.isalpha() and prefix[-1:].isalpha():
        labels.cuts.append((i, Cut(0, start, "icon", "icon_glued")))
    elif (words := prefix.split()) and words[0].casefold() in phrases("B"):
        labels.cuts.append((i, Cut(0, len(prefix.rstrip()), "byline", "byline_glued")))
    elif (
        not _is_small(word[:1])
        and (prefix[-1:].isalnum() or prefix.rstrip()[-1:] in "•·|-–—" or _is_name(word))
        and not prefix.rstrip().endswith((":", "："))
    ):
        labels.cuts.append((i, Cut(0, len(prefix.rstrip()), "source", "source_glued")))


def _is_small(text: str) -> bool:
    """Whether a text is in small letters. Georgian ones count as such, but nothing is written in its capitals."""
    return text.islower() and not "ა" <= text[0] <= "ჿ"


def _is_name(text: str) -> bool:
    """Whether the words before a date are no label of it; of fillers two make a name, as `The Week`."""
    words = {word.strip("[](){}/:：") for word in text.casefold().split()} - {""}
    if not words or text.casefold() in _words("LFJ") or not words.isdisjoint(_words("L")):
        return False
    return not words <= _words("FJ") or (len(words) > 1 and words.isdisjoint(_words("J")))


@cache
def _words(classes: str) -> frozenset[str]:
    return frozenset(phrases(classes))
