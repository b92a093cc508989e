"""From a skeleton to tokens. A skeleton is a date text with every digit replaced by 0.

Two texts with one skeleton have one structure ("00 May, 0000" is a day, a month and a year whatever the digits), so
words are looked up and structure is found once for each skeleton; numbers are read later, as columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import Final, NamedTuple

from cuttings.dates.lexicon import TOKEN, Meaning, fold, inflected, lengths, meanings, segment, unit_stem

# Digit runs by length; other lengths are numbers of no date.
_RUNS: Final = {1: "1", 2: "2", 3: "3", 4: "4", 5: "5", 6: "6", 8: "8", 12: "a", 14: "b"}
HARD: Final = frozenset("|•·–—‧∙●▪■◆►▶»›／丨│┃⋅♦*‒")
SOFT: Final = {
    "،": ",", "、": ",", "，": ",", "；": ",", ";": ",", "：": ":", "∶": ":", "。": ".", "．": ".", "（": "(",
    "）": ")", "[": "(", "]": ")", "「": "(", "」": ")", "【": "(", "】": ")", "\\": "/", "~": "-", "−": "-",
    "！": "!", "@": ",",
}  # fmt: skip
PLAIN: Final = frozenset(",./-:()+'")
_MOST_READINGS: Final = 24  # combinations of word meanings tried for one text


class Token(NamedTuple):
    """One token. `start`, `end` are characters of the text; `digit_at` is its first digit among all of the text's."""

    text: str
    start: int
    end: int
    digit_at: int
    meanings: tuple[Meaning, ...]
    is_spaced: bool  # a space, or the start of the text, stands before it


# Runs that are two numbers: the text before, a digit run of the text, and where to cut it.
SPLITS: Final = (
    (re.compile(r"(?<!0)0{5,6}(?=:00)"), 4),  # a year and a clock: 20235:01
    (re.compile(r"(?<=:)0{6}(?=-00)"), 2),  # seconds and a year
    (re.compile(r"(?<=[/.]00[/.])0{3,4}(?=:00)|(?<=[/.]0[/.])0{3,4}(?=:00)"), 2),  # two-digit year and a clock
    (re.compile(r"(?<=[^\W\d_] )0{5,6}(?= ?[^\W\d_])|(?<=, )0{5,6}(?= ?[^\W\d_])"), 4),  # a year and an age: 20241 yr
    (re.compile(r"(?<=月)0{4}(?=:00)"), 2),  # a day and a clock
    (re.compile(r"(?<=[^\W\d_])0{4}(?=-00-0000)"), 2),  # a name that ends in a number and a day: News1810-06-2025
)  # fmt: skip
_TAIL_SPLIT: Final = re.compile(r"(?<=[^\W\d_])( ?)(0{2,4})(?= ?[^\W\d_])")


def tokens(skeleton: str, languages: tuple[str, ...], splits_tail: bool = False) -> list[Token]:
    """The tokens of a skeleton with their meanings in `languages`.

    `splits_tail` cuts a run of three or four digits behind a name into a number of the name and a count.
    """
    text = fold(skeleton)
    cuts: set[int] = set()
    if "000" in text:
        for pattern, at in SPLITS:
            cuts.update(m.start() + at for m in pattern.finditer(text))
    if splits_tail:
        for m in _TAIL_SPLIT.finditer(text):
            size = len(m.group(2))
            cuts.add(m.end() - (2 if size == 4 else 1))
    raw = list(_raw(text, sorted(cuts)))
    longest = lengths()
    found: list[Token] = []
    digits = i = 0
    while i < len(raw):
        word, start, end, spaced = raw[i]
        if word[0] == "0":
            found.append(Token(word, start, end, digits, ((_RUNS.get(len(word), "9"), ""),), spaced))
            digits += len(word)
            i += 1
            continue
        for count in range(min(longest.get(word, 0), len(raw) - i), 0, -1):
            known = meanings(" ".join(r[0] for r in raw[i : i + count]) if count > 1 else word, languages)
            if known and count > 1 and found and found[-1].text[0] == "0" and known[0][0] in "eEK":
                continue  # "1 dzień temu": the number counts, though "dzień temu" alone is an age
            if known:
                found.append(Token(word, start, raw[i + count - 1][2], digits, known, spaced))
                i += count
                break
        else:
            found.extend(_unknown(Token(word, start, end, digits, (("x", ""),), spaced), languages, text))
            i += 1
    if len(text) != len(skeleton):
        places = _places(skeleton)
        found = [t._replace(start=places[t.start], end=places[t.end]) for t in found]
    return [_in_place(t, found, i) for i, t in enumerate(found)]


def _places(skeleton: str) -> list[int]:
    """For each character of the folded text, and its end, the place in the text as written."""
    places: list[int] = []
    for end in range(len(skeleton) + 1):
        length = len(fold(skeleton[:end]))
        places[length:] = []
        places += [end] * (length + 1 - len(places))
    return places


_BEHIND_NUMBERS: Final = frozenset("YGDHISO")
_BEHIND_SHORT_NUMBERS: Final = frozenset("GDHIS")  # of two digits at most
_NUMBERS: Final = frozenset("123456789abQr")


def _in_place(token: Token, found: list[Token], i: int) -> Token:
    """The token with the meanings that its neighbours allow: a mark stands behind a number, a unit beside one."""
    if token.text == "z" and token.is_spaced:
        return token._replace(meanings=(("x", ""),))  # the Z of ISO 8601 touches its clock
    if len(token.meanings) == 1:
        return token
    number = found[i - 1] if i > 0 and any(c in _NUMBERS for c, _ in found[i - 1].meanings) else None
    before = i + 1 < len(found) and any(c in _NUMBERS for c, _ in found[i + 1].meanings)
    classes = {c for c, _ in token.meanings}
    drops: set[str] = set()
    if number is None:
        drops |= _BEHIND_NUMBERS if before else _BEHIND_NUMBERS | {"U"}
    else:
        era = i > 1 and any(c == "r" for c, _ in found[i - 2].meanings)
        if number.text == "0" and not era:
            drops.add("Y")
        if len(number.text) > 2:
            drops |= _BEHIND_SHORT_NUMBERS
        if (classes - drops) & set("YGDHO"):
            drops |= {"F", "W"}
        if "U" in classes:
            drops |= {"E", "e"} if token.text not in ("h", "m", "s") else set()
            drops |= {"P"}
    kept = tuple(m for m in token.meanings if m[0] not in drops)
    return token._replace(meanings=kept) if kept and kept != token.meanings else token


def _raw(text: str, cuts: list[int]) -> Iterator[tuple[str, int, int, bool]]:
    spaced = True
    for m in TOKEN.finditer(text):
        word, start = m.group(), m.start()
        if word.isspace():
            spaced = True
            continue
        if word[0] == "0":
            for cut in [c for c in cuts if start < c < m.end()] if cuts else ():
                yield text[start:cut], start, cut, spaced
                start, spaced = cut, False
            word = text[start : m.end()]
        yield word, start, m.end(), spaced
        spaced = False


def _unknown(token: Token, languages: tuple[str, ...], text: str) -> Iterator[Token]:
    """A token that no phrase begins: a mark, a run of words without spaces, a word with an ending, or a name."""
    word, start = token.text, token.start
    if len(word) == 1 and (mark := _mark(word, start, text)):
        yield token._replace(meanings=((mark, ""),))
        return
    parts = segment(word, languages)
    if parts is None:
        follows_number = text[max(0, start - 2) : start].rstrip().endswith("0")
        found = unit_stem(word, languages) if follows_number else ()
        known = found or inflected(word, languages)
        yield token._replace(meanings=known) if known else token
        return
    spaced = token.is_spaced
    for part in parts:
        yield Token(part, start, start + len(part), token.digit_at, meanings(part, languages), spaced)
        start, spaced = start + len(part), False


def _mark(char: str, at: int, text: str) -> str | None:
    if char in HARD:
        return "|"
    char = SOFT.get(char, char)
    if char not in PLAIN:
        return None if char.isalnum() else "!"
    # A dash or slash between spaces parts things; between characters it joins them.
    if char in "/-" and text[at - 1 : at].isspace() and text[at + 1 : at + 2].isspace():
        return "|"
    if char == "/" and "/" in (text[at - 1 : at], text[at + 1 : at + 2]):
        return "|"
    return char


def readings(found: list[Token]) -> Iterator[tuple[str, list[str]]]:
    """Class string and values of each combination of meanings, the likeliest first."""
    choices = [token.meanings for token in found]
    seen: set[str] = set()
    for count, chosen in enumerate(product(*choices)):
        if count >= _MOST_READINGS:
            return
        classes = "".join(c for c, _ in chosen)
        if classes not in seen:
            seen.add(classes)
            yield classes, [v for _, v in chosen]
