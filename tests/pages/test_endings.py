"""What stands below a text for good, comments and notices: much of it reads like its paragraphs, and is none."""

from __future__ import annotations

import polars as pl
import pytest

from cuttings.pages import article, cut_pages, parse
from cuttings.pages.endings import closing_tags
from cuttings.pages.lines import lex
from cuttings.pages.markers import read_lines
from cuttings.pages.measures import measure
from cuttings.pages.model import score_lines
from cuttings.pages.page import Page, views

LONG = {
    "en": (
        "Old mill wheel turns again",
        "The wheel of the old mill at Thornby turned again on Saturday, for the first time since the flood of 1953, and"
        " some four hundred people came to see how the water was let in.",
        "Volunteers had worked on it for six years, most of them on Sundays, with oak from the woods of the estate and"
        " with iron that a smith from the next village made for nothing.",
        "Flour will be ground on the first weekend of every month, said the miller, and whoever brings his own sack may"
        " take five kilograms home, as long as the stones last and the river is high enough to turn the wheel.",
    ),
    "fr": (
        "La roue du vieux moulin tourne de nouveau",
        "La roue du vieux moulin de Vaubrun a tourné de nouveau samedi, pour la première fois depuis la crue de 1953,"
        " et quelque quatre cents personnes sont venues voir comment on laissait entrer l'eau.",
        "Des bénévoles y ont travaillé pendant six ans, le plus souvent le dimanche, avec du chêne des bois du domaine"
        " et du fer qu'un forgeron du village voisin a donné sans rien demander.",
        "On y moudra de la farine le premier week-end de chaque mois, a dit le meunier, et qui apporte son sac pourra"
        " en emporter cinq kilos, tant que les pierres tiennent et que la rivière est assez haute pour la roue.",
    ),
}
HEADING = {"en": "4 comments", "fr": "4 commentaires"}
SAID = {
    "en": (
        "My grandfather worked there before the war, and he always said that the stones were the best of the county, as"
        " they had come by ship from a quarry far away in the north.",
        "I was there with my children and we had to wait for an hour, but it was worth it, because nobody has ever seen"
        " so much water come down that narrow wooden channel.",
        "Six years is a long time for one wheel, and I ask myself what it has cost and who will pay when the next flood"
        " takes it away again, as it did when we were young.",
        "Whoever thinks of money there should go and look at it first, for such a thing cannot be bought, and those who"
        " worked on it have never asked for a penny.",
    ),
    "fr": (
        "Mon grand-père y travaillait avant la guerre, et il disait toujours que les pierres étaient les meilleures du"
        " pays, car elles étaient venues par bateau d'une carrière lointaine.",
        "J'y étais avec mes enfants et il a fallu attendre une heure, mais cela en valait la peine, car personne"
        " n'avait jamais vu tant d'eau descendre ce canal de bois si étroit.",
        "Six ans, c'est long pour une seule roue, et je me demande ce que cela a coûté et qui paiera quand la prochaine"
        " crue l'emportera de nouveau, comme dans notre jeunesse.",
        "Qui pense à l'argent devrait d'abord aller la voir, car une telle chose ne s'achète pas, et ceux qui y ont"
        " travaillé n'ont jamais demandé un sou à personne.",
    ),
}
NAMES = ("Odalys", "brightwater7", "Jonas K.", "mehitabel")
DATES = ("4 May 2023 07:10", "4 May 2023 09:45", "5 May 2023 18:02", "6 May 2023 08:30")


def texts(role: str, *lines: str) -> list[str]:
    segments = cut_pages(["\n".join([*lines, ""]).encode()]).segments
    return segments.filter(pl.col("role") == role)["text"].to_list()


def page_of(lines: list[str]) -> Page:
    lexed = lex(["\n".join([*lines, ""]).encode()])
    (page,) = views(read_lines(lexed, score_lines(lexed), measure(lexed).words))
    return page


def thread(language: str, is_dated: bool) -> list[str]:
    """Comments of one or two paragraphs, some of them with a line of one word."""
    first, second, third, fourth = SAID[language]
    said = [[first], [second, third], [NAMES[0], fourth], [first[:-1] + "!", third]]
    heads = zip(NAMES, DATES, said, strict=True)
    return [line for name, date, lines in heads for line in (name, *[date] * is_dated, *lines)]


@pytest.mark.parametrize("is_dated", [False, True])
@pytest.mark.parametrize("language", LONG)
def test_a_text_ends_above_its_comments(language: str, is_dated: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    title, *body = LONG[language]
    page = (title, *body, HEADING[language], *thread(language, is_dated))
    assert texts("body", *page) == body
    monkeypatch.setattr(parse, "end_of_text", lambda page, start, end, masked: end)
    assert set(SAID[language]).intersection(texts("body", *page))


@pytest.mark.parametrize("language", LONG)
def test_a_text_ends_above_the_rights_of_the_site(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    title, *body = LONG[language]
    page = (title, *body, "© 1998-2023 Thornby Gazette", *SAID[language])
    assert texts("body", *page) == body
    monkeypatch.setattr(parse, "end_of_text", lambda page, start, end, masked: end)
    assert set(SAID[language]).intersection(texts("body", *page))


@pytest.mark.parametrize("language", LONG)
def test_a_text_goes_on_below_the_credit_of_a_picture(language: str) -> None:
    title, *body = LONG[language]
    page = (title, *body, "© Ida Fenwick", *SAID[language])
    assert texts("body", *page) == [*body, *SAID[language]]


@pytest.mark.parametrize("language", LONG)
def test_a_button_for_comments_above_a_text_does_not_end_what_stands_above_it(language: str) -> None:
    title, *body = LONG[language]
    standfirst = SAID[language][0]
    page = (title, standfirst, HEADING[language], NAMES[0], DATES[0], *body)
    assert texts("body", *page)[-len(body) :] == body


TAGS = {"en": "Mills · Thornby · Crafts · Heritage", "fr": "Moulins | Vaubrun | Artisanat"}
AUTHOR = {
    "en": "Ada Fenwick is a reporter in Aldern, where she writes about rivers and about all that they drive.",
    "fr": "Ada Fenwick est journaliste à Vaubrun, où elle suit les rivières et tout ce qu'elles font tourner.",
}


@pytest.mark.parametrize("language", LONG)
def test_the_names_between_marks_below_a_text_are_its_tags(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    title, *text = LONG[language]
    tags = TAGS[language]
    lines = (title, *text, tags, AUTHOR[language])
    assert texts("body", *lines) == text
    assert tags in texts("tags", *lines)
    monkeypatch.setattr(article, "closing_tags", lambda page, body: set())
    assert tags in texts("body", *lines)


@pytest.mark.parametrize("last", ["Monday · Tuesday", "The wheel turns · the stones that were left grind · flour"])
def test_two_names_or_words_between_marks_are_no_tags(last: str) -> None:
    title, *text = LONG["en"]
    page = page_of([title, *text, last])
    assert closing_tags(page, range(1, len(page.text))) == set()
