"""Makes the lexicon: `python -m cuttings.dates.lexicon_build > cuttings/dates/data/lexicon.tsv`.

Joins `cldr.tsv` (from CLDR, `lexicon_cldr`), `site.tsv` (what moment and date-fns print on sites, `site_words.js`) and
`extra.tsv` (by hand: zones, labels, numbers, what the others lack; the kind `omit` takes a meaning away) into one line
a phrase: `phrase<TAB>language:meaning,meaning;language:meaning`. A meaning is a class of the grammar and a value.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from importlib.resources import files
from typing import Final

from cuttings.dates.lexicon import ORDER, PRIORITY, Meaning, phrase_key

SOURCES: Final = ("extra.tsv", "cldr.tsv", "site.tsv")  # of two meanings in one class the earlier file's counts
CLASSES: Final = {
    "month": "M", "weekday": "W", "unit": "U", "ago": "A", "unitago": "R", "age": "E", "ageago": "e", "vague": "v",
    "vagueago": "w", "halfago": "w", "day": "C", "now": "N", "approx": "V", "count": "Q", "period": "P", "zone": "Z",
    "hourmark": "H", "minutemark": "I", "secondmark": "S", "yearmark": "Y", "monthmark": "G", "daymark": "D",
    "filler": "F", "label": "L", "last": "K", "lastweekday": "k", "by": "B", "page": "J", "ordinal": "O", "iso": "T",
    "era": "r", "monthbefore": "g",
}  # fmt: skip
_OMIT: Final = "omit"
_GREEK_TO: Final = "\u0400"
_PLAIN_ALIF: Final = str.maketrans("أإ", "اا")

Phrases = dict[str, dict[str, dict[Meaning, None]]]


def _without_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not "\u0300" <= c <= "\u036f")


def _read() -> Phrases:
    found: Phrases = {}
    omitted: list[tuple[str, str, str]] = []
    for name in SOURCES:
        for line in files(__package__).joinpath("data", name).read_text(encoding="utf-8").splitlines():
            if not line or line.startswith("#"):
                continue
            kind, value, languages, words = line.split("\t")
            for language in languages.split():
                for word in words.split("|"):
                    phrase = phrase_key(word).removesuffix(" .")
                    if kind == _OMIT:
                        omitted.append((phrase, language, value))
                    else:
                        found.setdefault(phrase, {}).setdefault(language, {})[CLASSES[kind], value] = None
    for phrase, language, kind in omitted:
        meanings = found[phrase][language]
        for meaning in [m for m in meanings if m[0] == kind]:
            del meanings[meaning]
    return found


def _with_variants(found: Phrases) -> Phrases:
    """Also without hyphens between words, and words of some length without their accents: Latin ones as keyboards
    without them write these, Greek ones as they stand in capitals, Turkish ones as capitals come back from `lower`, and
    Arabic ones without the hamza of an alif, which many writers leave out.
    """
    for phrase in list(found):
        variants = [phrase.replace(" - ", " ")]
        if len(phrase) > 3 and phrase < _GREEK_TO:
            variants.append(_without_accents(phrase).replace("ı", "i"))
        elif len(phrase) > 3:
            variants.append(phrase.translate(_PLAIN_ALIF))
        for variant in variants:
            if variant != phrase:
                for language, meanings in found[phrase].items():
                    found.setdefault(variant, {}).setdefault(language, dict(meanings))
    return found


def _sorted(found: Iterable[Meaning]) -> list[Meaning]:
    """One meaning a class, the likeliest class first."""
    by_class: dict[str, list[Meaning]] = {}
    for meaning in found:
        by_class.setdefault(meaning[0], []).append(meaning)
    if "A" in by_class:  # what says "ago" alone needs no second word behind
        by_class.pop("V", None)
    # The word for "month" is the name of none, nor "last" a weekday.
    kept = [same[0] for kind, same in by_class.items() if kind not in "MWk" or len(same) <= 2]
    return sorted(kept, key=lambda m: ORDER.index(m[0]))


def main() -> None:
    """Print the lexicon, phrases in order of their characters, languages by `PRIORITY`."""
    rank = {language: i for i, language in enumerate(PRIORITY)}
    for phrase, languages in sorted(_with_variants(_read()).items()):
        entries = []
        for language in sorted(languages, key=lambda x: (rank.get(x, len(rank)), x)):
            if meanings := _sorted(languages[language]):
                entries.append(f"{language}:{','.join(kind + value for kind, value in meanings)}")
        if entries:
            print(phrase, ";".join(entries), sep="\t")


if __name__ == "__main__":
    main()
