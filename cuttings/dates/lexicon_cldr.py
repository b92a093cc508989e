"""Prints what CLDR knows of the lexicon: `python -m cuttings.dates.lexicon_cldr > cuttings/dates/data/cldr.tsv`.

A line is `kind value language word|word|…`, tab-separated. From each locale come the month and weekday words, the words
of day periods, the units of durations, the words of "ago", and the literal words inside its date patterns. The file is
committed, because loading sixty locales costs half a second and the reader needs a twentieth of that.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

import babel
from babel import Locale

LOCALES: Final = [
    "af",
    "am",
    "ar",
    "ar_LB",
    "ar_MA",
    "ar_DZ",
    "az",
    "be",
    "bg",
    "bn",
    "bs",
    "bs_Cyrl",
    "ca",
    "cs",
    "cy",
    "da",
    "de",
    "de_AT",
    "el",
    "en",
    "en_GB",
    "en_AU",
    "en_CA",
    "es",
    "es_MX",
    "et",
    "eu",
    "fa",
    "fa_AF",
    "fi",
    "fil",
    "fr",
    "fr_CA",
    "ga",
    "gl",
    "gu",
    "he",
    "hi",
    "hr",
    "hu",
    "hy",
    "id",
    "is",
    "it",
    "ja",
    "ka",
    "kk",
    "km",
    "kn",
    "ko",
    "ky",
    "lo",
    "lt",
    "lv",
    "mk",
    "ml",
    "mn",
    "mr",
    "ms",
    "mt",
    "my",
    "nb",
    "ne",
    "nl",
    "nn",
    "pa",
    "pl",
    "ps",
    "pt",
    "pt_PT",
    "ro",
    "ru",
    "si",
    "sk",
    "sl",
    "so",
    "sq",
    "sr",
    "sr_Latn",
    "sv",
    "sw",
    "ta",
    "te",
    "th",
    "tr",
    "uk",
    "ur",
    "uz",
    "uz_Cyrl",
    "vi",
    "yue",
    "zh",
    "zh_Hant",
    "zu",
]
UNITS: Final = ("second", "minute", "hour", "day", "week", "month", "year")
# Written without spaces between words: what is common to all units is a run of characters, not of words.
UNSPACED: Final = frozenset({"ja", "zh", "yue", "th", "km", "lo", "my", "ko"})
DAY_PERIODS: Final = {
    "am": "am", "pm": "pm", "midnight": "midnight", "noon": "noon", "morning1": "morning", "morning2": "morning",
    "afternoon1": "afternoon", "afternoon2": "afternoon", "evening1": "evening", "evening2": "evening",
    "night1": "night", "night2": "night",
}  # fmt: skip
_FIXED_COUNTS: Final = {"one": 1, "two": 2}
_LITERAL: Final = re.compile(r"'([^']+)'|([^\W\da-zA-Z_][^\sa-zA-Z]*)")
_NOT_A_WORD: Final = re.compile(r"[\W\d_]*")

Row = tuple[str, str, str, str]


def _plain(value: Any) -> Any:
    return {k: _plain(v) for k, v in value.items()} if hasattr(value, "items") else value


def _ends(pattern: str) -> tuple[str, str]:
    before, _, after = pattern.partition("{0}")
    return before.strip(), after.strip()


def _common_start(texts: list[str], by_char: bool) -> str:
    parts = [list(t) if by_char else t.split() for t in texts]
    shared = []
    for column in zip(*parts, strict=False):
        if len(set(column)) > 1:
            break
        shared.append(column[0])
    return ("" if by_char else " ").join(shared)


def _common_end(texts: list[str], by_char: bool) -> str:
    parts = [t[::-1] if by_char else " ".join(reversed(t.split())) for t in texts]
    shared = _common_start(parts, by_char)
    return shared[::-1] if by_char else " ".join(reversed(shared.split()))


def _relative(language: str, fields: dict[str, Any]) -> Iterator[Row]:
    by_char = language in UNSPACED
    long = [_ends(p) for u in UNITS for p in fields[u].get("past", {}).values() if "{0}" in p]
    if not long:
        return
    before, after = _common_start([b for b, _ in long], by_char), _common_end([a for _, a in long], by_char)
    if before:  # of two words, "for 3 timer siden", the second says "ago": the first alone is a common preposition
        yield "approx" if after else "ago", "-", language, before
    if after:
        yield "ago", "-", language, after
    for unit in UNITS:
        for width in ("", "-short", "-narrow"):
            for plural, pattern in fields.get(unit + width, {}).get("past", {}).items():
                head, tail = _ends(pattern)
                if "{0}" not in pattern and plural in _FIXED_COUNTS:  # a word of its own for one or two
                    yield "ageago", f"{unit}*{_FIXED_COUNTS[plural]}", language, pattern
                if "{0}" not in pattern or not (head.startswith(before) and tail.endswith(after)):
                    continue
                head = head[len(before) :].strip()
                tail = tail[: len(tail) - len(after)].strip()
                if before or after:
                    yield from (("unit", unit, language, word) for word in (head, tail) if word)
                elif head and tail:  # Swahili: the word of "ago" agrees with its noun
                    yield from (("unit", unit, language, head), ("ago", "-", language, tail))
                elif tail:
                    yield "unitago", unit, language, tail


def _rows(name: str) -> Iterator[Row]:
    locale = Locale.parse(name)
    language = {"yue": "zh"}.get(locale.language, locale.language)
    for widths in _plain(dict(locale._data["months"])).values():
        for width in ("wide", "abbreviated"):
            for number, word in widths.get(width, {}).items():
                yield "month", str(number), language, word
    for widths in _plain(dict(locale._data["days"])).values():
        for width in ("wide", "abbreviated", "short"):
            for number, word in widths.get(width, {}).items():
                yield "weekday", str(number), language, word
    for widths in _plain(dict(locale._data["day_periods"])).values():
        for periods in widths.values():
            for period, word in periods.items():
                if period in DAY_PERIODS and len(word) > 1 and isinstance(word, str):
                    yield "period", DAY_PERIODS[period], language, word
    units = _plain(dict(locale._data["unit_patterns"]))
    for unit in UNITS:
        for width in ("long", "short", "narrow"):
            for plural, pattern in units.get(f"duration-{unit}", {}).get(width, {}).items():
                if isinstance(pattern, str) and "{0}" in pattern and plural != "per":
                    for word in _ends(pattern):
                        if word and (width != "narrow" or len(word) > 1):
                            yield "unit", unit, language, word
    yield from _relative(language, _plain(dict(locale._data["date_fields"])))
    patterns = [str(p.pattern if hasattr(p, "pattern") else p) for p in locale._data["date_formats"].values()]
    patterns += [str(p) for p in locale._data["datetime_formats"].values()]
    patterns += [str(p) for p in locale._data["datetime_skeletons"].values()]
    for pattern in patterns:
        for quoted, bare in _LITERAL.findall(pattern):
            for word in (quoted or bare).split():
                yield "filler", "-", language, word


def main() -> None:
    """Print the file, one line for each kind, value and language, in a fixed order."""
    words: dict[tuple[str, str, str], dict[str, None]] = defaultdict(dict)
    for name in LOCALES:
        for kind, value, language, word in _rows(name):
            folded = word.replace("\u200f", "").replace("\u200e", "").lower().strip(" .,،")
            if folded and not _NOT_A_WORD.fullmatch(folded) and "|" not in folded and "/" not in folded:
                words[kind, value, language][folded] = None
    print(f"# CLDR through Babel {babel.__version__}; made by cuttings.dates.lexicon_cldr, do not edit")
    for (kind, value, language), found in sorted(words.items()):
        print(kind, value, language, "|".join(sorted(found)), sep="\t")


if __name__ == "__main__":
    main()
