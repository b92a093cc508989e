"""The first level of the grammar of dates: a run of classes (`lexicon.CLASSES`, `lexer`) becomes an item.

An item is a date, a clock, a zone, an age, or what is none of them; `grammar` makes instants of a line of items.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

# (field, index of the token that holds it)
Slot = tuple[str, int]

_YEAR2: Final = r"'?(?P<yy>2)(?![:.H/\-]|P)"  # a two-digit year is no hour
_GAP: Final = r"[F,./\-]*"
_DAY: Final = r"(?P<d>[12])[O.D]*"
_COUNT: Final = r"(?:[123]|Q)"
_APPROX: Final = r"(?:V[.]?)*"
_BEFORE_CLOCK: Final = r"(?:(?P<P>P)[F,]*)?"
_FRACTION: Final = r"(?:[.,:][1-9](?![/.]\d|M))?"
_AFTER_CLOCK: Final = r"F?(?:P[.]?)?"

# kind of item, name of the form, pattern. At each place the first that matches is taken.
_ITEMS: Final[tuple[tuple[str, str, re.Pattern[str]], ...]] = tuple(
    (kind, name, re.compile(pattern))
    for kind, name, pattern in (
        ("D", "num_ymd", r"(?P<y>4)(?P<s>[./\-|])(?P<m>[12])(?P=s)(?P<d>[12])[.D]?"),
        ("D", "num_ymd", r"(?P<y>4):(?P<m>[12]):(?P<d>[12])(?!:)"),
        ("D", "num_order", r"(?P<a>[12])(?P<s>[./\-])(?P<b>[12])(?P=s)(?P<y>4)Y?"),
        ("D", "num_order", r"(?P<a>[12]):(?P<b>[12]):(?P<y>4)"),
        ("D", "num_order", r"(?P<a>[12])(?P<s>[./\-])(?P<b>[12])(?P=s)'?(?P<y>2)(?:[.](?=[12]:|$)|(?![:./\-]|H\d))Y?"),
        ("D", "num_order", r"(?P<a>[12])(?P<s>[./\-])(?P<b>[12])(?P=s)'?(?P<y>2)(?=[12]:2)"),
        ("D", "cjk_day", r"(?P<y>4|2)Y(?P<m>[12Q])G[F,]?(?P<d>[12Q])D?"),
        ("D", "cjk_day", r"(?P<m>[12])G(?P<d>[12])D?,?(?P<y>4)Y?"),
        ("D", "era_day", r"(?P<r>r)(?P<y>[123])Y(?P<m>[12])G(?P<d>[12])D?"),
        ("D", "era_day", r"(?P<r>r)(?P<y>[123])(?P<s>[./\-])(?P<m>[12])(?P=s)(?P<d>[12])"),
        ("D", "compact_day", r"(?P<ymd>8)(?!D)"),
        ("X", "compact_clock", r"(?P<ymdhi>[ab])"),
        ("D", "month_number", r"(?P<d>[12])[F,.]*g(?P<m>[12])[F,.]*(?P<y>4)"),
        ("D", "named_dmy", rf"{_DAY}{_GAP}(?P<M>M){_GAP}(?:(?P<y>4)|{_YEAR2})[.]?Y?"),
        ("D", "named_mdy", rf"(?P<M>M)[.,F]*{_DAY}[,.F\-/]*(?:(?P<y>4)|{_YEAR2})Y?"),
        ("D", "named_ymd", rf"(?P<y>4)[Y]?{_GAP}(?P<M>M){_GAP}{_DAY}"),
        ("D", "named_ydm", r"(?P<y>4)[Y,.]*(?P<d>[12])[O.\-]?(?P<M>M)"),
        ("T", "clock", _BEFORE_CLOCK
         + r"(?P<h>[12]|Q)H(?P<i>[12])(?:[IH](?:(?P<q>[12])(?:[.,][1-9])?S?)?)?(?:P[.]?)?(?!.?[AR])"),
        ("T", "clock", rf"{_BEFORE_CLOCK}(?P<h>[12]|Q)H(?![^TD]?[AR12Q])[F,]?(?:P[.]?)?"),
        ("J", "reading_time", r"[12]-?U[.]?F*J+(?:F*J)*"),
        ("J", "reading_time", r"J[FJ]*:?V*[12]U[.]?(?:F*J)*(?![FV,.]*[12ARQ])"),
        ("R", "age", rf"{_APPROX}(?:A{_APPROX}F?V*)?(?:{_COUNT}V*U[F,.V]*)*(?:{_COUNT}V*R|{_COUNT}V*UA?|E|e)[.]?A?"),
        ("R", "age", rf"V*A?V*(?:U{_COUNT}[F,.]*)+A?"),
        ("R", "vague_age", r"V*A*(?P<v>[vw])A*"),
        ("T", "clock", _BEFORE_CLOCK
         + rf"(?P<h>[12]):+(?P<i>2)(?:[:.](?P<q>2){_FRACTION})?(?!:\d)[.]?(?:H(?=.?[^\d]|$))?{_AFTER_CLOCK}"),
        ("t", "clock", rf"{_BEFORE_CLOCK}(?P<h>[12]):+(?P<i>[12])(?:[:.](?P<q>[12]){_FRACTION})?{_AFTER_CLOCK}"),
        ("T", "clock", r"(?P<h>[12])[.](?P<i>2)(?=[HP]|FP)[HF]*P?[.]?"),
        ("T", "clock", r"(?P<h>[12]|Q)F?P[.]?"),
        ("t", "clock", r"F(?P<h>[12])H?(?![OFD.,/:\-]*[\dMPUYGDHAR])"),
        ("T", "clock", r"T(?P<hi>[46])"),
        ("t", "clock", r"T(?P<h>2)(?![\d:])"),
        ("Z", "zone", r"[(]?(?P<Z>Z)(?P<zs>[+\-])(?P<zh>[12])(?::(?P<zm>2))?[)]?"),
        ("Z", "zone", r"(?P<Z>Z)?(?P<zs>[+\-])(?P<zhm>4)"),
        ("Z", "zone", r"(?P<zs>[+\-])(?P<zh>2):?(?P<zm>2)"),
        ("Z", "zone", r"(?P<zs>[+])(?P<zh>2)(?![:\d])"),
        ("Z", "zone", r"(?P<Z>Z)"),
        ("m", "month_year", r"(?P<M>M)[.,F\-/]*(?P<y>4)Y?"),
        ("m", "month_year", r"(?P<y>4)Y?[F.]*(?P<M>M)(?![12])"),
        ("m", "month_year", r"(?P<y>4)Y(?P<m>[12])G"),
        ("d", "named_day", rf"{_DAY}{_GAP}(?P<M>M)[.]?"),
        ("d", "named_day", r"(?P<M>M)[.,F/\-]*(?P<d>[12])[O.D]*"),
        ("d", "month_number_day", r"(?P<d>[12])[F,.]*g(?P<m>[12])"),
        ("d", "cjk_yearless", r"(?P<m>[12])G(?P<d>[12])D?F?"),
        ("d", "num_yearless", r"(?P<a>[12])(?P<s>[./])(?P<b>[12])[./]?(?![:])"),
        ("d", "num_yearless", r"(?P<a>2)(?P<s>-)(?P<b>2)(?=2:2)"),  # 02-12 08:05
        ("y", "year", r"(?P<y>4)Y?"),
        ("C", "calendar_day", r"(?P<C>C)"),
        ("N", "now", r"(?P<N>N)"),
        ("k", "last_weekday", r"(?P<k>k)"),
        ("W", "weekday", r"(?P<W>W)D?"),
        ("K", "last", r"K"),
        ("P", "period", r"(?P<P>P)"),
        ("L", "label", r"(?P<L>L):?"),
        ("B", "by", r"B:?"),
        ("|", "part", r"\|"),
        ("(", "open", r"\("),
        (")", "close", r"\)"),
        ("-", "dash", r"\-"),
        ("", "gap", r"[F,.:/DT]"),
        ("n", "number", r"[1-9ab]"),
        ("U", "unit", r"[UQEV]"),
        ("J", "page", r"J"),
        ("x", "unknown", r"x"),
        ("?", "unexplained", r"."),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the first level: its letter, its form, its slots and its range of tokens."""

    kind: str
    form: str
    slots: tuple[Slot, ...]
    start: int
    end: int


_REPEATED: Final = re.compile(r"([123Q])V*([UR])|(U)([123Q])|([Ee])")


def _joined() -> tuple[re.Pattern[str], list[tuple[str, str, tuple[tuple[str, str], ...]]]]:
    """All items as one pattern, tried in their order; for each its kind, its form and its (field, group) pairs."""
    parts, entries = [], []
    for number, (kind, form, pattern) in enumerate(_ITEMS):
        own = re.sub(r"\(\?P<(\w+)>", rf"(?P<\1_{number}>", pattern.pattern)
        own = re.sub(r"\(\?P=(\w+)\)", rf"(?P=\1_{number})", own)
        parts.append(f"(?P<_{number}>{own})")
        entries.append(
            (kind, form, tuple((name.replace("yy", "y"), f"{name}_{number}") for name in pattern.groupindex))
        )
    return re.compile("|".join(parts)), entries


_ITEM, _ENTRIES = _joined()


def items(classes: str) -> list[Item]:
    """The first level: the whole class string as items."""
    found: list[Item] = []
    at = 0
    while at < len(classes):
        m = _ITEM.match(classes, at)
        if m is None or m.lastgroup is None:
            raise ValueError(f"no item for {classes[at:]!r}")  # the last pattern takes any class
        kind, form, groups = _ENTRIES[int(m.lastgroup[1:])]
        if kind == "R" and form == "age":
            form, slots = _age_slots(classes, at, m.end())
        else:
            slots = [(name, m.start(group)) for name, group in groups if m.start(group) >= 0]
        if kind in ("T", "t") and not any(name == "P" for name, _ in slots):
            period = classes.find("P", at, m.end())
            slots += [("P", period)] if period >= 0 else []
        if kind:
            found.append(Item(kind, form, tuple(slots), at, m.end()))
        at = m.end()
    return found


def _age_slots(classes: str, start: int, end: int) -> tuple[str, list[Slot]]:
    """The counts and units of an age, in order, and whether a word of "ago" makes it more than a duration."""
    slots: list[Slot] = []
    for part in _REPEATED.finditer(classes, start, end):
        _, _, unit_first, _, one = part.groups()
        first, last = part.start(), part.end() - 1
        if one:
            slots.append(("one", first))
        else:
            slots += [("unit", first), ("count", last)] if unit_first else [("count", first), ("unit", last)]
    return "age" if set("ARe") & set(classes[start:end]) else "bare_age", slots
