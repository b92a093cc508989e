"""What an instant of the grammar says: where its numbers stand, what its words mean, and in which order it is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from cuttings.dates.grammar import Instant
from cuttings.dates.lexer import Token
from cuttings.dates.lexicon import CASELESS_FROM

# Kinds of plan: what fixes the instant.
ABSOLUTE, YEARLESS, AGE, CALENDAR, WEEKDAY, CLOCK, NOW = range(1, 8)

# Number fields: their digits are read as columns.
FIELDS: Final = (
    "y", "m", "d", "a", "b", "h", "i", "q", "zh", "zm", "zhm", "hi", "ymd", "ymdhi", "n0", "n1", "n2", "n3", "n4", "n5",
)  # fmt: skip
MOST_AGES: Final = 6  # "1 year, 2 months, 1 week, 3 days, 4 hours and 5 minutes ago"
SECONDS: Final = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
MONTHS: Final = {"month": 1, "year": 12, "decade": 120}
_PRECISION_OF_UNIT: Final = {"decade": "year"}

_WORD_FIELDS: Final = {"M": "m", "W": "W", "k": "W", "C": "C", "r": "era"}
_SEPARATORS: Final = {".": "dot", "-": "dash", "/": "slash"}
_APP_UNITS: Final = frozenset(("m", "h", "d", "w", "y", "mo", "yr", "yrs", "wk", "wks"))
_COUNTED_HOURS: Final = frozenset(("hours", "hrs", "hr"))  # behind the minutes they mark a clock: "17:30 hrs"
_UNITS: Final = ("second", "minute", "hour", "day", "week", "month", "year", "decade")

# Languages whose numeric dates put the month first when the separator is a slash.
_MONTH_FIRST: Final = frozenset({"en", "fil"})
_DAY_FIRST_REGIONS: Final = frozenset({"gb", "au", "nz", "ie", "in", "za", "ng", "sg", "hk", "my", "ke", "pk"})
_YEAR_FIRST: Final = frozenset({"ja", "zh", "ko", "hu", "eu", "ne"})  # of 24/12/02; month first where no year is
# Year 0 of the two-digit years of other eras: 69 is 2569 of the Buddhist era.
_SHORT_ERAS: Final = {"th": 1957}


@dataclass(frozen=True, slots=True)
class Plan:
    """One instant of one skeleton. Spans are characters; digit places count the digits of the whole text."""

    kind: int
    form: str
    char_start: int
    char_end: int
    use: str
    precision: str
    places: dict[str, tuple[int, int]] = field(default_factory=dict)  # field to (first digit, digits)
    constants: dict[str, int] = field(default_factory=dict)
    units: tuple[str, ...] = ()
    period: str = ""
    zone: str = ""  # minutes east of UTC, or a zone name
    zone_sign: int = 0
    zone_span: tuple[int, int] | None = None
    is_month_first: bool = False
    is_day_first: bool = False  # no other order is possible
    is_year_first: bool = False
    separator: str = ""
    is_last: bool = False


@dataclass(slots=True)
class _Parts:
    """What the slots of an instant say, while they are collected."""

    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    constants: dict[str, int] = field(default_factory=dict)
    units: list[str] = field(default_factory=list)
    ages: int = 0
    period: str = ""
    zone: str = ""
    zone_sign: int = 0
    zone_span: tuple[int, int] | None = None
    separator: str = ""

    def number(self, name: str, token: Token, value: str) -> None:
        """A number of a field, in digits or as a word."""
        if token.text[0] == "0":
            self.places[name] = (token.digit_at, len(token.text))
        else:
            self.constants[name] = int(value)

    def add(self, name: str, token: Token, value: str) -> None:
        """The slot `name`, filled by a token with a value."""
        if name == "count":
            self.number(f"n{self.ages}", token, value)
            self.ages += 1
        elif name == "one":
            unit, _, number = value.partition("*")
            self.constants[f"n{self.ages}"] = int(number or 1)
            self.units.append(unit)
            self.ages += 1
        elif name == "unit":
            self.units.append(value)
        elif name in _WORD_FIELDS:
            self.constants[_WORD_FIELDS[name]] = int(value)
        elif name == "P":
            self.period = value
        elif name in ("Z", "zs"):
            self.zone, self.zone_sign = (
                (value, self.zone_sign) if name == "Z" else (self.zone, -1 if token.text == "-" else 1)
            )
            self.zone_span = (min(token.start, self.zone_span[0]) if self.zone_span else token.start, token.end)
        elif name == "s":
            self.separator = token.text
        elif name in FIELDS:
            self.number(name, token, value)
            if name in ("zh", "zm", "zhm") and self.zone_span:
                self.zone_span = (self.zone_span[0], token.end)


def bind(
    instant: Instant, found: Sequence[Token], values: Sequence[str], language: str | None, region: str
) -> Plan | None:
    parts = _Parts()
    for name, at in instant.slots:
        parts.add(name, found[at], values[at])
    names = {name for name, _ in instant.slots}
    vague = "v" in names
    if parts.ages > MOST_AGES or len(parts.units) != parts.ages:
        return None
    if instant.form == "bare_age" and not _is_app_age(found, parts.units, instant):
        return None
    if instant.form == "bare_age_clock" or (instant.form == "age_clock" and not names & {"i", "P"}):
        return None
    if instant.form == "clock" and _is_duration(names, found, instant):
        return None
    if instant.form == "weekday" and not _is_full_name(found[instant.start : instant.end]):
        return None
    if instant.form == "weekday_clock" and _is_count(found, instant, names):
        return None
    kind, precision = _kind(names, parts.units, vague)
    if kind == AGE and not all(u in SECONDS or u in MONTHS for u in parts.units):
        return None
    numeric = "a" in names
    short_year = parts.places.get("y", (0, 4))[1] == 2
    if short_year and language in _SHORT_ERAS:
        parts.constants["short_era"] = _SHORT_ERAS[language]
    return Plan(
        kind=kind,
        form=f"{instant.form}_{_SEPARATORS.get(parts.separator, 'colon')}" if numeric else instant.form,
        char_start=found[instant.start].start,
        char_end=found[instant.end - 1].end,
        use=values[instant.label_at] if instant.label_at is not None else "published",
        precision=precision,
        places=parts.places,
        constants=parts.constants,
        units=("vague",) if vague else tuple(parts.units),
        period=parts.period,
        zone=parts.zone,
        zone_sign=parts.zone_sign,
        zone_span=parts.zone_span,
        is_month_first=numeric and _is_month_first(parts, language, region, short_year, "y" in names),
        is_day_first=numeric and _is_day_first(parts, language, short_year, "y" in names),
        is_year_first=numeric and short_year and language in _YEAR_FIRST,
        separator=parts.separator,
        is_last="last" in instant.form,
    )


def _is_month_first(parts: _Parts, language: str | None, region: str, short_year: bool, has_year: bool) -> bool:
    """The likelier order of a numeric date: the month first in American English, and where the year comes first or
    would, as before a dash without a year.
    """
    if parts.separator == "-" and not has_year:
        return True
    if language in _MONTH_FIRST and region not in _DAY_FIRST_REGIONS:
        return parts.separator in ("/", ":", "") or (parts.separator == "-" and short_year)
    if language is None:
        return parts.separator == "/" and parts.period in ("am", "pm")
    return language in _YEAR_FIRST and not has_year


def _is_day_first(parts: _Parts, language: str | None, short_year: bool, has_year: bool) -> bool:
    """Whether the day stands first beyond doubt: before points and a whole year, outside of the languages that know
    another order.
    """
    is_dotted = parts.separator == "." and has_year and not short_year
    return is_dotted and language is not None and language not in _MONTH_FIRST


def _is_app_age(found: Sequence[Token], units: Sequence[str], instant: Instant) -> bool:
    """`5h`, `3d`, `1 yr`: a count and a short unit, alone. "45 minutes" is a duration."""
    if len(units) != 1 or len(found) - (found[-1].text == ".") != 2 or instant.start != 0:
        return False
    return found[1].text in _APP_UNITS and found[0].text in ("0", "00")


def _is_duration(names: set[str], found: Sequence[Token], instant: Instant) -> bool:
    """Whether a lone clock is the length of something: "2 hours", "1 h 45 min", "1:02:33", "0:45"."""
    own = [found[at] for _, at in instant.slots]
    if "P" in names or "hi" in names or instant.end - instant.start < len(found):
        return False
    if "i" not in names:
        return True
    if "q" in names and len(own[0].text) == 1:
        return True
    return found[instant.end - 1].text in ("m", "min", "mn", "s", "sec")


def _is_full_name(found: Sequence[Token]) -> bool:
    """Whether a weekday that stands alone is more than an abbreviation ("sun", "me")."""
    return any(t.end - t.start >= (5 if t.text < "\u0e00" else 2) for t in found)


def _is_count(found: Sequence[Token], instant: Instant, names: set[str]) -> bool:
    """Whether a weekday and a clock are a number and what it counts: "1.2K" (K for *kedd*), "sat 3 hours"."""
    day = next(found[at].text for name, at in instant.slots if name in "Wk")
    if len(day) == 1 and day < CASELESS_FROM:
        return True
    return not names & {"i", "P"} and any(t.text in _COUNTED_HOURS for t in found[instant.start : instant.end])


def _kind(names: set[str], units: list[str], vague: bool) -> tuple[int, str]:
    clock = "second" if "q" in names else "minute" if "i" in names or "hi" in names else "hour" if "h" in names else ""
    if units:
        finest = min(units, key=_UNITS.index) if all(u in _UNITS for u in units) else units[-1]
        return AGE, _PRECISION_OF_UNIT.get(finest, finest)
    if vague:
        return AGE, "minute"
    if "N" in names:
        return NOW, "minute"
    if "ymdhi" in names:
        return ABSOLUTE, "minute"
    if "ymd" in names or ("y" in names and (names & {"d", "b"})):
        return ABSOLUTE, clock or "day"
    if "y" in names:
        return ABSOLUTE, "month"
    if names & {"d", "b"}:
        return YEARLESS, clock or "day"
    if "C" in names:
        return CALENDAR, clock or "day"
    if names & {"W", "k"}:
        return WEEKDAY, clock or "day"
    return CLOCK, clock or "minute"
