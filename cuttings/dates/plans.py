"""The plans of a skeleton: what it means in the languages that its words are of. One plan for each instant."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from cuttings.dates.binding import ABSOLUTE, AGE, Plan, bind
from cuttings.dates.grammar import parse
from cuttings.dates.lexer import readings, tokens
from cuttings.dates.lexicon import canonical, guesses, is_prose
from cuttings.dates.names import NameEnd, name_ends
from cuttings.dates.sieve import (
    MOST_UNKNOWN,
    Look,
    has_foreign_mark,
    look,
    may_be_date,
    may_begin_with_time,
    may_hold_time,
)  # fmt: skip
from cuttings.dates.vocabulary import classes_anywhere, classes_in


@lru_cache(maxsize=1 << 17)
def plans(skeleton: str, language: str | None) -> tuple[Plan, ...]:
    """The plans of a skeleton, one for each instant in it; empty when it is no date text."""
    seen = look(skeleton)
    # Most texts are no date in any language: they fail here, once, and not for each that a word of theirs is of.
    classes = classes_anywhere(seen.words)
    may_be, may_be_behind = may_be_date(seen, classes), may_hold_time(seen, classes)
    if not (may_be or may_be_behind) or is_prose(skeleton) or has_foreign_mark(skeleton):
        return ()
    found = _read(skeleton, seen, language) if may_be else ()
    return found or (_behind_name(skeleton, language) if may_be_behind else ())


def _behind_name(skeleton: str, language: str | None) -> tuple[Plan, ...]:
    """The plan of a text that is the name of a source and, behind it, a date that tells the time: an age, or a day with
    a clock. A day alone may be that of an event in a headline.
    """
    for end in name_ends(skeleton):
        behind = skeleton[end.at :]
        seen = look(behind)
        classes = classes_anywhere(seen.words)
        if not (may_begin_with_time(seen, classes) and may_be_date(seen, classes)):
            continue
        found = _read(behind, seen, language)
        if len(found) == 1 and found[0].char_start == 0 and _may_be_behind(found[0], behind, end):
            return (_shifted(found[0], end.at, skeleton.count("0", 0, end.at)),)
    return ()


def _may_be_behind(plan: Plan, text: str, end: NameEnd) -> bool:
    """Whether a date is one that the line of a source ends with; an English name is written with capitals. Behind a
    comma stands what happens at a place, but for the very minute.
    """
    if end.has_comma:
        return end.is_capitalised and plan.kind == ABSOLUTE and "_clock" in plan.form
    if not end.is_capitalised and (plan.form != "age" or text.endswith("ago")):
        return False
    return plan.form == "age" or "_clock" in plan.form or (end.is_barred and plan.form == "bare_age")


def _shifted(plan: Plan, chars: int, digits: int) -> Plan:
    """The plan of a text as part of one with so many characters and digits before it."""
    return replace(
        plan,
        char_start=plan.char_start + chars,
        char_end=plan.char_end + chars,
        places={name: (first + digits, count) for name, (first, count) in plan.places.items()},
        zone_span=plan.zone_span and (plan.zone_span[0] + chars, plan.zone_span[1] + chars),
    )


def _read(skeleton: str, seen: Look, language: str | None) -> tuple[Plan, ...]:
    own = canonical(language)
    region = (language or "").lower().replace("_", "-").partition("-")[2]
    mine = (own, "en") if own and own != "en" else ("en",)
    if found := _plans(skeleton, seen, mine, own, region):
        return found
    # Without a language every word may tell one; on a page of a known language, the words that it lacks.
    telling = [t.text for t in tokens(skeleton, mine) if t.meanings[0][0] == "x"] if own else seen.words
    for guess in guesses(telling):
        if guess not in mine:
            found = _plans(skeleton, seen, (guess, "en"), guess, region)
            # Against the language of the page only a full date or an age counts.
            if found and (own is None or all(p.kind in (ABSOLUTE, AGE) for p in found)):
                return found
    return ()


def _plans(
    skeleton: str, seen: Look, languages: tuple[str, ...], language: str | None, region: str
) -> tuple[Plan, ...]:
    if not may_be_date(seen, classes_in(seen.words, languages)):
        return ()
    for splits_tail in (False, True) if seen.has_long_run else (False,):
        found = tokens(skeleton, languages, splits_tail)
        if sum(t.meanings[0][0] == "x" for t in found) > MOST_UNKNOWN:
            return ()
        glued = frozenset(i for i, t in enumerate(found) if not t.is_spaced)
        for classes, values in readings(found):
            instants = parse(classes, glued)
            if splits_tail and not all(i.form == "age" for i in instants):
                continue
            if instants:
                bound = [bind(i, found, values, language, region) for i in instants]
                if all(bound):
                    return tuple(p for p in bound if p is not None)
    return ()
