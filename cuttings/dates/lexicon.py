"""The words of dates: what a phrase may mean in a date text, by language.

The lexicon is one packaged file (`lexicon_build` makes it). A meaning is a class of the grammar, one character, and a
value:

    M month 1-12       W weekday 0-6 (Monday 0)  U unit name           A word of "ago"     R unit and "ago" in one word
    E one unit         e one unit ago            C calendar day 0, -1  N now               V about, almost, over
    Q number word      P day period              Z zone word           H I S hour, minute, second mark
    Y G D year, month, day mark                  F filler ("of", "at") L label             K last
    B by               J page words              O ordinal ending      v w vague seconds   k weekday of last week
    T the T of ISO     r era (value: its year 0) g word before a month's number
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain, pairwise
from typing import Final

# Words valid in any language: zones, marks, Latin abbreviations.
ANY: Final = "*"
# Tie-break among the languages that explain a text equally well: by share of news pages.
PRIORITY: Final = [
    "en", "de", "es", "fr", "ru", "pt", "it", "nl", "pl", "tr", "ja", "zh", "ko", "ar", "fa", "uk", "cs", "sv",
    "da", "nb", "fi", "el", "hu", "ro", "bg", "id", "vi", "th", "he", "hi", "sr", "hr", "sk", "ca",
]  # fmt: skip
_RANK: Final = {language: i for i, language in enumerate(PRIORITY)}
ALIASES: Final = {"no": "nb", "tl": "fil", "iw": "he", "in": "id", "sh": "sr", "yue": "zh", "cnr": "sr", "mo": "ro"}

Meaning = tuple[str, str]  # class, value
# The likelier class of a word first.
ORDER: Final = "YGDHISgMWPLAeERCNwvUKkVQZTOrBJF"

# Marks a word; everything else is a digit, a space or punctuation. Combining marks belong to words.
BREAK: Final = (
    r"\s0!-/:-@\[-`{-~\u00a0-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b9\u00bb-\u00bf\u2010-\u206f\u3000-\u3004\u3008-\u3020"
    r"\u3030\u060c\u061b\u06d4\u0964\u0965\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
)
WORD: Final = rf"[^{BREAK}](?:[^{BREAK}]|['\u200c](?=[^{BREAK}]))*"
WORDS: Final = re.compile(WORD)
TOKEN: Final = re.compile(rf"(0+)|({WORD})|\s+|(.)", re.DOTALL)
# From here on scripts have no capitals, and shorter words; from the second on they write no spaces either: a character
# may be a word, and a number touches its words.
CASELESS_FROM, SPACELESS_FROM = "\u0590", "\u2e80"
MAY_TOUCH_FROM: Final = "\u0900"  # scripts of India and east of it: words and endings may touch
_MOST_SEGMENT_CHARS: Final = 12
_FOLD: Final = {ord(c): "'" for c in "\u2019\u02bc\u2018\u02bb\u0060\u00b4\u2032"} | {
    ord(c): "-" for c in "\u2010\u2011\u2012\u2212\u058a"
} | {ord("\u0307"): None}  # fmt: skip


def fold(text: str) -> str:
    """Lower case, one spelling of apostrophe and hyphen, accents composed."""
    if text.isascii():
        return text.lower().replace("`", "'")
    return unicodedata.normalize("NFC", text).lower().translate(_FOLD)


def phrase_key(text: str) -> str:
    """`text` as the lexer sees it: folded tokens joined by single spaces."""
    return " ".join(m.group() for m in TOKEN.finditer(fold(text)) if not m.group().isspace())


@cache
def _lines() -> dict[str, str]:
    """Phrase to its meanings in all languages, as the file has them."""
    text = files(__package__).joinpath("data", "lexicon.tsv").read_text(encoding="utf-8")
    return dict(line.split("\t", 1) for line in text.splitlines())


@cache
def lengths() -> dict[str, int]:
    """First token of a phrase to the number of tokens of its longest phrase."""
    found: dict[str, int] = {}
    for phrase in _lines():
        first, _, rest = phrase.partition(" ")
        count = rest.count(" ") + 2 if rest else 1
        if count > found.get(first, 0):
            found[first] = count
    return found


@lru_cache(maxsize=1 << 16)
def by_language(phrase: str) -> dict[str, tuple[Meaning, ...]]:
    """The meanings of a phrase, by language."""
    line = _lines().get(phrase)
    if line is None:
        return {}
    entries = (entry.partition(":") for entry in line.split(";"))
    return {language: _parsed(meanings) for language, _, meanings in entries}


def _parsed(meanings: str) -> tuple[Meaning, ...]:
    return tuple((m[0], m[1:]) for m in meanings.split(","))


@cache
def _by_language() -> dict[str, dict[str, str]]:
    """For each language its phrases with their meanings, as the file has them."""
    found: dict[str, dict[str, str]] = {}
    for phrase, line in _lines().items():
        for entry in line.split(";"):
            language, _, meanings = entry.partition(":")
            found.setdefault(language, {})[phrase] = meanings
    return found


def phrases_of(language: str) -> Iterator[tuple[str, tuple[Meaning, ...]]]:
    """The phrases of a language with their meanings."""
    for phrase, meanings in _by_language().get(language, {}).items():
        yield phrase, _parsed(meanings)


@lru_cache(maxsize=1 << 16)
def meanings(phrase: str, languages: tuple[str, ...]) -> tuple[Meaning, ...]:
    """The meanings of a phrase in `languages` and in any language; an earlier language's come first."""
    known = by_language(phrase)
    found: dict[str, Meaning] = {}
    for language in (*languages, ANY):
        for meaning in known.get(language, ()):
            found.setdefault(meaning[0], meaning)
    return tuple(sorted(found.values(), key=lambda m: ORDER.index(m[0])))


# The classes in a line of the lexicon: no value holds a colon or a comma.
_CLASSES: Final = re.compile("[:,](.)")


@cache
def phrases(classes: str) -> tuple[str, ...]:
    """Every phrase that has a meaning of these classes in some language."""
    marked = re.compile(f"[:,][{re.escape(classes)}]")
    return tuple(phrase for phrase, line in _lines().items() if marked.search(line))


def phrase_classes() -> Iterator[tuple[str, str]]:
    """Every phrase with the classes of its meanings in all languages, some of them more than once."""
    for phrase, line in _lines().items():
        yield phrase, "".join(_CLASSES.findall(line))


@cache
def languages() -> frozenset[str]:
    """The languages the lexicon knows."""
    return frozenset(_by_language()) - {ANY}


def canonical(language: str | None) -> str | None:
    """`pt-BR` to `pt`, `tl` to `fil`; None for an unknown or missing language."""
    if not language:
        return None
    code = re.split("[-_]", language.lower(), maxsplit=1)[0]
    code = ALIASES.get(code, code)
    return code if code in languages() else None


def _own(language: str, classes: str) -> dict[str, Meaning]:
    """The one-word phrases of a language that have a meaning of these classes."""
    found: dict[str, Meaning] = {}
    for phrase, meant in phrases_of(language):
        if " " not in phrase:
            for meaning in meant:
                if meaning[0] in classes:
                    found.setdefault(phrase, meaning)
    return found


@cache
def unit_stems(language: str) -> dict[str, Meaning]:
    """Beginnings of unit words that fit one unit only."""
    stems: dict[str, set[Meaning]] = {}
    for word, meaning in _own(language, "U").items():
        for end in range(1, len(word)):
            stems.setdefault(word[:end], set()).add(meaning)
    return {stem: next(iter(found)) for stem, found in stems.items() if len(found) == 1}


def unit_stem(word: str, languages: tuple[str, ...]) -> tuple[Meaning, ...]:
    """The unit that an abbreviation can only stand for."""
    found = (unit_stems(language).get(word) for language in languages)
    return tuple(m for m in found if m is not None)[:1]


# Languages that put case endings on the names of months and days.
INFLECTING: Final = frozenset([
    "hu", "eu", "pl", "ru", "uk", "be", "cs", "sk", "fi", "et", "lt", "lv", "hr", "sr", "bs", "sl", "bg", "mk",
    "tr", "az", "kk", "uz", "ky", "hy", "ka", "mn", "is",
])  # fmt: skip
HEBREW_PREFIXES: Final = frozenset("בהל")  # "in", "the", "to", written onto the word
LEAST_STEM_CHARS: Final = 4
MOST_ENDING_CHARS: Final = 3


@cache
def name_stems(language: str) -> dict[str, Meaning]:
    """Months and weekdays, whole and without their last letter."""
    found: dict[str, Meaning] = {}
    for word, meaning in _own(language, "MW").items():
        for end in (len(word), len(word) - 1):
            if end >= LEAST_STEM_CHARS:
                found.setdefault(word[:end], meaning)
    return found


def inflected(word: str, languages: tuple[str, ...]) -> tuple[Meaning, ...]:
    """The month or weekday that `word` is a case of."""
    if "he" in languages and word[0] in HEBREW_PREFIXES:
        return tuple(m for m in by_language(word[1:]).get("he", ()) if m[0] in "MWC")[:1]
    for language in languages:
        if language not in INFLECTING:
            continue
        names = name_stems(language)
        for end in range(len(word) - 1, max(len(word) - MOST_ENDING_CHARS, LEAST_STEM_CHARS) - 1, -1):
            if found := names.get(word[:end]):
                return (found,)
    return ()


def segment(run: str, languages: tuple[str, ...]) -> list[str] | None:
    """A run without spaces cut into known words, longest first; None when some part of it is unknown."""
    if run[0] < MAY_TOUCH_FROM:
        return None
    parts: list[str] = []
    at = 0
    while at < len(run):
        for end in range(min(len(run), at + _MOST_SEGMENT_CHARS), at, -1):
            if meanings(run[at:end], languages):
                parts.append(run[at:end])
                at = end
                break
        else:
            return None
    return parts


# A text in these scripts is in one of these languages.
_SCRIPTS: Final = (
    ("\u3040", "\u30ff", ("ja",)), ("\uac00", "\ud7af", ("ko",)), ("\u4e00", "\u9fff", ("zh", "ja")),
    ("\u0e00", "\u0e7f", ("th",)), ("\u0e80", "\u0eff", ("lo",)), ("\u1000", "\u109f", ("my",)),
    ("\u1780", "\u17ff", ("km",)), ("\u0590", "\u05ff", ("he",)),
)  # fmt: skip
_TELLING: Final = frozenset("MWUAReECNvwkLZHYGDPBgJ")  # classes that make a word a word of dates
_MOST_GUESSES: Final = 3
_LAST_SHARED_SCRIPT: Final = "\u058f"  # no script before this one is of one language


@cache
def _first_speakers() -> dict[str, tuple[str, ...]]:
    """First token of longer phrases to the languages that have one."""
    found: dict[str, dict[str, None]] = {}
    for phrase, line in _lines().items():
        first, _, rest = phrase.partition(" ")
        if rest:
            found.setdefault(first, {}).update(
                dict.fromkeys(re.findall(rf"(?:^|;)([a-z]+):[{''.join(_TELLING)}]", line))
            )
    return {first: tuple(languages) for first, languages in found.items()}


@lru_cache(maxsize=1 << 16)
def _speakers(token: str) -> tuple[dict[str, None], tuple[str, ...]]:
    """The languages in which a token is a word of dates, or the start of one; and those in which it is a filler."""
    known = by_language(token)
    found = {lang: None for lang, meanings in known.items() if any(m[0] in _TELLING for m in meanings)}
    found.update(dict.fromkeys(_first_speakers().get(token, ())))
    if token > _LAST_SHARED_SCRIPT:
        for low, high, spoken in _SCRIPTS:
            if any(low <= c <= high for c in token):
                found.update(dict.fromkeys(spoken))
    return found, tuple(lang for lang in known if lang not in found)


def guesses(words: Sequence[str]) -> list[str]:
    """The languages whose words of dates explain most of `words`, counted in letters, best first: most of what English
    lacks, then most of all words of dates, the fillers between them included.
    """
    votes: dict[str, list[int]] = {}
    known, begun = _lines(), _first_speakers()
    for token in chain(words, (f"{word} {behind}" for word, behind in pairwise(words))):
        if token not in known and token not in begun and token <= _LAST_SHARED_SCRIPT:
            continue  # most words: no language has them for dates
        telling, filling = _speakers(token)
        for language in telling:
            found = votes.setdefault(language, [0, 0])
            found[1] -= len(token)
            if "en" not in telling:
                found[0] -= len(token)
        for language in filling:
            votes.setdefault(language, [0, 0])[1] -= 1
    return sorted(votes, key=lambda lang: (votes[lang], _RANK.get(lang, len(_RANK)), lang))[:_MOST_GUESSES]


_MOST_STRANGERS: Final = 8  # words of no lexicon around a date: a byline, a place, a source


def is_prose(skeleton: str) -> bool:
    """Whether a text has more words that no language has for dates than names beside a date have."""
    words = skeleton.lower().split()
    if len(words) <= _MOST_STRANGERS:
        return False
    known = lengths()
    strangers = sum(1 for w in words if w[0].isalpha() and w not in known and w.strip(".,:;!?)") not in known)
    return strangers > _MOST_STRANGERS
