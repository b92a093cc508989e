"""The forms of dates, over class strings (`lexicon.CLASSES`, `lexer`): a small grammar of two levels.

First level (`items`): a run of classes becomes an item: a date, a clock, a zone, an age. Second level: the line of
items becomes one or two instants, each explained to the last token. What is not explained is no date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from cuttings.dates.items import Item, Slot, items

# Parts of one instant may come in any order, each at most once.
_PARTS: Final = frozenset("DXdmyTtZRCNWKkP")
_BETWEEN: Final = frozenset("(),-|")
_INSTANTS: Final = frozenset(
    "".join(sorted(kinds))
    for kinds in (
        "D", "X", "DT", "d", "dT", "dy", "dTy", "m", "R", "RT", "C", "CT", "CP", "N", "W",
        "TW", "KW", "KTW", "k", "Tk", "T", "CD", "CDT", "Cd", "CTd", "DR", "DRT", "DP", "WP", "TP",
    )
)  # fmt: skip
_MAIN: Final = "DXdmRCNkWT"  # the part that names the form
_NAMES: Final = frozenset("xnUBJPCWKMmZL|-()")  # items that the words of a name or a byline may look like
_MOST_NAME_ITEMS: Final = 14  # of a byline or a source before the date
_MOST_GLUED_ITEMS: Final = 8
_MOST_NAME_WORDS: Final = 3
_MOST_INSTANTS: Final = 2  # published and updated
_JOINTS: Final = frozenset(".,:/()-'|")  # a date behind one of them is not glued to a name
_PAGE_WORDS: Final = re.compile(r"[|\-(]*(?:n?[UJRx]?J{1,4}|n?[UJ]{1,4}|JnU|JR|R?J+|L|[LJ]+)[)|]*")
_AFTER: Final = re.compile(r"(?:B[xWMmK|]{1,5}){1,3}|(?:\|[xUB]{1,3}){1,3}|\([xZTn]{1,5}\)")
# What no date is without: a month, a mark, a word of an age or a day, or numbers that touch.
_HAS_A_DATE: Final = re.compile(r"[MGgAReEUCNWkvwHP8ab]|[12][:.][12]|[124][./|\-][12]")


@dataclass(frozen=True, slots=True)
class Instant:
    """One instant of a line: the slots of its parts and its range of tokens."""

    form: str
    slots: tuple[Slot, ...]
    start: int
    end: int
    label_at: int | None = None


def _instant(run: list[Item], label_at: int | None) -> Instant | None:
    """One instant out of adjoining items, or None."""
    parts: dict[str, Item] = {}
    zones: list[Item] = []
    has_day = any(item.kind in "DCWd" and item.form != "num_yearless" for item in run)
    has_clock = any(item.kind == "T" for item in run)
    days = [item for item in run if item.kind == "D"]
    for item in run:
        kind = "T" if item.kind == "t" and has_day else item.kind
        if len(days) == 2 and item is days[1] and item.form == "num_order":  # 17.34.36 behind a day is a clock
            kind, item = "T", replace(item, slots=tuple(("hsiq"["asby".index(name)], at) for name, at in item.slots))  # noqa: PLW2901
        if has_day and not has_clock and item.form == "num_yearless":  # 11.05 behind a day is a clock
            kind, item = "T", replace(item, slots=tuple(("hsi"["asb".index(name)], at) for name, at in item.slots))  # noqa: PLW2901
        if kind == "Z":
            zones.append(item)
        elif kind not in _BETWEEN:
            if kind in parts and not (kind == "W" and has_day):
                return None
            parts.setdefault(kind, item)
    kinds = "".join(sorted(parts))
    if "W" in parts and parts.keys() & {"D", "d"}:
        kinds = kinds.replace("W", "")  # the weekday of a date
    if kinds not in _INSTANTS or len(zones) > 2 or (zones and not parts.keys() & {"T", "X"}):
        return None
    age_restated = "R" in parts and "D" in parts
    slots = [s for kind in sorted(parts) if not (kind == "R" and age_restated) for s in parts[kind].slots]
    # Of "+0000 UTC" and "IST IST" the first counts; of "PDT -0700" the number.
    slots += max(zones, key=lambda z: any(name == "zs" for name, _ in z.slots)).slots if zones else ()
    main = next(parts[kind] for kind in _MAIN if kind in parts)
    form = f"{main.form}_clock" if "T" in parts and main.kind != "T" else main.form
    if "K" in parts:
        form = form.replace("weekday", "last_weekday")
    return Instant(form, tuple(slots), run[0].start, run[-1].end, label_at)


def _is_strong(run: list[Item], instant: Instant) -> bool:
    """Whether a date says so much that names beside it do not make it doubtful."""
    kinds = {item.kind for item in run}
    if instant.form == "compact_day":  # eight digits beside names are a number of something
        return False
    return bool(kinds & {"D", "X"}) or instant.form in ("age", "age_clock") or {"d", "y"} <= kinds


def _found(line: list[Item], label_at: int | None) -> list[tuple[str, Instant, bool, str]]:
    """The instants that a stretch without labels may hold: items before, instant, whether strong, items after."""
    found: list[tuple[tuple[bool, int, int], tuple[str, Instant, bool, str]]] = []
    kinds = "".join(item.kind for item in line)
    for start, first in enumerate(line):
        if first.kind not in _PARTS:
            continue
        end = start
        while end < len(line) and (line[end].kind in _PARTS or line[end].kind in _BETWEEN):
            end += 1
        for stop in range(end, start, -1):
            instant = _instant(line[start:stop], label_at) if line[stop - 1].kind in _PARTS else None
            if instant is not None:
                strong = _is_strong(line[start:stop], instant)
                found.append(((strong, stop - start, -start), (kinds[:start], instant, strong, kinds[stop:])))
    return [entry for _, entry in sorted(found, key=lambda f: f[0], reverse=True)]


def _is_empty(kinds: str) -> bool:
    return not kinds.strip("|-()")


def _may_precede(kinds: str, is_strong: bool, is_glued: bool = False, is_parted: bool = False) -> bool:
    """Whether items may stand before a date: a byline, words of the page, a source behind a bar or glued to it."""
    if _is_empty(kinds):
        return True
    if not is_strong or not _NAMES.issuperset(kinds) or not set("xBJ") & set(kinds):
        return False
    if kinds[0] == "B" or kinds[-1] == "|":
        return len(kinds) <= _MOST_NAME_ITEMS
    if not kinds.strip("J|-"):
        return True
    if is_parted and not kinds.strip("x") and len(kinds) <= _MOST_NAME_WORDS:
        return True
    return is_glued and len(kinds) <= _MOST_GLUED_ITEMS


def _may_follow(kinds: str, is_strong: bool) -> bool:
    """Whether items may stand behind a date: a reading time, counts, an agency, a section behind a bar."""
    if _is_empty(kinds):
        return True
    return is_strong and bool(_PAGE_WORDS.fullmatch(kinds) or _AFTER.fullmatch(kinds))


@lru_cache(maxsize=1 << 16)
def parse(classes: str, glued: frozenset[int] = frozenset()) -> tuple[Instant, ...]:
    """The instants of a class string, in order; empty when it is no date text. `glued` holds the tokens that follow
    another without a space.
    """
    if not _HAS_A_DATE.search(classes):
        return ()
    stretches: list[tuple[int | None, list[Item]]] = [(None, [])]
    line_items = items(classes)
    for item, behind in zip(line_items, [*line_items[1:], None], strict=True):
        if item.kind == "L":
            own, at = stretches[-1][1], _bracket(stretches[-1][1]) if behind and behind.kind == ")" else -1
            stretches.append((item.start, own[at + 1 :] if at > 0 else []))
            del own[at if at > 0 else len(own) :]
        else:
            stretches[-1][1].append(item)
    found: list[Instant] = []
    is_strong = False
    for place, (label_at, line) in enumerate(stretches):
        ends_line = place == len(stretches) - 1
        readings = _found(line, label_at)
        if not readings:
            kinds = "".join(item.kind for item in line)
            if found and not (_is_empty(kinds) or (ends_line and _may_follow(kinds, is_strong))):
                return ()
            if not found and not (_is_empty(kinds) or (place == 0 and _may_precede(kinds, is_strong=True))):
                return ()
            continue
        for before, instant, is_strong, after in readings:
            glued_to_name = instant.start in glued and classes[instant.start - 1] not in _JOINTS
            named = _is_name_before_parted(classes, instant)
            if found and not _is_empty(before):
                continue
            if not found and not _may_precede(before, is_strong, is_glued=glued_to_name, is_parted=named):
                continue
            if _may_follow(after, is_strong) if ends_line else _is_empty(after):
                break
        else:
            return ()
        if found and instant.form == "clock" and not any(name == "h" for name, _ in found[-1].slots):
            joined = found.pop()  # a day, then "updated at" and a clock of that day
            instant = Instant(f"{joined.form}_clock", joined.slots + instant.slots, joined.start, instant.end, label_at)
        if found and found[-1].form == "weekday" and instant.form != "clock":
            instant = replace(instant, start=found.pop().start)  # a weekday, then a label and its day
        found.append(instant)
    return tuple(found) if len(found) <= _MOST_INSTANTS else ()


def _bracket(line: list[Item]) -> int:
    """The last bracket that opens among some items, or -1: "2月8日（2月9日更新）" has its label at its end."""
    return max((at for at, item in enumerate(line) if item.kind == "("), default=-1)


def _is_name_before_parted(classes: str, instant: Instant) -> bool:
    """NAME am 18. Oktober 2023 - 13:11: the line of a comment, whose day and clock are parted."""
    parted = instant.form.endswith("_clock") and "|" in classes[instant.start : instant.end]
    return parted and classes[max(0, instant.start - 1)] == "F"
