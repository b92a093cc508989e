"""Pages that are one line, as a flattener leaves them that puts spaces where the lines of a page were.

Such a line is parted where its sentences end, so that the rest of the cutter has lines to look at. What holds no
sentences is parted as well: the menus and headings before the first sentence of a text and behind its last one are told
by their capitals. Where known phrases, dates and what stands there twice begin and end, other lines are likely to have
begun and ended, and so where several spaces stand side by side. In scripts without spaces each space was a line's end.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from heapq import merge
from itertools import chain, islice, pairwise
from typing import Final, NamedTuple

from cuttings.dates.lexicon import by_language, fold, phrases
from cuttings.pages.lines import LexedBatch
from cuttings.pages.listings import whole_dates
from cuttings.pages.phrases import folded_text, whole_lines

# A line with this share of the bytes of its page, and so many of them, is the page.
PAGE_SHARE: Final = 0.95
LEAST_BYTES: Final = 1_000
# Of its characters, spaces beside a character of a script without spaces.
WIDE_SPACES_SHARE: Final = 0.01
# So many gaps of several spaces were blank lines, or lines with spaces at their ends.
LEAST_GAPS: Final = 6
# Capitals weigh against small letters where a sentence begins behind a menu: as many of its words have one, 42 %.
CAPITAL_WEIGHT: Final = 1.4
# Fewer words before a sentence than this are its own.
HEAD_WORDS: Final = 3
# What is no sentence: words that do not end as one does, so many of them; or of fewer the share that has a capital.
UNENDED_WORDS: Final = 25
TITLED_WORDS, TITLED_SHARE = 8, 0.55
ENDED_WORDS, ENDED_SHARE = 20, 0.5
# Words of a line of it: of an entry of a menu; of what stands between two known places.
ENTRY_WORDS, WHOLE_WORDS = 4, 14
# Words of a title that stands twice, and of the front of the page in which it is looked for.
LEAST_REPEATED, MOST_REPEATED, FRONT_WORDS = 4, 30, 600
# Words from one place of it to the next, further on, and of a page that are asked.
MOST_APART, MOST_WORDS = 40, 20_000
# Words of a date, and how many of them may stand before its first number.
DATE_WORDS, WORDS_BEFORE_NUMBER = 6, 2
# Words before a date that a sentence follows, where it is no part of one: "On 3 May 2024 President Fenwick".
WORDS_BEFORE_DATE: Final = 4
# "A year ago" is of a text, these are ages.
AGE_UNITS: Final = ("second", "minute", "hour", "day")
# What may be a date is read so often on a page, at most.
MOST_WINDOWS: Final = 20_000
PHRASE_WORDS: Final = 4
# Words of a name with its point are no end of a sentence: "Mr.", "U.S.", "Nov.".
SHORT_WORD: Final = 3

_SENTENCE_END: Final = re.compile(
    r"[.!?…؟।።။][\"”»’)\]]{0,2} {1,4}(?=[\"“«„‘(\[¿¡]?[^\W_])|[。！？][\"”」』）]{0,2}(?=\S)"
)
_IS_ENDED: Final = re.compile(r"[.!?…؟।።။。！？][\"”»’)\]」』）]{0,2}\s*$")
_WIDE: Final = "[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]"
_WIDE_SPACE: Final = re.compile(rf"(?<={_WIDE}) {{1,4}}(?=\S)|(?<=\S) {{1,4}}(?={_WIDE})")
_WORD: Final = re.compile(r"\S+")
_WIDE_GAP: Final = re.compile(r"\s{2,}")
_OPENING: Final = '"“«„‘([¿¡'
_IS_MARK: Final = re.compile(r"[-–—|•·/]")
_MARKUP: Final = ("<", "{", "[")


class _Word(NamedTuple):
    start: int
    text: str
    has_capital: bool | None  # None without a letter of a script that has capitals


class _Piece(NamedTuple):
    """Words in a row: a sentence, a list of what are none, or a few words."""

    words: Sequence[_Word]
    is_sentence: bool
    is_list: bool


def one_line_places(lexed: LexedBatch) -> dict[int, set[int]]:
    """Where the lines that are pages are parted, by their rows."""
    found: dict[int, set[int]] = {}
    texts: dict[int, str] = {}
    for page in lexed.pages:
        sizes = lexed.text_bytes[page.first_row : page.first_row + page.line_count]
        if not len(sizes) or sizes.max() < max(LEAST_BYTES, PAGE_SHARE * sizes.sum()):
            continue
        row = page.first_row + int(sizes.argmax())
        text = lexed.lines["text"][row]
        wide = {match.end() for match in _WIDE_SPACE.finditer(text)}
        if len(wide) > WIDE_SPACES_SHARE * len(text):
            found[row] = wide
        elif not text.lstrip().startswith(_MARKUP):
            texts[row] = text
    sentences = {row: list(_sentences(text)) for row, text in texts.items()}
    windows = (chain.from_iterable(map(_windows, some)) for some in sentences.values())
    known = whole_dates(chain.from_iterable(islice(of_page, MOST_WINDOWS) for of_page in windows))
    return found | {row: _places(text, sentences[row], known) for row, text in texts.items()}


def _places(text: str, sentences: Iterable[Sequence[_Word]], known: Collection[str]) -> set[int]:
    repeated = _repeated(text)
    places = {bound for stretch in repeated for bound in stretch}
    for words in sentences:
        for piece in _pieces(words, known):
            own = {piece.words[0].start}
            if not piece.is_sentence:
                own |= {*_phrase_places(piece)}
            if piece.is_list:
                own |= {*_entries(piece.words, own | places)}
            places |= own
    return places - {place for start, end in repeated for place in range(start + 1, end)}


def _sentences(text: str) -> Iterator[Sequence[_Word]]:
    """The words between the ends of sentences, and between wide gaps."""
    gaps = [match.end() for match in _WIDE_GAP.finditer(text.rstrip())]
    ends = sorted({0, *_sentence_ends(text), *(gaps if len(gaps) >= LEAST_GAPS else ()), len(text)})
    for start, end in pairwise(ends):
        if words := _words(text, start, end):
            yield words


def _pieces(words: Sequence[_Word], known: Collection[str]) -> Iterator[_Piece]:
    """Dates, the sentence, and what stands before and between them."""
    is_ended = _IS_ENDED.search(words[-1].text) is not None
    at = 0
    for first, last in [*_date_ranges(words, known), (len(words), len(words))]:
        if is_ended and first < len(words) and not _is_apart(words, at, first, last):
            continue
        begin = at + (_first_of_sentence(words[at:]) if is_ended and first == len(words) else 0)
        for some in (words[at:begin], words[begin:first]):
            if some:
                yield _piece(some)
        if last > first:
            yield _Piece(words[first:last], is_sentence=True, is_list=False)
        at = last


def _is_apart(words: Sequence[_Word], at: int, first: int, last: int) -> bool:
    """Whether a date within words that end as a sentence does is none of its own."""
    if last == len(words):
        return False
    is_before_sentence = first - at >= WORDS_BEFORE_DATE and words[last].has_capital is True
    return is_before_sentence or _IS_MARK.fullmatch(words[last].text) is not None


def _piece(words: Sequence[_Word]) -> _Piece:
    cased = [word.has_capital for word in words if word.has_capital is not None]
    share = sum(cased) / len(cased) if cased else 0.0
    if _IS_ENDED.search(words[-1].text):
        is_list = len(words) > ENDED_WORDS and share > ENDED_SHARE
        return _Piece(words, is_sentence=not is_list, is_list=is_list)
    is_list = len(words) > UNENDED_WORDS or (len(words) > TITLED_WORDS and share > TITLED_SHARE)
    return _Piece(words, is_sentence=False, is_list=is_list)


def _sentence_ends(text: str) -> Iterator[int]:
    for match in _SENTENCE_END.finditer(text):
        following = text[match.end() : match.end() + 2].lstrip(_OPENING)[:1]
        if following.islower() or (text[match.start()] == "." and _is_short(text, match.start(), following)):
            continue
        yield match.end()


def _is_short(text: str, point: int, following: str) -> bool:
    """Whether a point stands behind a word that is short for another, or before a number."""
    before = text[max(0, point - SHORT_WORD - 1) : point]
    word = before.rpartition(" ")[2]
    return following.isdigit() or (" " in before and (word[:1].isupper() or "." in word))


def _words(text: str, start: int, end: int) -> list[_Word]:
    return [_Word(m.start(), m[0], _has_capital(m[0])) for m in _WORD.finditer(text, start, end)]


def _has_capital(word: str) -> bool | None:
    for character in word:
        if character.isupper() or character.islower():
            return character.isupper()
    return None


def _first_of_sentence(words: Sequence[_Word]) -> int:
    """The word with which the sentence begins behind a menu or a heading; 0 where nothing stands before it."""
    best = total = 0.0
    first = 0
    for number in range(len(words) - 1, -1, -1):
        has_capital = words[number].has_capital
        total += 0.0 if has_capital is None else -CAPITAL_WEIGHT if has_capital else 1.0
        if total > best:
            best, first = total, number
    while first > 0 and not words[first].has_capital:
        first -= 1
    return first if first >= HEAD_WORDS else 0


def _entries(words: Sequence[_Word], known: set[int]) -> Iterator[int]:
    """Where lines begin between known places that are far apart: anywhere."""
    begins = [number for number, word in enumerate(words) if not number or word.start in known]
    for first, following in pairwise([*begins, len(words)]):
        if following - first > WHOLE_WORDS:
            yield from (words[number].start for number in range(first, following, ENTRY_WORDS))


def _phrase_places(piece: _Piece) -> Iterator[int]:
    """Where phrases of the furniture begin and end, the longest first: anywhere in a list, and before other words. A
    word in small letters may be of a sentence.
    """
    words, known = piece.words, whole_lines()
    at = 0
    while at < len(words):
        for count in range(min(PHRASE_WORDS, len(words) - at), 0, -1):
            is_word = count == 1 and words[at].has_capital is False
            if not is_word and folded_text(" ".join(word.text for word in words[at : at + count])) in known:
                yield words[at].start
                at += count
                if at < len(words):
                    yield words[at].start
                break
        else:
            at += 1 if piece.is_list else len(words)


def _ranges(words: Sequence[_Word]) -> Iterator[tuple[int, int]]:
    """Which words may be a date, the longest of those that begin with a word first."""
    return merge(_single_ages(words), _numbered(words), key=lambda one: (one[0], -one[1]))


def _numbered(words: Sequence[_Word]) -> Iterator[tuple[int, int]]:
    """Where dates with a number may be."""
    numbers = [number for number, word in enumerate(words) if any(map(str.isdigit, word.text))]
    after = -1  # the number before, which its own ranges begin at
    for number in numbers:
        for first in range(max(after + 1, number - WORDS_BEFORE_NUMBER), number + 1):
            for last in range(min(first + DATE_WORDS, len(words)), number, -1):
                yield first, last
        after = number


def _single_ages(words: Sequence[_Word]) -> Iterator[tuple[int, int]]:
    """Where ages without a number may be, as "a minute ago"."""
    texts = [fold(word.text) for word in words]
    for first, text in enumerate(texts):
        for phrase in ages_by_word().get(text, ()):
            if texts[first : first + len(phrase)] == phrase:
                yield first, first + len(phrase)


@cache
def ages_by_word() -> dict[str, list[list[str]]]:
    """The words of the phrases for one unit ago, by the first of them, the longest first."""
    found: dict[str, list[list[str]]] = {}
    for phrase in sorted(phrases("e"), key=lambda phrase: -phrase.count(" ")):
        if any(("e", unit) in meanings for unit in AGE_UNITS for meanings in by_language(phrase).values()):
            first, *_ = words = phrase.split(" ")
            found.setdefault(first, []).append(words)
    return found


def _windows(words: Sequence[_Word]) -> Iterator[str]:
    return (" ".join(word.text for word in words[first:last]) for first, last in _ranges(words))


def _date_ranges(words: Sequence[_Word], known: Collection[str]) -> Iterator[tuple[int, int]]:
    """Which words are dates and ages."""
    end = 0
    for (first, last), text in zip(_ranges(words), _windows(words), strict=True):
        if first >= end and text in known:
            end = last
            yield first, last


def _repeated(text: str) -> list[tuple[int, int]]:
    """The stretches of words that stand twice: at the front of the page, as its title does there and in its head, and
    further on where they stand close to each other, as the title of a story does beside its picture and in its head.
    """
    spans = [match.span() for match in islice(_WORD.finditer(text), MOST_WORDS)]
    words = [text[start:end] for start, end in spans]
    seen: dict[tuple[str, ...], int] = {}
    found: list[tuple[int, int]] = []
    at = 0
    while at + LEAST_REPEATED <= len(words):
        key = tuple(words[at : at + LEAST_REPEATED])
        before = seen.get(key, at)
        seen[key] = at if at >= FRONT_WORDS else before
        count = 0
        if at < FRONT_WORDS or at - before <= MOST_APART:
            while before + count < at and at + count < len(words) and words[before + count] == words[at + count]:
                count += 1
        if LEAST_REPEATED <= count <= MOST_REPEATED and _has_capital(words[at]) is not False:
            found += [(spans[first][0], spans[first + count - 1][1] + 1) for first in (before, at)]
        at += max(count, 1)
    return found
