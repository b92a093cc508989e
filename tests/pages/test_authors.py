"""A name above the last words of a text heads a note on its author."""

from __future__ import annotations

import polars as pl
import pytest

from cuttings.pages import authors, cut_pages

PAGES = {
    "en": (
        "Salt comes back to the pans",
        "By Maren Oakfield",
        "Salt is made again at the pans of Wick, where the last grain was raked in the summer of 1938, when the railway"
        " brought cheaper salt from the mines in the south.",
        "The sea is let in at spring tides and stands for three weeks in the shallow beds, until the sun and the wind"
        " have left nothing but a white crust that breaks like thin ice.",
        "Eleven people work there now, most of them for a few hours a day, and what they rake is sold to cooks who pay"
        " ten times the price of the salt from the mines.",
        "About Maren Oakfield",
        "For the paper Maren Oakfield has walked along every beach between Wick and the lighthouse.",
    ),
    "de": (
        "Das Salz kehrt in die Pfannen zurück",
        "Von Maren Eichfeld",
        "In den Pfannen von Wiek wird wieder Salz gewonnen, wo im Sommer 1938 das letzte Korn gerecht worden war, als"
        " die Bahn billigeres Salz aus den Bergwerken im Süden brachte.",
        "Bei Springflut wird das Meer eingelassen und steht drei Wochen in den flachen Becken, bis Sonne und Wind"
        " nichts als eine weiße Kruste übrig lassen, die wie dünnes Eis zerbricht.",
        "Elf Menschen arbeiten dort inzwischen, die meisten für wenige Stunden am Tag, und was sie rechen, kaufen Köche"
        " zum zehnfachen Preis des Salzes aus den Bergwerken.",
        "Über Maren Eichfeld",
        "Für die Zeitung ist Maren Eichfeld jeden Strand zwischen Wiek und dem Leuchtturm abgegangen.",
    ),
}


def texts(role: str, lines: tuple[str, ...]) -> list[str]:
    segments = cut_pages(["\n".join([*lines, ""]).encode()]).segments
    return segments.filter(pl.col("role") == role)["text"].to_list()


@pytest.mark.parametrize("language", PAGES)
def test_the_name_of_the_author_heads_a_note(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    *text, heading, note = PAGES[language]
    name = heading.partition(" ")[2]
    for head in (heading, name):  # the name alone stands above the text as well
        page = (*text, head, note)
        assert texts("body", page) == text[2:]
        assert note in texts("author_bio", page)
    monkeypatch.setattr(authors, "_names_author", lambda page, i, start: False)
    assert note in texts("body", PAGES[language])


@pytest.mark.parametrize("language", PAGES)
def test_another_name_heads_a_part_of_the_text(language: str) -> None:
    *text, heading, note = PAGES[language]
    name = heading.partition(" ")[2]
    assert note.replace(name, "Odo Thorn") in texts("body", (*text, "Odo Thorn", note.replace(name, "Odo Thorn")))


@pytest.mark.parametrize("language", PAGES)
def test_a_name_above_much_of_the_text_heads_no_note(language: str) -> None:
    title, byline, first, *others, _, note = PAGES[language]
    name = byline.partition(" ")[2]
    page = (title, byline, first, name, note, *others)
    assert texts("body", page)[-len(others) :] == others


AUTHOR_NOTES = (
    "The author is a lighthouse keeper and lives near Wick.",
    "Autor je komentátorem listu a spisovatelem.",
    "L’autrice è insegnante a Wick.",
    "Kirjoittaja on ystävä ja entinen oppilas.",
)


@pytest.mark.parametrize("note", AUTHOR_NOTES)
def test_a_note_at_the_end_may_name_nobody(note: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = PAGES["en"][:-2]
    assert texts("author_bio", (*text, note)) == [note]
    monkeypatch.setattr(authors, "_AUTHOR_IS", ("nobody is",))
    assert texts("author_bio", (*text, note)) == []


NOTES = {"en": "Walks along every beach for the paper. Writes of salt and of those who make it.",
         "de": "Geht für die Zeitung jeden Strand ab. Schreibt über Salz und über alle, die es gewinnen."}  # fmt: skip


@pytest.mark.parametrize("language", PAGES)
def test_the_name_that_stands_alone_above_the_text_and_below_it_heads_a_note(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    *text, heading, _ = PAGES[language]
    name = heading.partition(" ")[2]
    page = (text[0], name, *text[2:], name, NOTES[language])
    assert texts("body", page) == text[2:]
    assert NOTES[language] in texts("author_bio", page)
    # The name of who tells what follows stands far from the end.
    interview = (text[0], name, text[2], name, *text[3:])
    assert texts("author_bio", interview) == []
    monkeypatch.setattr(authors, "_is_byline", lambda page, i, start: False)
    assert NOTES[language] in texts("body", page)
