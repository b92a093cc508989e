"""What the texts of lines say by themselves: one class character each, from their shapes, dates and furniture words.

A marker is evidence for a class and never a verdict: the grammar decides with the neighbours. The classes:

    B body, long      S short sentence   T title-like      W a few words     L bulleted short line
    D date line       R related heading  I inline "also read"                K read more
    A advert          P own promotion    H share           C comments        G tags
    N navigation      V video controls   X legal, cookies  Q paywall         E live
    c caption mark    Y byline           i icon names        a alternative text of an image
    t how long something is to read or to watch
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cuttings import dates
from cuttings.pages.phrases import ALSO_CHARS, folded, mark_begun, mark_consents, mark_known, mark_told
from cuttings.pages.spans import (
    GLUED,
    GLUED_ANYWHERE,
    GLUED_SENTENCE,
    GLUED_TAIL,
    GLUED_TAIL_CHARS,
    GLUED_WORDS,
    WORDS_GLUED,
)

# A date line has at most this many characters.
DATE_CHARS: Final = 120
# A line that ends like a sentence is a date line only when it is no longer than this.
SHORT_DATE_CHARS: Final = 48
# "3 min read" and the like.
DURATION_CHARS: Final = 40
# An opening brace within so many characters, and a closing one, are left-over script or style.
MARKUP_CHARS: Final = 120
# Shape classes, in units (words, or half characters in scripts without spaces).
LONG_UNITS: Final = 30
LONG_SENTENCE_UNITS: Final = 18
SHORT_UNITS: Final = 4

TERMINAL: Final = r"[.!?…。！？।۔؟։።။។][\"'”“’‘»«›‹)\]」』]*$"
# A sentence, what is left of another, and behind a mark of omission the words of a link to the rest: "The gate stays
# shut. The guard … more". It ends as a teaser does, and not as a title.
_LINK_WORD: Final = r"[^\W\d_]{2,14}"
_CUT_WITH_LINK: Final = re.compile(
    r"(?:[^\W_][.!?…]|[。！？।])[\"”»]? ?\S.*(?:\.\.\.|…)[)\]]?[ \u00a0]?"
    rf"[»›→>]* ?{_LINK_WORD}(?: {_LINK_WORD})?[ »›→>]*$"
)
# It is looked for in so many characters at the end of a line.
LINK_END_CHARS: Final = 300
# The alternative text of a symbol glued before a date.
_ICON_BEFORE_DATE: Final = r"^(?:time|clock|calendar|schedule|access_time|icon)(\d|an? |a few |[A-Z][a-z]{2,8} \d)"
_ICON_STEMS: Final = ("time", "cloc", "cale", "sche", "acce", "icon")
_ICON_STEM_CHARS: Final = 4
_CLOCK_LINE: Final = r"^(?:[01]?\d|2[0-3])[.:h][0-5]\d(?: ?[ap]\.?m\.?)?(?: [A-Z]{2,4})?$"
_SPACELESS: Final = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
# What goes on with a sentence or closes it; a quotation mark right before a capital opens one, as German and Swedish do
# with those that close elsewhere.
_CLOSING: Final = r"[,.;:!?)\]%、，。；：！？）」』،؛؟।]|[’”»](?:[^\p{Lu}\p{Lo}\p{N}]|$)"
_SMALL: Final = r"[\p{Ll}--\p{Georgian}]"  # Georgian letters are small ones, but nothing is written in its capitals
_CONTINUES: Final = rf"^(?:{_SMALL}|{_CLOSING}|['’]{_SMALL})"
_CLOSES: Final = rf"^(?:{_CLOSING}|['’]\p{{Ll}}{{1,2}}\b)"
# In scripts without spaces and capitals a sentence goes on behind a line of so many units that ends with one of these.
_OPEN_ENDS: Final = tuple("、，：的和与與のがはをにでともやへ")
OPEN_UNITS: Final = 4.0
OF_TEXT: Final = np.frombuffer(b"BSTWL", np.uint8)
# A bullet before a short line; "»" with "«" behind it is a quotation mark.
_BULLET: Final = r"^(?:[-–—•·*▪◦►▶●■→]\s*\S|»\s*[^\s«][^«]*$|\d{1,2}[.)]\s+\S)"
# A line of signs alone, which closes or opens nothing.
_ORNAMENT: Final = r"^[^\p{L}\p{N},.;:!?()\[\]\"'’”“„«»‹›%$€£-]+$|^(?:[»›>|*=_~·•–—-]+\s*){2,}$|^[»›>|*=_~·•]$"
# Names of interface symbols, as a flattener leaves them; so many on one line are no sentence.
_ICON_WORDS: Final = r"(?i)icon|chevron|arrow|hamburger"
ICON_COUNT: Final = 5
# The name of one symbol of an icon font, which is drawn where the font is loaded: "chevron_right", "play_circle". One
# of its words says how it looks or where it points; a line of code has others.
_ICON_NAME: Final = re.compile(r"[a-z]+(?:_[a-z0-9]+)+")
_ICON_PARTS: Final = frozenset((
    "arrow", "chevron", "keyboard", "expand", "play", "pause", "volume", "bookmark", "access", "thumb", "favorite",
    "navigate", "photo", "calendar", "circle", "outline", "outlined", "border", "fullscreen", "right", "left",
    "forward", "back", "horiz", "vert",
))  # fmt: skip
# One search for all that few lines hold: icon names, advert words, markup. What they are is looked at more closely.
_RARE: Final = f"{_ICON_WORDS}|{GLUED_ANYWHERE}|(?-i:{GLUED_SENTENCE})|</|\\{{"

# What lines, or texts, state behind their first date: start, end and use, by their number.
Further = dict[int, list[tuple[int, int, str]]]


@dataclass(frozen=True, slots=True)
class LineTexts:
    """What texts of lines say by themselves, as the columns of `Lines`; `further_dates` goes by their number."""

    chars: NDArray[np.int64]
    units: NDArray[np.float64]
    cls: NDArray[np.uint8]
    fold: NDArray[np.uint64]
    is_terminal: NDArray[np.bool_]
    continues: NDArray[np.bool_]
    is_open: NDArray[np.bool_]  # the sentence goes on behind it, in a script without capitals
    closes: NDArray[np.bool_]
    is_bullet: NDArray[np.bool_]
    date_start: NDArray[np.int64]
    date_end: NDArray[np.int64]
    date_use: list[str | None]
    is_age: NDArray[np.bool_]
    further_dates: Further
    glued: NDArray[np.uint8]
    markup: NDArray[np.bool_]


def read_texts(texts: pl.Series) -> LineTexts:
    """What the texts of lines, without outer white space, say by themselves."""
    shape = pl.DataFrame({"text": texts}).select(
        "text",
        chars=pl.col("text").str.len_chars().cast(pl.Int64),
        spaces=pl.col("text").str.count_matches(" ", literal=True).cast(pl.Int64),
        terminal=pl.col("text").str.contains(TERMINAL),
        omits=pl.col("text").str.contains("…", literal=True) | pl.col("text").str.contains("...", literal=True),
        continues=pl.col("text").str.contains(_CONTINUES),
        open=pl.col("text").str.tail(1).is_in(_OPEN_ENDS),
        closes=pl.col("text").str.contains(_CLOSES),
        ornament=pl.col("text").str.contains(_ORNAMENT),
        rare=pl.col("text").str.contains(_RARE),
        glued_tail=pl.col("text").str.tail(GLUED_TAIL_CHARS).str.contains(GLUED_TAIL),
        bullet=pl.col("text").str.contains(_BULLET),
    )
    chars = shape["chars"].to_numpy()
    rare = np.flatnonzero(shape["rare"].to_numpy())
    found = shape["text"][rare].to_frame("text").select(
        icons=pl.col("text").str.count_matches(_ICON_WORDS) >= ICON_COUNT,
        glued=pl.when(pl.col("text").str.contains(GLUED_WORDS)).then(pl.lit(WORDS_GLUED, pl.UInt8))
        .when(pl.col("text").str.contains(GLUED_SENTENCE)).then(pl.lit(GLUED, pl.UInt8)).otherwise(pl.lit(0, pl.UInt8)),
        markup=pl.col("text").str.contains("</", literal=True)
        | (pl.col("text").str.head(MARKUP_CHARS).str.contains("{", literal=True)
           & pl.col("text").str.contains("}", literal=True)),
    )  # fmt: skip
    glued, markup = shape["glued_tail"].to_numpy() * np.uint8(GLUED), np.zeros(len(texts), np.bool_)
    glued[rare] = np.maximum(glued[rare], found["glued"].to_numpy())
    markup[rare] = found["markup"].to_numpy()
    units = _units(shape["text"], chars, shape["spaces"].to_numpy() + 1)
    terminal = shape["terminal"].to_numpy().copy()
    omits = np.flatnonzero(shape["omits"].to_numpy() & ~terminal)
    terminal[omits] = [_CUT_WITH_LINK.search(line[-LINK_END_CHARS:]) is not None for line in shape["text"][omits]]
    cls = np.select(
        [
            (units >= LONG_UNITS) | (terminal & (units >= LONG_SENTENCE_UNITS)),
            shape["bullet"].to_numpy(),
            terminal & (units >= SHORT_UNITS),
            units >= SHORT_UNITS,
        ],
        [ord("B"), ord("L"), ord("S"), ord("T")],
        ord("W"),
    ).astype(np.uint8)
    cls[shape["ornament"].to_numpy()] = ord("N")
    # Longer lines are compared as they are: no phrase is as long, and no two differ in case alone.
    medium = np.flatnonzero(chars <= ALSO_CHARS)
    fold = shape["text"][medium].to_frame().select(folded(pl.col("text"))).to_series()
    hashes = shape["text"].hash(0).to_numpy().copy()
    hashes[medium] = fold.hash(0).to_numpy()
    mark_begun(cls, shape["text"], medium=medium, fold=fold, chars=chars, terminal=terminal)
    mark_told(cls, medium, fold)
    mark_consents(cls, shape["text"], chars)
    cls[rare[found["icons"].to_numpy()]] = ord("i")
    mark_known(cls, medium, fold, chars)
    short = np.flatnonzero(chars <= DURATION_CHARS)
    scored = short[shape["text"][short].str.contains("_", literal=True).to_numpy()]
    cls[[row for row in scored.tolist() if _is_icon_name(shape["text"][row])]] = ord("i")
    cls[short[dates.durations(shape["text"][short]).to_numpy()]] = ord("t")
    date_start, date_end, date_use, is_age, further_dates = _dates(cls, shape["text"], chars, terminal)
    continues = shape["continues"].to_numpy() & np.isin(cls, OF_TEXT)
    is_open = shape["open"].to_numpy() & (units >= OPEN_UNITS)
    return LineTexts(
        chars, units, cls, hashes, terminal, continues, is_open, shape["closes"].to_numpy(), shape["bullet"].to_numpy(),
        date_start, date_end, date_use, is_age, further_dates, glued, markup,
    )  # fmt: skip


def _is_icon_name(text: str) -> bool:
    """Whether a line is the name of a symbol of an icon font.

    >>> _is_icon_name("chevron_right"), _is_icon_name("user_id")
    (True, False)
    """
    return _ICON_NAME.fullmatch(text) is not None and not _ICON_PARTS.isdisjoint(text.split("_"))


def _units(text: pl.Series, chars: NDArray[np.int64], words: NDArray[np.int64]) -> NDArray[np.float64]:
    """Words, and half the characters of scripts without spaces."""
    units = words.astype(np.float64)
    wide = np.flatnonzero(text.str.len_bytes().to_numpy() >= 2 * chars)
    spaceless = text[wide].str.count_matches(_SPACELESS).to_numpy()
    units[wide] += np.where(spaceless > 0, spaceless / 2 - 1, 0)
    return np.maximum(units, 1.0)


def _dates(
    cls: NDArray[np.uint8], text: pl.Series, chars: NDArray[np.int64], terminal: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64], list[str | None], NDArray[np.bool_], Further]:
    """Mark the date lines; where the first date stands in each, which hold an age, and what further dates there are."""
    # A date within a sentence is no date line.
    is_short = (cls != ord("B")) & ((chars <= SHORT_DATE_CHARS) | ((chars <= DATE_CHARS) & ~terminal))
    short = np.flatnonzero(is_short)
    start = np.full(len(cls), -1, np.int64)
    end = np.full(len(cls), -1, np.int64)
    use: list[str | None] = [None] * len(cls)
    line = text[short]
    shape = line.to_frame("t").select(
        clock=pl.col("t").str.contains(_CLOCK_LINE), icon=pl.col("t").str.head(_ICON_STEM_CHARS).is_in(_ICON_STEMS)
    )
    icon = np.zeros(len(short), np.int64)
    bare = line
    if shape["icon"].any():
        bare = line.str.replace(_ICON_BEFORE_DATE, "$1")
        icon = (line.str.len_chars() - bare.str.len_chars()).to_numpy().astype(np.int64)
    is_age = np.zeros(len(cls), np.bool_)
    further: Further = {}
    for row, first, last, _, what, form in dates.spans(bare).iter_rows():
        number, shift = int(short[row]), int(icon[row])
        if form == "age":
            is_age[number] = True
        if start[number] >= 0:
            further.setdefault(number, []).append((first + shift, last + shift, what))
            continue
        start[number], end[number], use[number] = first + shift, last + shift, what
    clock = short[shape["clock"].to_numpy()]
    clock = clock[start[clock] < 0]
    start[clock], end[clock] = 0, chars[clock]
    cls[start >= 0] = ord("D")
    return start, end, use, is_age, further
