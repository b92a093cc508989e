"""Articles appended below the page's own: what their heads hold beside a title, and what stands between them."""

from __future__ import annotations

import polars as pl
import pytest

from cuttings.pages import CutTables, cut_pages, line_texts, roles, story_heads, titles
from cuttings.pages.lines import lex
from cuttings.pages.markers import read_lines
from cuttings.pages.measures import measure
from cuttings.pages.model import score_lines
from cuttings.pages.page import Page, views

BRIDGE = (
    "The council said on Tuesday that the old bridge will be closed for the whole winter, because the wood is rotten.",
    "Engineers had warned for years that the river would win in the end, and asked for money that was never granted.",
    "The mayor told reporters that a ferry will run every half hour, and that it will be free of charge for children.",
)
BELL = (
    "A shepherd found the stolen bell of the village church in a ditch on Sunday, and brought it back on a cart. "
    "The priest had prayed for it every evening, and rang it himself until his arms were tired."
)
BREAD = (
    "Bakers in the northern valleys sell loaves of rye and chestnut flour again, after a harvest as rich as in 1931. "
    "A loaf costs less than last autumn, and customers queue from five o'clock."
)
SWIFTS = (
    "Volunteers counted three hundred swifts above the market hall, thirty more than in the summer of last year. "
    "Forty nest boxes had been paid for by schoolchildren, who sold lemonade during their holidays."
)
TITLES = (
    "Shepherd finds lost church bell in ditch",
    "Bakers sell rye loaves after rich harvest",
    "More swifts than ever above market hall",
)
STORIES = tuple(zip(TITLES, (BELL, BREAD, SWIFTS), strict=True))
OWN = ("Bridge stays closed for the winter", "By Ida Holm", *BRIDGE)


def cut(lines: list[str]) -> CutTables:
    return cut_pages(["\n".join([*lines, ""]).encode()])


def articles(lines: list[str]) -> pl.DataFrame:
    return cut(lines).appearances


def page_of(lines: list[str]) -> Page:
    lexed = lex(["\n".join([*lines, ""]).encode()])
    (page,) = views(read_lines(lexed, score_lines(lexed), measure(lexed).words))
    return page


def never(*arguments: object) -> bool:
    return False


ICONS = [*OWN, *(line for title, text in STORIES for line in ("chevron_right", title, text)), "chevron_right"]


def test_the_name_of_a_symbol_is_an_icon_and_parts_two_stories(monkeypatch: pytest.MonkeyPatch) -> None:
    segments = cut(ICONS).segments
    assert set(segments.filter(pl.col("text") == "chevron_right")["role"]) == {"icon"}
    assert articles(ICONS)["title"].to_list() == [OWN[0], *TITLES]
    monkeypatch.setattr(line_texts, "_is_icon_name", never)
    segments = cut(ICONS).segments
    assert "icon" not in set(segments.filter(pl.col("text") == "chevron_right")["role"])


GREEK = [
    "Το λιμάνι αποκτά νέο προβλήτα για μεγάλα πλοία", "02.03.2026 | 11:45",
    "Νέο προβλήτα μήκους τριακοσίων μέτρων θα αποκτήσει το λιμάνι, ώστε να δένουν δύο μεγάλα πλοία ταυτόχρονα.",
    "Shop the Spring Sale Now - Up to 60% Off", "Nordic Home",
    "Το έργο θα κοστίσει σαράντα εκατομμύρια ευρώ και οι εργασίες αναμένεται να αρχίσουν τον Σεπτέμβριο.",
    "Doctors Say This Simple Trick Ends Knee Pain",
    "Οι ψαράδες της περιοχής ζητούν να μεταφερθεί το καταφύγιό τους πριν ξεκινήσει η κατασκευή του προβλήτα.",
    "Διαβάστε ακόμη",
    "Βρέθηκε ρωμαϊκό ψηφιδωτό κάτω από παιδική χαρά", "πριν από 3 ώρες",
    "Ένα ψηφιδωτό του δεύτερου αιώνα ήρθε στο φως όταν εργάτες έσκαβαν για να τοποθετήσουν μια τσουλήθρα εκεί.",
    "Απεργία στα τρένα την Πέμπτη", "πριν από 5 ώρες",
    "Εικοσιτετράωρη απεργία προκήρυξαν για την Πέμπτη οι μηχανοδηγοί και δεν θα κινηθεί κανένας συρμός στη χώρα.",
    "Μέλι από τα βουνά κερδίζει βραβείο στο Παρίσι", "πριν από 9 ώρες",
    "Μέλι ελάτης από τα βουνά κέρδισε το χρυσό βραβείο σε διαγωνισμό, όπου κρίθηκαν χίλια δείγματα από όλη τη χώρα.",
]  # fmt: skip


def test_an_advert_in_another_script_is_no_title(monkeypatch: pytest.MonkeyPatch) -> None:
    found = articles(GREEK)
    assert found["zone"].to_list() == ["primary", "related", "related", "related"]
    assert found["title"].item(0) == GREEK[0]
    page = page_of(GREEK)
    heads = story_heads.heads(page, bytearray(len(page.cls)))
    words = story_heads.texts_of(page, heads, 2)
    assert story_heads.head_features(page, heads, 1, words, story_heads.heads_by_fold(page, heads)) == {}
    monkeypatch.setattr(story_heads, "is_foreign", never)
    assert story_heads.head_features(page, heads, 1, words, story_heads.heads_by_fold(page, heads)) != {}


SIGNED = [
    *OWN, "The bridge was built in the year of the great flood, of oak that the monks had given.",
    TITLES[0], "By Nell Ferrier", *BELL.split(". "), *BELL.split(". "), BELL,
]  # fmt: skip


def test_the_text_below_an_author_is_no_list_of_teasers_before_the_next_title(monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_of(SIGNED)
    core = SIGNED.index(BRIDGE[0])
    masked = bytearray(len(page.cls))
    assert titles.title_behind_teasers(page, core, len(SIGNED), masked) == -1
    monkeypatch.setattr(titles, "_is_signed", never)
    assert titles.title_behind_teasers(page, core, len(SIGNED), masked) == SIGNED.index(TITLES[0])


KICKERS = ("PARISH NEWS", "OVEN TALK", "ON THE WING")
CAPITALS = [
    *OWN, "Read next",
    *(
        line
        for hours, (title, text), kicker in zip((2, 4, 7), STORIES, KICKERS, strict=True)
        for line in (kicker, title, f"{hours} hours ago", text)
    ),
]  # fmt: skip


def test_long_lines_in_capitals_above_titles_are_sections_and_no_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    found = articles(CAPITALS).filter(pl.col("zone") == "related")
    assert found["title"].to_list() == list(TITLES)
    assert found["source_name"].to_list() == [None, None, None]
    monkeypatch.setattr(roles, "_are_in_capitals", never)
    assert None not in articles(CAPITALS).filter(pl.col("zone") == "related")["source_name"].to_list()
