"""Which line is the title of a text: near above it, about the same things, repeated, next to a date or an author.

A conditional logit over the lines above the text; the weights are fitted numbers, see docs/cutting.md. What a line
shares with the text is dear to find out, so it is looked at only where it can still make the line the title.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import Final

from cuttings.pages.logits import fitted, log_odds
from cuttings.pages.page import BODY, BODY_LIKE, BYLINE, DATE, QUESTION, SENTENCE, TEXT, WORDS, Page
from cuttings.pages.spans import is_credited
from cuttings.pages.words import pieces

# How far above the text a title is looked for, in lines.
TITLE_LINES: Final = 40
# A line of so many units between a title and its text is like a title itself.
TITLE_LIKE_UNITS: Final = 4.0
# Length of a title in characters.
TITLE_CHARS: Final = (4, 280)
# A title has at least so many units.
TITLE_UNITS: Final = 1.5
# Of the text only so many characters are compared with a title.
COMPARED_CHARS: Final = 5000
_CANDIDATES: Final = frozenset(b"TSBWLRIVEPNDcYG")
_BYLINE_LIKE: Final = frozenset(b"DY")
# Lines that do not count as distance between title and text.
_NO_DISTANCE: Final = b"DYHVAEct"
_TITLE_LIKE: Final = ord("T")
_TEXT_NEXT: Final = b"B"
_BREADCRUMB: Final = re.compile(r" [>»›/] ")
_SENTENCE_END: Final = re.compile(r"[.!?…] |[。！？]\S")
# " | Gazette", " - Gazette" at the end: the title of the window.
_SITE_NAME: Final = re.compile(r" [|»›•] | [-–—] [^-–—]{2,30}$")

# Shared words that count, at most, and the characters of the text that are its opening.
MOST_SHARED: Final = 6
LEAD_CHARS: Final = 600
# The line model's log-odds of a candidate count within these bounds: a standfirst reads like text.
ODDS_BOUND: Final = 3.0
WEIGHTS: Final = fitted("titles")
# Below this sum no line is called the title.
LEAST: Final = 0.0
# A title and its standfirst have at least so many units.
STANDFIRST_UNITS: Final = 4.0
# A standfirst that is a sentence has so many units, and needs no such words above it: no title ends so.
TOLD_UNITS: Final = 10.0
# A title above a standfirst that is no shorter has so many units at least: a kicker is shorter.
PAIR_UNITS: Final = 7.0
# Of the title above a standfirst so many words, and this share of them, stand in the text.
LEAST_SHARED: Final = 2
LEAST_SHARE: Final = 1 / 3
# At least so many teasers stand before a title, and a date or an author among so many lines behind it.
TEASERS: Final = 3
HEAD_LINES: Final = 3
# Without a date there are so many of them, of so many units each, and at most this share has more than one sentence.
LONE_TEASERS: Final = 5
TEASER_UNITS: Final = 40.0
LONG_TEASERS: Final = 0.2
# A title that opens its text is one of so many lines. Scripts from here on have no capitals.
OPENED_LINES: Final = 3
NO_CASE_FROM: Final = "\u0e00"
# Repeats of the title so many lines above it are one heading printed twice.
REPEAT_LINES: Final = 6


def candidates(page: Page, core: int, masked: bytearray) -> list[int]:
    """The lines above line `core`, the first sure line of the text, that could be its title; nearest first."""
    found = []
    least, most = TITLE_CHARS
    for i in range(core - 1, max(-1, core - 1 - TITLE_LINES), -1):
        if masked[i] or page.units[i] < TITLE_UNITS or page.cls[i] not in _CANDIDATES or _goes_on(page, i):
            continue
        text = page.text[i]
        if not least <= len(text) <= most or text[-1] == "|" or is_credited(text):
            continue
        if i + 1 < len(page.cls):
            if page.is_continuing[i + 1] and not page.is_terminal[i] and page.cls[i + 1] != BYLINE:
                continue
            below = page.text[i + 1]
            if below != text and below.startswith(text.rstrip("….")):
                continue
        found.append(i)
    return found


def _goes_on(page: Page, i: int) -> bool:
    """True where a line goes on with the sentence before it: it begins so, and there is one. A place on the site that
    ends as sentences go on ("ホーム > 北みなと") is none.
    """
    is_open = i > 0 and page.continues(i) and page.cls[i - 1] in BODY_LIKE and not page.is_terminal[i - 1]
    return is_open and not _BREADCRUMB.search(page.text[i - 1])


def standing(page: Page, lines: list[int], core: int) -> list[dict[str, float]]:
    """The features of each candidate that tell where and how it stands; what it shares with the text is not among them.

    `between` are title-like lines between it and the text, `listed` the lines of its own class around it, as a share of
    four; `below` is what stands between it and the text, `before` the line right above it.
    """
    cls, units, gap, text = page.cls, page.units, page.gap, page.text
    times = Counter(page.fold[max(0, core - TITLE_LINES) : core])
    found = []
    distance, between, at, is_above_head = 0, 0, core, False
    for i in lines:
        below = cls[i + 1 : at]
        distance += len(below.translate(None, _NO_DISTANCE))
        is_above_head = is_above_head or not _BYLINE_LIKE.isdisjoint(below)
        at = i + 1
        size, near = units[i], cls[at : at + 3]
        around = cls[max(0, i - 2) : i] + cls[at : min(i + 3, core)]
        found.append({
            "log distance": math.log1p(distance),
            "log between": math.log1p(between),
            "text odds": min(max(page.score[i], -ODDS_BOUND), ODDS_BOUND),
            "listed": around.count(cls[i]) / 4 if cls[i] in BODY_LIKE else 0.0,
            "under 3 units": size < 3,
            "3 to 5 units": 3 <= size < 5,
            "over 20 units": size > 20,
            "head below": is_above_head,
            "date near": DATE in near,
            "date before": i > 0 and cls[i - 1] == DATE,
            "words before": i > 0 and cls[i - 1] == WORDS,
            "text next": near[:1] == _TEXT_NEXT,
            "marker": cls[i] not in BODY_LIKE,
            "gap before": gap[i] > 0,
            "gap behind": at < len(gap) and gap[at] > 0,
            "repeated": times[page.fold[i]] > 1,
            "sentence": page.is_terminal[i] and text[i][-1] not in QUESTION,
            "breadcrumb": bool(_BREADCRUMB.search(text[i])),
            "site name": bool(_SITE_NAME.search(text[i])),
            "first line": i == 0,
        })  # fmt: skip
        between += size >= TITLE_LIKE_UNITS
    return found


def likeness(text: str, body: str) -> dict[str, float]:
    """The features of a candidate for what it shares with the text, which is folded: the share of its words, their
    number, and the share that stands in the opening of the text.
    """
    own = pieces(text)
    if not own:
        return {}
    hits = sum([piece in body for piece in own])
    lead = body[:LEAD_CHARS]
    early = sum([piece in lead for piece in own])
    return {
        "shared": hits / len(own), "shared count": min(hits, MOST_SHARED) / MOST_SHARED, "shared lead": early / len(own)
    }  # fmt: skip


# The most that likeness can add, each of its features being 1 at most.
MOST_LIKENESS: Final = sum(max(0.0, WEIGHTS[name]) for name in ("shared", "shared count", "shared lead"))


def find_title(page: Page, core: int, end: int, masked: bytearray) -> int:
    """The title of the text that begins at line `core` and ends before `end`, or -1. Where teasers of other articles
    open the text, it stands behind them.
    """
    behind = title_behind_teasers(page, core, end, masked)
    if behind >= 0:
        return behind
    if _opens_with_title(page, core, end, masked):
        return core
    lines = candidates(page, core, masked)
    if not lines:
        return -1
    body = opening(page, core, end, masked)
    best, title = LEAST, -1
    marked = [i for i in lines if i in page.headings and page.units[i] >= STANDFIRST_UNITS]
    if _is_titled(page, marked, body):
        lines, best = marked, -math.inf
    scores = [log_odds(WEIGHTS, features) for features in standing(page, lines, core)]
    for score, i in sorted(zip(scores, lines, strict=True), reverse=True):
        if score + MOST_LIKENESS < best:
            break
        whole = score + log_odds(WEIGHTS, likeness(page.text[i], body))
        # Of equals the nearest to the text.
        if whole > best or (whole == best and i > title):
            best, title = whole, i
    if title < 0:
        return -1
    title = above_standfirst(page, title, lines, body)
    # Of adjacent repeats the first is the title.
    fold = page.fold[title]
    return min((i for i in lines if page.fold[i] == fold and title - i <= REPEAT_LINES), default=title)


def _opens_with_title(page: Page, core: int, end: int, masked: bytearray) -> bool:
    """Whether a text begins with its title: where sentences end without a mark, as in Thai, a long one reads like them.
    Lines of a head part it from the text, which is longer and about the same things.
    """
    text = page.text[core] if core < end else ""
    if text[:1] < NO_CASE_FROM or len(text) > TITLE_CHARS[1] or core + 1 >= end or page.cls[core + 1] in TEXT:
        return False
    lines = [i for i in range(core, end) if page.cls[i] == BODY and not masked[i]]
    if len(lines) < OPENED_LINES or any(page.is_terminal[i] for i in lines):
        return False
    if lines[1] > core + 1 + HEAD_LINES or page.units[lines[1]] <= page.units[core]:
        return False
    own, body = pieces(text), opening(page, lines[1], end, masked)
    return sum([piece in body for piece in own]) >= LEAST_SHARE * len(own) > 0


def title_behind_teasers(page: Page, core: int, end: int, masked: bytearray) -> int:
    """The title behind sentences that stand alone and are about something else; or -1. More text stands below it than
    above, and right below it a date or an author; or no line above the sentences is their title. Where an author
    stands right above the sentences, below a title, they are an article and the title behind is the next one's.
    """
    if _is_signed(page, core):
        return -1
    title = core
    while title < end and page.cls[title] in TEXT and page.is_terminal[title] and not masked[title]:
        title += 1
    if title - core < TEASERS or title >= end or page.cls[title] != _TITLE_LIKE or masked[title]:
        return -1
    own = pieces(page.text[title])
    before, behind = opening(page, core, title, masked), opening(page, title + 1, end, masked)
    is_headed = any(c in _BYLINE_LIKE for c in page.cls[title + 1 : title + 1 + HEAD_LINES])
    if not is_headed and (not _are_lone(page, core, title) or _is_titled(page, candidates(page, core, masked), before)):
        return -1
    shared = sum([piece in behind for piece in own])
    is_alien = shared >= max(LEAST_SHARED, 2 * sum([piece in before for piece in own]))
    return title if is_alien and sum(page.words[title:end]) > sum(page.words[core:title]) else -1


def _is_signed(page: Page, start: int) -> bool:
    """True where an author stands right above a text, and a title above the author."""
    return start > 1 and page.cls[start - 1] == BYLINE and page.cls[start - 2] == _TITLE_LIKE


def _are_lone(page: Page, start: int, end: int) -> bool:
    """True for many lines of about one sentence each."""
    ends = sum(_SENTENCE_END.search(text) is not None for text in page.text[start:end])
    is_short = max(page.units[start:end]) <= TEASER_UNITS
    return end - start >= LONE_TEASERS and is_short and ends <= LONG_TEASERS * (end - start)


def _is_titled(page: Page, lines: list[int], body: str) -> bool:
    """True where one of some lines shares with a text what its title would."""
    return any(sum([piece in body for piece in pieces(page.text[i])]) >= LEAST_SHARED for i in lines)


def above_standfirst(page: Page, title: int, lines: list[int], body: str) -> int:
    """The likeliest line, or the title above it where it is a standfirst: right above it, or above its date, stands
    another title-like line about the same things, and above that no third one, as in a list of headlines.
    """
    above = title - 1
    while above > 0 and page.cls[above] == DATE:
        above -= 1
    is_dated = above < title - 1
    if above not in lines or not _is_title_like(page, above) or page.units[above] < STANDFIRST_UNITS:
        return title
    if (page.gap[title] > page.gap[above] and not is_dated) or page.fold[above] == page.fold[title]:
        return title
    if _BREADCRUMB.search(page.text[above]):
        return title
    third = above - 1
    is_third = third >= 0 and page.cls[third] in BODY_LIKE and page.units[third] >= STANDFIRST_UNITS
    if is_third and not _BREADCRUMB.search(page.text[third]):
        return title
    is_repeated = page.fold.count(page.fold[title]) > 1 and page.fold.count(page.fold[above]) < 2
    if page.is_terminal[title] and page.units[title] >= TOLD_UNITS and page.text[title][-1] not in QUESTION:
        return title if is_repeated else above
    if not is_repeated and not is_dated and _is_pair(page, above, title):
        return above
    own = pieces(page.text[above])
    shared = sum([piece in body for piece in own])
    is_title = not is_repeated and shared >= LEAST_SHARED and shared >= LEAST_SHARE * len(own)
    return above if is_title else title


def _is_pair(page: Page, above: int, below: int) -> bool:
    """Whether two lines are a title and its standfirst by where they stand: no title is shorter than what stands above
    it, a kicker, and an author, a date or a gap closes their head. Where words bend much they share few with the text.
    """
    if not PAIR_UNITS <= page.units[above] <= page.units[below] or below + 1 >= len(page.cls):
        return False
    return page.gap[below + 1] > page.gap[below] or page.cls[below + 1] in _BYLINE_LIKE


def _is_title_like(page: Page, i: int) -> bool:
    """Whether a line is no sentence, or a question, as titles are."""
    return page.cls[i] == _TITLE_LIKE or (page.cls[i] == SENTENCE and page.text[i][-1] in QUESTION)


def opening(page: Page, core: int, end: int, masked: bytearray) -> str:
    """The start of the text, as far as titles are compared with it, folded."""
    parts: list[str] = []
    chars = 0
    for i in range(core, end):
        if page.cls[i] in TEXT and not masked[i]:
            parts.append(page.text[i])
            chars += len(parts[-1]) + 1
            if chars > COMPARED_CHARS:
                break
    return "\n".join(parts)[:COMPARED_CHARS].casefold()
