"""What can be no date text, told from its words and marks alone, before any structure is looked for.

Most lines with a number or a word that some language has for dates are titles. Every test here is a necessary
condition of the grammar, so the sieve only saves time: a word that a language does not know may stand beside a date,
but only behind a bar, a bracket, a word for "by" or glued to it, and only where the date is a full one or an age.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice, pairwise
from typing import Final

from cuttings.dates.lexer import HARD, PLAIN, SOFT, SPLITS
from cuttings.dates.lexicon import BREAK, ORDER, WORDS, fold, phrases
from cuttings.dates.vocabulary import mask_of, union

# Words of no language that the lexicon knows; more of them are a sentence.
MOST_UNKNOWN: Final = 12
# Without numbers that touch, one of these is in every date; a full day has a month, a mark or an era.
_DATED: Final = mask_of("MGgAReEUCNWkvwHP")
_FULL: Final = mask_of("MGgrY")
_AGE_WORD, _ONE_AGE, _AGO, _UNIT, _COUNTED = map(mask_of, ("Re", "ReE", "A", "UE", "U"))
_LENGTH: Final = mask_of("UJ")
_NUMBER_WORD: Final = mask_of("eEQ")
_CLOCK, _DAY = mask_of("HPTF"), mask_of("MGgrYCWk")
_BY, _PAGE, _LABEL = map(mask_of, "BJL")  # "by"; words of a page such as "min read"; "updated"

# Numbers with a mark between; a space may stand at the mark, as in "1. 1. 2013" and beside a mark of direction.
_TOUCHING: Final = re.compile(r"(?<!0)00?(?!0)\s?[:.]\s?00?(?!0)|(?:(?<!0)00?|(?<!0)0000)\s?[./|-]\s?00?(?!0)|0{8}")
_TWO_NUMBERS: Final = re.compile("0[^0]+0")
_FULL_NUMBERS: Final = re.compile(r"0\s?[./|:-]\s?00?\s?[./|:-]\s?0|0{8}")
_BAR: Final = re.compile(rf"[{re.escape(''.join(HARD))}]|\s[-/~\\−]\s|[/\\]/|/[/\\]")
_BRACKET: Final = re.compile(r"[(（\[「【]")
_LETTER_AND_NUMBER: Final = re.compile(r"[^\W\d_]0|0[^\W\d_]")
# A name that ends in a number before a count: "France 242 hours ago".
LONG_RUN: Final = re.compile(r"[^\W\d_] ?0{3,4} ?[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Look:
    """A skeleton as the sieve sees it: folded, and its words."""

    text: str
    words: tuple[str, ...]

    @property
    def has_long_run(self) -> bool:
        """Whether a name that ends in a number may stand before a count."""
        return "000" in self.text and LONG_RUN.search(self.text) is not None


@cache
def _impossible() -> re.Pattern[str]:
    """A mark that no date text holds."""
    known = HARD | PLAIN | SOFT.keys() | {word for phrase in phrases(ORDER) for word in phrase.split(" ")}
    marks = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x10000))))
    foreign = [
        mark
        for mark in re.findall(f"[{BREAK}]", marks)
        if mark != "0" and not (mark.isspace() or mark.isalnum()) and mark not in known
        and len(fold(mark)) == 1 and fold(mark) not in known
    ]  # fmt: skip
    return re.compile(f"[{re.escape(''.join(foreign))}]")


@cache
def _misplaced() -> re.Pattern[str]:
    """A mark that dates hold in a few phrases only, right behind one letter ("לפנה\"צ"), anywhere else."""
    ends = sorted({(mark, before[-1]) for before, mark in _marks_in_phrases()})
    return re.compile(
        "|".join(
            "".join(rf"(?<!{before})(?<!{before}\s)" for own, before in ends if own == mark) + re.escape(mark)
            for mark in sorted({mark for mark, _ in ends})
        )
    )


def _marks_in_phrases() -> Iterator[tuple[str, str]]:
    """Each mark of a phrase that is no mark of the grammar, behind the word before it."""
    is_mark = re.compile(f"[{BREAK}]")
    for phrase in phrases(ORDER):
        for before, mark in pairwise(phrase.split(" ")):
            if is_mark.fullmatch(mark) and mark != "0" and mark not in HARD | PLAIN | SOFT.keys():
                yield before, mark


@cache
def _touched() -> re.Pattern[str]:
    """A word of dates that ends in a mark ("l'", "@") and touches what follows."""
    is_break = re.compile(f"[{BREAK}]")
    ends = {tuple(phrase.split(" ")[-2:]) for phrase in phrases(ORDER) if is_break.fullmatch(phrase[-1])}
    spelled = (r"\s*".join(map(re.escape, parts)) for parts in sorted(ends))
    return re.compile(rf"(?:{'|'.join([*spelled, '[+]'])})[^\W_]")


def look(skeleton: str) -> Look:
    """What the sieve needs to know of a skeleton."""
    text = fold(skeleton)
    return Look(text, tuple(WORDS.findall(text)))


def has_foreign_mark(skeleton: str) -> bool:
    """Whether one of the marks of a skeleton stands in no date."""
    return _impossible().search(skeleton) is not None


def may_be_duration(classes: Sequence[int]) -> bool:
    """False only for words that tell the length of no text and no video, having no other than these classes."""
    return all(classes) and bool(union(classes) & _LENGTH)


def may_be_date(seen: Look, classes: Sequence[int]) -> bool:
    """False only for a text in which the grammar finds no date, its words having no other than these classes."""
    known = union(classes)
    has_number = "0" in seen.text
    unknown = classes.count(0)
    if not unknown:
        return bool(known & _DATED) or (
            has_number and bool(_TOUCHING.search(seen.text) or _FULL_NUMBERS.search(seen.text))
        )
    if unknown > MOST_UNKNOWN or not (_may_be_age(known, has_number) or (has_number and _may_be_day(known, seen.text))):
        return False
    return _may_have_names(seen, classes) and not _misplaced().search(seen.text)


def may_hold_time(seen: Look, classes: Sequence[int]) -> bool:
    """False only for a text in which neither an age nor a day with a clock stands, as behind the name of a source."""
    return _may_tell_time(union(classes), seen.text)


def may_begin_with_time(seen: Look, classes: Sequence[int]) -> bool:
    """The same of how a text begins: before its first word that is none of dates."""
    if 0 not in classes:
        return may_hold_time(seen, classes)
    stranger = classes.index(0)
    start = next(islice(WORDS.finditer(seen.text), stranger, None)).start()
    return _may_tell_time(union(classes[:stranger]), seen.text[:start])


def _may_tell_time(known: int, text: str) -> bool:
    if known & _ONE_AGE or (known & _AGO and known & _UNIT):
        return True
    if "0" not in text and not known & _NUMBER_WORD:
        return False
    has_numbers = _TOUCHING.search(text) is not None
    has_clock = known & _CLOCK or has_numbers or "@" in text
    return bool(known & _COUNTED or (has_clock and (known & _DAY or has_numbers)))


def _may_be_age(known: int, has_number: bool) -> bool:
    return bool(known & _AGE_WORD or (known & _AGO and known & _UNIT)) and (has_number or bool(known & _NUMBER_WORD))


def _may_be_day(known: int, text: str) -> bool:
    return bool(known & _FULL or _FULL_NUMBERS.search(text))


def _may_be_full_day(known: int, text: str) -> bool:
    is_named = known & _FULL and (known & _NUMBER_WORD or _TWO_NUMBERS.search(text))
    return bool(is_named or _FULL_NUMBERS.search(text))


def _may_have_names(seen: Look, classes: Sequence[int]) -> bool:
    """False only for a text that is no date with words beside it that are none of dates: of those no one stands within
    a date, and only a full day or an age has some beside it.

    So the date is in one of the stretches between these words. A bar, a word for "by" or a number that touches lets
    words stand before it, a bar, a bracket or a word of the page lets them stand behind it.
    """
    text = seen.text
    places = [match.span() for match in WORDS.finditer(text)]
    strangers = [number for number, found in enumerate(classes) if not found]
    for before, behind in pairwise((-1, *strangers, len(classes))):
        start = places[before][1] if before >= 0 else 0
        end = places[behind][0] if behind < len(places) else len(text)
        stretch, within = text[start:end], union(classes[before + 1 : behind])
        has_number = "0" in stretch
        # Behind a label the day may have no year; in front of it what makes the text a date may stand.
        is_told = within & _LABEL or _may_be_age(within, has_number)
        if not is_told and not (has_number and _may_be_full_day(within, stretch)):
            continue
        is_barred = _BAR.search(stretch) is not None
        has_page_words = is_barred or within & _BY or _BRACKET.search(stretch) or union(classes[behind:]) & _PAGE
        if behind < len(classes) and not has_page_words:
            continue
        if before < 0 or is_barred or union(classes[:behind]) & _BY:
            return True
        if seen.has_long_run or _is_glued(text, stretch, text[max(0, start - 1) : end]):
            return True
    return False


def _is_glued(text: str, stretch: str, with_edge: str) -> bool:
    """Whether something of a stretch touches what stands before it; `with_edge` begins a character earlier."""
    return bool(
        _LETTER_AND_NUMBER.search(with_edge) or _touched().search(stretch)
        or ("000" in text and any(pattern.search(text) for pattern, _ in SPLITS))
    )  # fmt: skip
