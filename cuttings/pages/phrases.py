"""Furniture phrases of `lexicon.tsv`, looked up in the lines of a batch: whole lines, and lines that begin with one or
hold one anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final
from unicodedata import combining, normalize

import numpy as np
import polars as pl
from numpy.typing import NDArray

# Class of each kind of the lexicon.
KIND_CLASS: Final = {
    "related": "R", "also": "I", "ad": "A", "share": "H", "comments": "C", "promo": "P", "legal": "X", "video": "V",
    "nav": "N", "tags": "G", "more": "K", "paywall": "Q", "caption": "c", "alt": "a", "byline": "Y", "live": "E",
    "consent": "X", "embed": "P",
}  # fmt: skip
# Kinds of phrases that make no line furniture: the names that sections have, and what a page says that stands in the
# place of another.
SECTION, NOTICE = "section", "notice"
TAGS: Final = "tags"
# And the words of what a site asks of its reader: "wall_" and what they are of.
WALL: Final = "wall_"
# A furniture phrase stands on a line of at most this many characters.
MARKER_CHARS: Final = 90
# "Also read: " and a title behind it.
ALSO_CHARS: Final = 220
# "More from Somewhere" is a heading, a longer line is a sentence.
HEADING_CHARS: Final = 60
BYLINE_CHARS: Final = 60
# "34 responses to …": a count before the word for comments.
_COMMENT_COUNT: Final = (
    r"^\d+ ?(?:comments?|responses? to|replies|kommentare?|commentaires?|comentarios?|comentários?|commenti|reacties"
    r"|komentarz|komentář|комментари|коментар|yorum|komentar|bình luận|件のコメント|条评论|則留言"
    r"|(?:answers?|respuestas?|réponses?|respostas?|risposte|antworten|svar|odpowiedzi|odpovědi|ответ(?:ов|а)?"
    r"|cevap|yanıt|jawaban|câu trả lời|件の回答|个回答|개의 답변)$)"
)
# "댓글 0", "ΣΧΟΛΙΑ (4)", "コメント 0件": a phrase of comments and how many there are, on a line of so many characters.
# What is left without digits, brackets and the words that count things in scripts without spaces is the phrase.
COUNT_CHARS: Final = 40
_COUNTS: Final = "0123456789٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹ \u00a0()（）[]:：件個개건條条則则"
_HASHTAGS: Final = re.compile(r"#\S+(?: #\S+)*")
# Classes of the lines that begin with a phrase, a later one before an earlier one, and their longest lines.
_BEGINNINGS: Final = {
    "Y": BYLINE_CHARS, "c": MARKER_CHARS, "N": HEADING_CHARS, "H": MARKER_CHARS, "G": MARKER_CHARS, "P": MARKER_CHARS,
    "X": MARKER_CHARS, "Q": MARKER_CHARS, "C": MARKER_CHARS, "R": HEADING_CHARS,
}  # fmt: skip
# A consent text is searched for in lines of so many characters or more; shorter ones are no danger.
CONSENT_CHARS: Final = 40
# What parts an "also read" from its title.
_SEPARATORS: Final = tuple(":：|–—►▶»]】")
# Behind a phrase of tags stands one of these, and then the tags: "Ετικέτες: Λέσβος, ελιές".
_TAG_SIGNS: Final = (":", "：", " :")
# Lines are looked up by so many of their first characters, and then compared with the phrases that begin so.
STEM_CHARS: Final = 4
# Scripts from here on write no spaces: a phrase may stand in the middle of a word.
FIRST_SPACELESS: Final = 0x2E80
# Shorter Latin phrases without their accents are words of other languages.
BARE_CHARS: Final = 9
_FIRST_GREEK: Final = "\u0370"
_FIRST_CYRILLIC: Final = "\u0400"
# The small letter of İ, as Unicode has it: an i with a dot above it.
_DOTTED_I: Final = "i\u0307"
# "Advertiser | network" under the headline of an advert.
_AD_BRAND: Final = (
    r"(?i)\| ?(?:sponsored|promoted|search ads?|ads?|anzeige|werbung|publicité|reklama|реклама|広告|廣告|广告)$"
)
_OUTER: Final = (
    " \t\u00a0\u200b\u200e\u200f\u202a\u202b\u202c\ufeff\u00ad:：.…!|»›→>«<-–—•·*▼▲►▶↓↑#+=/\\\"'“”‘’【】[]()（）「」"
)


@dataclass(frozen=True, slots=True)
class _Start:
    """A phrase that lines of a class begin with; `ends_word` where a letter behind it would make it another word."""

    phrase: str
    kind: str
    ends_word: bool


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """`known` are whole lines with their class, `comments` those of comments; `starts` the beginnings, by their first
    STEM_CHARS characters; `told` what stands anywhere in a line of a class, `consents` in one of a consent text or of
    an embed, as patterns; `embeds` in what stands in the place of a post or a video that is not shown without consent;
    `apart` are phrases that make no line furniture, by kind and by how they stand in it.
    """

    known: pl.DataFrame
    comments: list[str]
    starts: dict[str, list[_Start]]
    told: dict[str, str]
    consents: str
    embeds: list[str]
    apart: dict[tuple[str, str], frozenset[str]]

    def stems(self) -> dict[int, list[str]]:
        """The keys of `starts` by their length."""
        found: dict[int, list[str]] = {}
        for stem in self.starts:
            found.setdefault(len(stem), []).append(stem)
        return found


@cache
def _lexicon() -> _Lexicon:
    exact: dict[str, str] = {}
    starts: dict[str, list[_Start]] = {}
    told: dict[str, list[str]] = {}
    long: dict[str, list[str]] = {"consent": [], "embed": []}
    apart: dict[tuple[str, str], frozenset[str]] = {}
    for line in files("cuttings.pages").joinpath("lexicon.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line:
            continue
        kind, how, phrases = line.split("\t")
        written = phrases.split("|")
        if kind in (SECTION, NOTICE) or kind.startswith(WALL):
            apart[kind, how] = apart.get((kind, how), frozenset()) | frozenset(written)
            continue
        if how == "~":
            (long[kind] if kind in long else told.setdefault(KIND_CLASS[kind], [])).extend(written)
            continue
        for phrase in dict.fromkeys([*written, *map(_without_accents, written)]):
            if how == "=":
                exact.setdefault(phrase, KIND_CLASS[kind])
                for sign in _TAG_SIGNS if kind == TAGS else ():
                    starts.setdefault((phrase + sign)[:STEM_CHARS], []).append(_Start(phrase + sign, "G", False))
            else:
                # After a letter of a script with spaces the word must end.
                ends_word = phrase[-1].isalpha() and ord(phrase[-1]) < FIRST_SPACELESS
                starts.setdefault(phrase[:STEM_CHARS], []).append(_Start(phrase, KIND_CLASS[kind], ends_word))
    known = pl.DataFrame({"fold": list(exact), "kind": list(exact.values())})
    patterns = {kind: any_of(written) for kind, written in told.items()}
    comments = [phrase for phrase, kind in exact.items() if kind == KIND_CLASS["comments"]]
    return _Lexicon(known, comments, starts, patterns, any_of(long["consent"] + long["embed"]), long["embed"], apart)


def any_of(words: Iterable[str]) -> str:
    """A pattern of some words. Polars keeps it compiled; of a list of words it builds an automaton for each search."""
    return "|".join(map(pl.escape_regex, words))


@cache
def live_phrases() -> frozenset[str]:
    """What is written on live pages and nowhere else, folded."""
    known = _lexicon().known
    return frozenset(known.filter(pl.col("kind") == KIND_CLASS["live"])["fold"])


@cache
def whole_lines() -> frozenset[str]:
    """The phrases that are furniture as a whole line, folded."""
    return frozenset(_lexicon().known["fold"])


def is_section(text: str) -> bool:
    """Whether a line is the name that a section has on many sites: "Politics", "Faits divers"."""
    return folded_text(text) in _lexicon().apart[SECTION, "="]


def is_notice(text: str) -> bool:
    """Whether a line says that there is nothing here, or not yet: not found, no results, sign in first."""
    folded, apart = folded_text(text), _lexicon().apart
    return folded in apart[NOTICE, "="] or any(phrase in folded for phrase in apart[NOTICE, "~"])


def wall_words() -> dict[tuple[str, str], frozenset[str]]:
    """The words of what a site asks of its reader, by what they are of and how they stand in a text."""
    apart = _lexicon().apart
    return {(kind.removeprefix(WALL), how): words for (kind, how), words in apart.items() if kind.startswith(WALL)}


def folded_text(text: str) -> str:
    """As `folded`, for one text."""
    return text.strip(_OUTER).lower().replace(_DOTTED_I, "i")


def _without_accents(phrase: str) -> str:
    """A phrase of Latin or Greek letters as it is read again from capitals, which often go without their accents."""
    is_latin = phrase[0] < _FIRST_GREEK
    if phrase[0] >= _FIRST_CYRILLIC or (is_latin and len(phrase) < BARE_CHARS):
        return phrase
    bare = "".join(c for c in normalize("NFD", phrase) if not combining(c))
    return normalize("NFC", bare).replace("ı", "i")


def folded(text: pl.Expr) -> pl.Expr:
    """Lower case, without outer punctuation: what the lexicon and the search for repeats compare."""
    return text.str.strip_chars(_OUTER).str.to_lowercase().str.replace_all(_DOTTED_I, "i", literal=True)


def mark_begun(
    cls: NDArray[np.uint8], text: pl.Series, *, medium: NDArray[np.int64], fold: pl.Series, chars: NDArray[np.int64],
    terminal: NDArray[np.bool_],
) -> None:  # fmt: skip
    """Overwrite the class of the lines that begin with a furniture phrase; `fold` are the folded `medium` lines."""
    is_short = chars[medium] <= MARKER_CHARS
    begun, kind, behind = _beginnings(fold)
    for name, longest in _BEGINNINGS.items():
        hit = medium[begun[kind == ord(name)]]
        hit = hit[chars[hit] <= longest]
        cls[hit[~terminal[hit]] if name in "RYN" else hit] = ord(name)
    cls[medium[is_short & fold.str.contains(_COMMENT_COUNT).to_numpy()]] = ord("C")
    cls[medium[_count_comments(fold, chars[medium])]] = ord("C")
    is_notice = (kind == ord("X")) & behind.str.strip_chars_start(" ©(c)").str.head(2).is_in(("19", "20")).to_numpy()
    cls[medium[begun[is_notice]]] = ord("X")
    is_also = kind == ord("I")
    also = medium[begun[is_also]]
    is_titled = _is_titled(text[also], behind.filter(pl.Series(is_also))) & ~terminal[also] & (cls[also] != ord("R"))
    is_also[is_also] = _is_separated(behind.filter(pl.Series(is_also))) | is_titled
    cls[medium[begun[is_also]]] = ord("I")
    short = medium[is_short]
    short_text = text[short]
    tags = np.flatnonzero(short_text.str.starts_with("#").to_numpy())
    are_tags = [_HASHTAGS.fullmatch(line) is not None for line in short_text[tags]]
    cls[short[tags[np.array(are_tags, np.bool_)]]] = ord("G")
    cls[short[short_text.str.contains(_AD_BRAND).to_numpy()]] = ord("A")


def mark_told(cls: NDArray[np.uint8], medium: NDArray[np.int64], fold: pl.Series) -> None:
    """Overwrite the class of the lines that hold a phrase of the furniture anywhere: sentences, too, are furniture."""
    for name, phrases in _lexicon().told.items():
        cls[medium[fold.str.contains(phrases).to_numpy()]] = ord(name)


def mark_consents(cls: NDArray[np.uint8], text: pl.Series, chars: NDArray[np.int64]) -> None:
    """Overwrite the class of the lines in which a site asks to be let store and share data: long sentences that read
    like an article's, but no article says "we and our partners". In the place of a post or a video they stand within
    the text, which goes on behind them: no end of a page, and no parts of one long notice.
    """
    lexicon = _lexicon()
    some = np.flatnonzero(chars >= CONSENT_CHARS)
    small = text[some].str.to_lowercase()
    found = np.flatnonzero(small.str.contains(lexicon.consents).to_numpy())
    are_embeds = [any(phrase in line for phrase in lexicon.embeds) for line in small[found]]
    cls[some[found]] = [ord(KIND_CLASS["embed" if is_embed else "consent"]) for is_embed in are_embeds]


def mark_known(cls: NDArray[np.uint8], medium: NDArray[np.int64], fold: pl.Series, chars: NDArray[np.int64]) -> None:
    """Overwrite the class of the lines that are a furniture phrase and nothing else."""
    kinds = pl.DataFrame({"fold": fold}).join(_lexicon().known, on="fold", how="left", maintain_order="left")["kind"]
    known = kinds.is_not_null().to_numpy() & (chars[medium] <= MARKER_CHARS)
    cls[medium[known]] = np.array([ord(kind) for kind in kinds.filter(pl.Series(known)).to_list()], np.uint8)


def _count_comments(fold: pl.Series, chars: NDArray[np.int64]) -> NDArray[np.int64]:
    """The lines that are a phrase of comments and a number, in either order."""
    bare = fold.str.strip_chars(_COUNTS)
    counted = np.flatnonzero((bare.str.len_bytes() < fold.str.len_bytes()).to_numpy() & (chars <= COUNT_CHARS))
    return np.asarray(counted[bare[counted].is_in(_lexicon().comments).to_numpy()])


def _is_separated(behind: pl.Series) -> NDArray[np.bool_]:
    """True where a colon, bar or dash stands behind the phrase, and then more text."""
    rest = behind.str.strip_chars_start()
    has_text = rest.str.slice(1).str.strip_chars() != ""
    return (rest.str.head(1).is_in(_SEPARATORS) & has_text).to_numpy()


def _is_titled(text: pl.Series, behind: pl.Series) -> NDArray[np.bool_]:
    """True where what is behind a phrase of several words begins as a title does: "Read more Council votes".

    A sentence goes on in small letters, "Read more about the vote"; scripts without them do not tell.
    """
    found = []
    for line, rest in zip(text, behind, strict=True):
        written = line.strip(_OUTER)
        phrase, title = written[: len(written) - len(rest)], written[len(written) - len(rest) :]
        start = title.lstrip(_OUTER)[:1]
        found.append(" " in phrase and title[:1].isspace() and start.isalnum() and not start.islower())
    return np.array(found, np.bool_)


def _beginnings(fold: pl.Series) -> tuple[NDArray[np.int64], NDArray[np.uint8], pl.Series]:
    """The furniture phrases that lines begin with: the line, the class and what stands behind the phrase."""
    lexicon = _lexicon()
    stems = lexicon.stems()
    may_begin = pl.any_horizontal(pl.col("fold").str.head(size).is_in(heads) for size, heads in stems.items())
    some = np.flatnonzero(fold.to_frame("fold").select(may_begin).to_series().to_numpy())
    found = [
        (at, start, line[len(start.phrase) :])
        for at, line in zip(some.tolist(), fold[some].to_list(), strict=True)
        for size in stems
        for start in lexicon.starts.get(line[:size], ())
        if line.startswith(start.phrase)
    ]
    behind = pl.Series([rest for _, _, rest in found], dtype=pl.String)
    goes_on = behind.str.contains(r"^\w").to_numpy() & np.array([start.ends_word for _, start, _ in found], np.bool_)
    line = np.array([at for at, _, _ in found], np.int64)
    kind = np.frombuffer("".join([start.kind for _, start, _ in found]).encode(), np.uint8)
    return line[~goes_on], kind[~goes_on], behind.filter(pl.Series(~goes_on))
