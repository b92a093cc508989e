"""What the titles of a list bear beside themselves, on their own lines: a rank, a mark, a day without its year,
brackets, the number of comments, a section or a source.

One title with a bar or a number may be called so; what several titles in a row have at one place is a column of their
list.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from cuttings.pages.phrases import is_section
from cuttings.pages.ranks import leading_rank
from cuttings.pages.roles import SECTION_SHARE
from cuttings.pages.spans import Cut

# So many titles in a row make a column: "1 dead in crash" alone has no rank.
LEAST_TITLES: Final = 3
# A source or a section has so many characters at most, and a title so many at least.
MOST_NAME_CHARS, LEAST_TITLE_CHARS = 28, 12
# What is longer is no title.
MOST_CHARS: Final = 400
RULE: Final = "column_of_list"
# What stands before or behind a title, and is furniture; its key is what all of a column have in common.
_FURNITURE: Final = (
    re.compile(r"^(?P<key>[»›>→▶►▸▹◆◇●○■□★☆※])\s*(?=\S)"),
    re.compile(r"\s*[(\[（]\d{1,5}(?P<key>[)\]）])$"),
    re.compile(r"\s*[(\[（](?P<key>[^\W\d_]+)[)\]）]$"),  # "(video)", "(VIDEO)"; a name, "(Riga)", is the title's
)
# A day alone could be anything; it says no year.
_DAY: Final = re.compile(r"^(?:0?[1-9]|[12]\d|3[01])(?P<key>\.) ?(?:0?[1-9]|1[0-2])\.(?= )")
_BRACKETED: Final = re.compile(r"^(?P<key>\[)[^\[\]]+\]$")
# Names behind and before a title. A dash is in many titles, so all of a list must have it; a colon is in more.
_LAST: Final = re.compile(r"\s+(?P<key>[|·•\-–—])\s+(?P<name>[^|·•–—]+)$")
_FIRST: Final = re.compile(r"^(?P<name>[^|·•]+?)\s+(?P<key>[|·•])\s+")
_DASHES: Final = frozenset("-–—")
# A name that no mark parts from its title has so many words at most and stands behind two titles; two names at least,
# behind so many of the titles, make a column. A word of so many small letters before one leads on to it: "in Lunden".
NAME_WORDS: Final = 4
NAMED_SHARE: Final = 0.6
LEAST_NAMES: Final = 2
LEADING_CHARS: Final = 3
_WORD: Final = re.compile(r"\S+")

Match = re.Match[str]


def title_columns(titles: Sequence[str], *, has_source: bool) -> list[tuple[int, Cut]]:
    """What is cut from the lines of the titles of a list: the number of the title and the cut. `has_source`: the
    sources stand on lines of their own.
    """
    if len(titles) < LEAST_TITLES:
        return []
    found = [*_ranks(titles)]
    for pattern in _FURNITURE:
        found += [(n, Cut(*m.span(), "unknown", RULE)) for run in _runs(titles, pattern) for n, m in run]
    found += [(n, Cut(*m.span(), "date", RULE)) for run in _runs(titles, _DAY) for n, m in run]
    for run in _runs(titles, _BRACKETED):
        found += [(n, Cut(at, at + 1, "unknown", RULE)) for n, m in run for at in (0, m.end() - 1)]
    known = {n for n, _ in found}
    for pattern, role in ((_LAST, "source"), (_FIRST, "kicker")):
        for run in _runs(titles, pattern):
            if (
                known.isdisjoint(n for n, _ in run)
                and (name := _role(titles, run, role))
                and not (has_source and name == "source")
            ):
                found += [(n, cut) for n, m in run for cut in _name_cuts(m, name)]
                known.update(n for n, _ in run)
    return found


def name_columns(titles: Sequence[str]) -> list[tuple[int, Cut]]:
    """The names that stand behind the titles of a list and no mark parts from them, by their coming again: the number
    of the title and the cut. Only for titles between whose lines and the next a date stands.

    >>> [cut.start for _, cut in name_columns(("Ferry stays in port The Lantern", "Choir finds a piano The Lantern",
    ...                                        "Seal comes home again Northwire", "Bakers argue over buns Northwire"))]
    [20, 20, 22, 23]
    """
    tails = [_tails(title) for title in titles]
    counts = Counter(name for names in tails for name in names)
    led_on = {name for names in tails for name, is_led in names.items() if is_led}
    found = [
        (n, name)
        for n, names in enumerate(tails)
        if (name := max((one for one in names if counts[one] > 1 and one not in led_on), key=len, default=""))
    ]
    if len(found) < max(LEAST_TITLES, NAMED_SHARE * len(titles)) or len({name for _, name in found}) < LEAST_NAMES:
        return []
    return [(n, Cut(len(titles[n]) - len(name), len(titles[n]), "source", RULE)) for n, name in found]


def _tails(title: str) -> dict[str, bool]:
    """The last words of a title that may be a name, and whether a small word leads on to them."""
    words = list(_WORD.finditer(title)) if len(title) <= MOST_CHARS else []
    tails = {}
    for k in range(max(1, len(words) - NAME_WORDS), len(words)):
        start, before = words[k].start(), words[k - 1][0]
        name = title[start:]
        if (
            len(name) <= MOST_NAME_CHARS
            and start >= LEAST_TITLE_CHARS
            and not (name[0].islower() or name[0].isdecimal())
        ):
            tails[name] = before.islower() and len(before) <= LEADING_CHARS
    return tails


def _ranks(titles: Sequence[str]) -> Iterator[tuple[int, Cut]]:
    """Ranks that count the titles from 1 on."""
    ranks = [leading_rank(title) for title in titles]
    for _, group in groupby(enumerate(ranks), lambda entry: (entry[1][0] > 0, entry[1][0] - entry[0])):
        run = list(group)
        if len(run) >= LEAST_TITLES and run[0][1][0] == 1:
            yield from ((n, Cut(0, chars, "unknown", "rank_before_title")) for n, (_, chars) in run)


def _runs(titles: Sequence[str], pattern: re.Pattern[str]) -> Iterator[list[tuple[int, Match]]]:
    """Titles in a row that bear the same."""
    found = [(n, pattern.search(title) if len(title) <= MOST_CHARS else None) for n, title in enumerate(titles)]
    for key, group in groupby(found, lambda entry: entry[1]["key"] if entry[1] else None):
        run = [(n, match) for n, match in group if match is not None]
        if key is not None and len(run) >= LEAST_TITLES and not key.istitle():
            yield run


def _role(titles: Sequence[str], run: list[tuple[int, Match]], role: str) -> str | None:
    """What the names of a run are, if they are names: sections, or what else stands at their end of the title."""
    if run[0][1]["key"] in _DASHES and len(run) < len(titles):
        return None
    names = [match["name"] for _, match in run]
    rest = [len(titles[n]) - (match.end() - match.start()) for n, match in run]
    if max(map(len, names)) > MOST_NAME_CHARS or min(rest) < LEAST_TITLE_CHARS or any(map(str.isdecimal, names)):
        return None
    return "kicker" if sum(map(is_section, names)) >= SECTION_SHARE * len(names) else role


def _name_cuts(match: Match, role: str) -> Iterator[Cut]:
    """A name, and the mark between it and the title."""
    start, end = match.span("name")
    yield Cut(start, end, role, RULE)
    mark = (match.start(), start) if match.start() < start else (end, match.end())
    yield Cut(*mark, "unknown", RULE)
