"""The main language of a page: by script, then by its most frequent small words; null when unsure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from itertools import chain, pairwise, repeat
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cuttings.pages.markers import Lines

# Only so many characters of long lines are looked at.
SAMPLE_CHARS: Final = 3000
SAMPLE_LINES: Final = 5
LINE_CHARS: Final = 800
# Least small words for a verdict, and how far the best must be ahead of the second.
LEAST_WORDS: Final = 4
LEAD: Final = 1.3
# Share of the letters that a script needs; kana stand between Chinese characters. Measured on so many characters.
SCRIPT_SHARE: Final = 0.4
LATIN_SHARE: Final = 0.7
LATIN_END: Final = 0x24F
KANA_SHARE: Final = 0.1
SCRIPT_CHARS: Final = 600

# Ranges of scripts with the language they stand for; those of several languages are told apart by words.
_SCRIPTS: Final = (
    ("ja", 0x3040, 0x30FF), ("ko", 0xAC00, 0xD7A3), ("th", 0x0E00, 0x0E7F), ("el", 0x0370, 0x03FF),
    ("he", 0x0590, 0x05FF), ("ka", 0x10A0, 0x10FF), ("hy", 0x0530, 0x058F), ("bn", 0x0980, 0x09FF),
    ("pa", 0x0A00, 0x0A7F), ("gu", 0x0A80, 0x0AFF), ("ta", 0x0B80, 0x0BFF), ("te", 0x0C00, 0x0C7F),
    ("kn", 0x0C80, 0x0CFF), ("ml", 0x0D00, 0x0D7F), ("si", 0x0D80, 0x0DFF), ("my", 0x1000, 0x109F),
    ("km", 0x1780, 0x17FF), ("am", 0x1200, 0x137F), ("zh", 0x4E00, 0x9FFF), ("arabic", 0x0600, 0x06FF),
    ("cyrillic", 0x0400, 0x04FF), ("devanagari", 0x0900, 0x097F),
)  # fmt: skip
_SHARED: Final = frozenset(("arabic", "cyrillic", "devanagari"))
_WORDS: Final = {
    "en": "the of and to in is that for was with on he said by at from has have are it his as an be were will",
    "de": "der die und das ist nicht von den mit sich des auf für dem ein eine auch im es wird als wurde bei nach",
    "fr": "le la les des et en un une du que est pour dans qui par sur pas au il avec ce plus sont été aux de a "
    "à cette",
    "es": "el la de los las y en que un una por con para del se su es al lo como más fue ha sus este pero",
    "pt": "o a os as de da do que e em um uma para com não no na por mais dos das foi ao se é são pelo",
    "it": "il la di e che è un una per in del della con non si i le sono da al dei nel alla ha anche più gli",
    "nl": "de het een en van is dat op te in voor met zijn niet aan er om ook als door bij naar wordt heeft",
    "sv": "och att det som en på är av för med den till inte har om ett var de från men kan vid ska",
    "no": "og det som en på er av for med den til ikke har om et var de fra men kan vil ble også etter "
    "opp nå seg sier mellom hva blir noe noen flere mot",
    "da": "og det som en på er af for med den til ikke har om et var de fra men kan vil blev også efter "
    "op nu sig siger mellem hvad bliver noget nogle flere mod",
    "fi": "ja on ei että se oli hän mutta myös ovat kun joka mukaan ole kuin vain sen jo tai",
    "pl": "i w na się nie z do że jest to o jak od po przez co dla za ale był są oraz tym jego już",
    "cs": "a v se na je že to s z do o i ve jako za pro by ale k byl po jsou které podle také až",
    "sk": "a v sa na je že to s z do o aj vo ako za pre by ale k bol po sú ktoré podľa tiež",
    "ro": "de și în a la pe cu că nu o din care pentru este un mai s-a au fost sunt prin ca după al",
    "hu": "a az és hogy nem is egy van meg ez de volt csak már még mint szerint azt lesz el",
    "tr": "ve bir bu da de için ile olarak çok daha olan sonra gibi kadar ise en ne ancak olduğunu dedi "
    "göre var ardından yer iki diye oldu etti ilk her tarafından arasında",
    "id": "yang dan di dengan untuk pada ini itu dari dalam tidak akan juga ke tersebut oleh karena sudah ada telah",
    "vi": "và của là có được cho trong không một với các những đã người này đến khi tại từ về",
    "hr": "i je u na se da za su s od koji kako će a iz što ali bi ne to o nije",
    "et": "ja on ei et see oli ta ka kui mis aga oma või seda kes",
    "lt": "ir yra kad į su iš tai ne kaip bet buvo jis už apie dėl",
    "lv": "un ir ka ar no par uz kas bet arī tas nav tika pēc",
    "sw": "na ya wa kwa ni katika la za kuwa huo hiyo yake amesema baada",
    "ru": "и в не на что с по как это его из к за от о был но для также он она года было их",
    "uk": "і в не на що з до як це та за від про був але для також він його у є які року",
    "bg": "и в не на че с за от да се по как това са към но е при като след",
    "sr": "и у је на да се за су од са који ће из што али не то као није",
    "ar": "في من على أن إلى عن التي الذي هذا مع ما كان هذه بعد قال لا بين ذلك",
    "fa": "و در به از که این را با است برای آن های می شد کرد بود خود تا",
    "ur": "کے کی میں اور سے ہے کو نے کا پر ہیں کہ بھی اس یہ تھا کر گیا",
    "hi": "के में की है और से का को ने पर कि यह भी हैं इस लिए एक कर नहीं",
    "mr": "आणि आहे या ते की हे मध्ये तर होते करण्यात नाही त्यांनी आहेत",
    "ne": "र छ को मा ले पनि भएको गरेको हो छन् गर्न भने",
}  # fmt: skip
# Letters that only one of the languages that share their small words writes.
_LETTERS: Final = {"ru": "ыэё", "uk": "іїєґ", "sr": "јљњћђџ", "bg": "ъ"}
LETTER_SHARE: Final = 0.005
_LANGUAGES: Final = tuple(sorted(_WORDS))
# What a word counts: a whole number that any number of languages up to twenty parts without a rest, so that sums are
# the same in whatever order.
WORD: Final = math.lcm(*range(1, 21))
# Number of each small word, from 1 on.
_NUMBER: Final = {word: number for number, word in enumerate(dict.fromkeys(" ".join(_WORDS.values()).split()), start=1)}
_OUTER: Final = ".,:;!?\"'“”‘’()«»"
# Columns of the table of letters: any letter, Latin letters, and then the scripts in their order.
_ANY, _LATIN, _FIRST_SCRIPT = range(3)
_CYRILLIC: Final = _FIRST_SCRIPT + [name for name, _, _ in _SCRIPTS].index("cyrillic")
_PLANE: Final = 0x10000


@cache
def _letter_kinds() -> NDArray[np.uint8]:
    """Column of each code point of the basic plane, plus one; 0 for what is no letter."""
    kinds = np.array(list(map(str.isalpha, map(chr, range(_PLANE)))), np.uint8)
    is_letter = kinds > 0
    for column, (first, last) in enumerate(
        ((0, LATIN_END), *((first, last) for _, first, last in _SCRIPTS)), start=_LATIN
    ):
        kinds[first : last + 1][is_letter[first : last + 1]] = column + 1
    return kinds


@cache
def _belongs() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """1 where a small word is one of a language, and WORD parted among those that have it: (words, languages)."""
    table = np.zeros((len(_NUMBER) + 1, len(_LANGUAGES)))
    for column, language in enumerate(_LANGUAGES):
        table[[_NUMBER[word] for word in _WORDS[language].split()], column] = 1
    return table, table * WORD // np.maximum(table.sum(axis=1, keepdims=True), 1)


def languages(lines: Lines) -> list[str | None]:
    """ISO 639-1 code of each page of a batch, or None: from its longest lines."""
    return languages_of(_samples(lines))


def _samples(lines: Lines) -> list[str]:
    """The longest lines of each page, in their order."""
    longest_first = np.lexsort((-lines.chars, lines.page))
    samples = []
    for first, last in pairwise(lines.page_rows.tolist()):
        longest = sorted(longest_first[first : min(last, first + SAMPLE_LINES)].tolist())
        samples.append(" ".join([lines.text[line][:LINE_CHARS] for line in longest])[:SAMPLE_CHARS])
    return samples


def languages_of(texts: Sequence[str]) -> list[str | None]:
    """ISO 639-1 code of each text; None when too few of its small words are known or two languages are as likely.

    >>> languages_of(["The minister said that the plan was ready and it will be sent to the court.", "2024"])
    ['en', None]
    """
    letters = _letters(texts)
    counts, evidence = _small_words(texts)
    for row in np.flatnonzero(letters[:, _CYRILLIC]).tolist():
        _add_own_letters((counts[row], evidence[row]), texts[row][:SCRIPT_CHARS], int(letters[row, _ANY]))
    ranked = np.sort(evidence, axis=1)
    best = evidence.argmax(axis=1)
    is_ahead = ranked[:, -1] >= LEAD * ranked[:, -2]
    is_sure = (counts[np.arange(len(texts)), best] >= LEAST_WORDS) & is_ahead & (letters[:, _ANY] > 0)
    by_words = [_LANGUAGES[at] if sure else None for at, sure in zip(best.tolist(), is_sure.tolist(), strict=True)]
    return [_by_script(found) or spoken for found, spoken in zip(letters.tolist(), by_words, strict=True)]


def _letters(texts: Sequence[str]) -> NDArray[np.int64]:
    """Letters at the start of each text, in all and by script: (texts, columns)."""
    heads = [text[:SCRIPT_CHARS] for text in texts]
    points = np.frombuffer("".join(heads).encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = _letter_kinds().take(points, mode="clip")
    for rare in np.flatnonzero(points >= _PLANE).tolist():
        kinds[rare] = chr(points[rare]).isalpha()
    columns = _FIRST_SCRIPT + len(_SCRIPTS)
    owner = np.repeat(np.arange(len(texts)), [len(head) for head in heads])
    counts = np.bincount(owner * (columns + 1) + kinds, minlength=len(texts) * (columns + 1))
    found = counts.reshape(len(texts), columns + 1)[:, 1:]
    found[:, _ANY] = found.sum(axis=1)
    return np.asarray(found, np.int64)


def _by_script(letters: Sequence[int]) -> str | None:
    """The language of a script that has one only."""
    total = letters[_ANY]
    if letters[_LATIN] >= LATIN_SHARE * total:
        return None
    for (name, _, _), count in zip(_SCRIPTS, letters[_FIRST_SCRIPT:], strict=True):
        if count / total > (KANA_SHARE if name == "ja" else SCRIPT_SHARE):
            return None if name in _SHARED else name
    return None


def _small_words(texts: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Small words of each language in each text, and the same with each word parted among the languages that have it:
    (texts, languages).
    """
    words = (map(str.strip, text.lower().split(), repeat(_OUTER)) for text in texts)
    known = [list(filter(None, map(_NUMBER.get, own))) for own in words]
    numbers = np.fromiter(chain.from_iterable(known), np.int64)
    kinds = len(_NUMBER) + 1
    owner = np.repeat(np.arange(len(texts)), list(map(len, known)))
    counts = np.bincount(owner * kinds + numbers, minlength=len(texts) * kinds).reshape(len(texts), kinds)
    belongs, parted = _belongs()
    found = counts.astype(np.float64)
    return found @ belongs, found @ parted


def _add_own_letters(scores: Sequence[NDArray[np.float64]], head: str, total: int) -> None:
    """Count the letters that only one language writes like its small words."""
    for name, letters_of in _LETTERS.items():
        own = sum(head.count(letter) for letter in letters_of)
        if own >= LETTER_SHARE * total and not (name == "bg" and "ы" in head):
            for counts, one in zip(scores, (1, WORD), strict=True):
                counts[_LANGUAGES.index(name)] += own * one
