"""What is said of the lines of one page: zone, role, article, rule and confidence."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from cuttings.contract import ROLES, ZONES
from cuttings.pages.page import Page
from cuttings.pages.roles import FURNITURE_ROLE
from cuttings.pages.spans import Cut

ZONE: Final = {name: code for code, name in enumerate(ZONES)}
ROLE: Final = {name: code for code, name in enumerate(ROLES)}
PAGE_ZONE: Final = ZONE["page"]
# Why a line, or a part of it, is what it is; the names stand in the tables.
RULES: Final = (
    "furniture", *(f"marker_{role}" for role in dict.fromkeys(FURNITURE_ROLE.values())), "unlike_text", "white_space",
    "extractor_date", "text_run", "title_above_text", "title_without_body", "title_repeated", "caption_without_body",
    "caption_word", "caption_head", "standfirst_under_title", "byline_word", "byline_before_date", "value_lost",
    "source_before_date", "source_glued", "icon_glued", "date_line", "dateline_head", "live_entry", "rail_period",
    "rail_heading", "list_heading", "heading_of_rail", "advert_glued", "advert_doubled", "residue_tail",
    "also_read_inline", "story_start", "teaser_before_title",
    "caption_only", "promo_only", "missing_space", "doubled_line", "menu_run",
)  # fmt: skip
RULE: Final = {name: code for code, name in enumerate(RULES)}
# How sure a line of zone page is: named by a phrase, or only not taken by anything else.
MARKER_CONFIDENCE: Final = 0.7
UNKNOWN_CONFIDENCE: Final = 0.5
PERCENT: Final = 100
_ROLE_OF_CLASS: Final = bytes(ROLE[FURNITURE_ROLE.get(chr(c), "unknown")] for c in range(256))
_RULE_OF_CLASS: Final = bytes(
    RULE["marker_" + FURNITURE_ROLE[chr(c)] if chr(c) in FURNITURE_ROLE else "furniture"] for c in range(256)
)
_CONFIDENCE_OF_CLASS: Final = bytes(
    round(PERCENT * (MARKER_CONFIDENCE if chr(c) in FURNITURE_ROLE else UNKNOWN_CONFIDENCE)) for c in range(256)
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
    """Labels of the lines of one page: codes of ZONES, ROLES and RULES, the article's position or -1, and confidences
    in percent. `cuts` are (line, cut) for parts of a line that differ from the line's label.
    """

    zone: bytearray
    role: bytearray
    position: array[int]
    rule: bytearray
    confidence: bytearray
    cuts: list[tuple[int, Cut]] = field(default_factory=list)
    losses: list[tuple[int, int, str, str]] = field(default_factory=list)  # line, character, kind, text as found
    articles: list[Article] = field(default_factory=list)
    page_type: str = "unknown"
    dialect: str = "unknown"

    def put(  # noqa: PLR0917 - the five columns of a label, written on a hundred lines
        self, i: int, zone: int, role: str, position: int, rule: str, confidence: float
    ) -> None:
        self.zone[i] = zone
        self.role[i] = ROLE[role]
        self.position[i] = position
        self.rule[i] = RULE[rule]
        self.confidence[i] = round(confidence * PERCENT)

    def put_all(  # noqa: PLR0917 - as in `put`
        self, lines: Iterable[int], zone: int, role: str, position: int, rule: str, confidence: float
    ) -> None:
        """The same label for several lines."""
        zones, roles, positions, rules, percents = self.zone, self.role, self.position, self.rule, self.confidence
        role_code, rule_code, percent = ROLE[role], RULE[rule], round(confidence * PERCENT)
        for i in lines:
            zones[i] = zone
            roles[i] = role_code
            positions[i] = position
            rules[i] = rule_code
            percents[i] = percent


def furniture_labels(page: Page) -> Labels:
    """Labels of a page of which nothing is known but the phrases of its furniture."""
    return Labels(
        zone=bytearray([PAGE_ZONE]) * len(page.cls),
        role=page.cls.translate(_ROLE_OF_CLASS),
        position=array("i", [-1]) * len(page.cls),
        rule=page.cls.translate(_RULE_OF_CLASS),
        confidence=page.cls.translate(_CONFIDENCE_OF_CLASS),
    )


def date_line(page: Page, labels: Labels, i: int, zone: int, position: int) -> None:
    """A date line; what is glued before the date is an icon's name or a source."""
    labels.put(i, zone, "date", position, "date_line", 0.9)
    start = page.date_start[i]
    prefix = page.text[i][:start] if start > 0 else ""
    word = prefix.strip(" \t\u00a0:|•·-–—,")
    if not word:
        return
    if word.islower() and word.isalpha() and prefix[-1:].isalpha():
        labels.cuts.append((i, Cut(0, start, "icon", "icon_glued")))
    elif (
        word[:1].isupper()
        and (prefix[-1:].isalnum() or prefix.rstrip()[-1:] in "•·|-–—")
        and not prefix.rstrip().endswith(":")
    ):
        labels.cuts.append((i, Cut(0, len(prefix.rstrip()), "source", "source_glued")))
