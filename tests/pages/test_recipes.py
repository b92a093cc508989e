"""The ingredients of a recipe are text, though they stand on lines as short as those of a menu."""

from __future__ import annotations

import pytest

from cuttings.pages import article, cut_pages

PAGES = {
    "en": (
        "Lemon rice with rosemary from the lighthouse", "Ingredients (serves 4)",
        ("320 g rice", "1 lemon", "50 g butter", "1 sprig of rosemary", "Salt"),
        "Wash the lemon and grate the rind, then press out the juice and pour it through a sieve into a cup.",
        "Toast the rice in a wide pan with half of the butter, pour in the juice and add the broth little by little.",
        "When the rice is done, take the pan off the fire and stir in the rest of the butter and the rind.",
    ),
    "it": (
        "Riso al limone e rosmarino del faro", "Ingredienti",
        ("320 g di riso", "1 limone", "50 g di burro", "1 rametto di rosmarino", "Sale"),
        "Lavate il limone e grattugiate la scorza, poi spremete il succo e filtratelo con un colino in una tazza.",
        "Tostate il riso in padella con metà del burro, sfumate con il succo e aggiungete il brodo a poco a poco.",
        "Quando il riso è cotto, spegnete il fuoco e mantecate con il burro rimasto, la scorza e il rosmarino.",
    ),
}  # fmt: skip


def body(*lines: str) -> str:
    found: str = cut_pages(["\n".join([*lines, ""]).encode()]).appearances.row(0, named=True)["body"]
    return found


@pytest.mark.parametrize("language", PAGES)
def test_ingredients_belong_to_the_recipe(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    title, heading, items, *steps = PAGES[language]
    assert body(title, heading, *items, *steps) == "\n".join([heading, *items, *steps])
    monkeypatch.setattr(article, "ingredients", lambda *arguments: [])
    assert items[-1] not in body(title, heading, *items, *steps)


def test_a_menu_below_such_a_word_is_none() -> None:
    title, heading, _, *steps = PAGES["en"]
    menu = ("Soups", "Meat", "Fish", "Cakes")  # no line counts anything
    assert body(title, "Ingredients", *menu, *steps) == "\n".join(steps)
    assert body(heading, *menu, "12 new", title, *steps) == "\n".join(steps)  # above the title
