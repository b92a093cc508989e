"""Heads in a row that count, that name an author each or that are headlines alone: stories without dates, below short
texts that share few words whatever they are about.
"""

from __future__ import annotations

import pytest

from cuttings.pages import cut_pages, item_edges, roles, stories, story_rows, teasers

MILL = (
    "Une coopérative de quarante habitants a racheté le moulin de Pierrefonde, fermé depuis la crue de 1993.",
    "La roue a été refaite en chêne par deux charpentiers de la vallée, et le canal curé pelle à la main.",
    "Le premier sac de farine est parti chez la boulangère, qui l'avait réservé depuis l'hiver dernier.",
    "La préfecture a exigé une passe à anguilles, et les coopérateurs ont vendu des parts pour la payer.",
    "Un meunier à la retraite apprend le métier à trois d'entre eux, qui dorment à tour de rôle sous la trémie.",
)
OTHERS = (
    ("Le tramway roulera la nuit dès septembre",
     "Les rames circuleront jusqu'à deux heures le vendredi. Un ticket spécial ne sera pas nécessaire.",
     "Les conducteurs ont obtenu une prime."),
    ("Deux lycéennes primées pour leur drone",
     "L'appareil repère les feux de broussailles avant les pompiers. Il pèse moins de trois kilos.",
     "Un industriel s'y intéresse déjà."),
    ("Le fromage de brebis décroche son label",
     "Quinze éleveurs attendaient cette décision depuis onze ans. Le cahier des charges impose l'herbage.",
     "Les premières étiquettes sortiront à Noël."),
)  # fmt: skip
PARTS = (
    ("La roue", "La roue du moulin a été refaite en chêne, et le canal du moulin curé par les habitants."),
    ("La farine", "La farine du moulin part chez la boulangère, qui a réservé les sacs de la coopérative."),
    ("Les habitants", "Les habitants de la coopérative ont racheté le moulin, fermé depuis la crue."),
)  # fmt: skip
TITLE = "Le moulin de Pierrefonde tourne de nouveau"
MENU = ["Accueil", "Communes", "Agenda"]
FOOT = ["Mentions légales", "Plan du site"]


def page_of(*lines: str) -> list[str]:
    return [*MENU, TITLE, *MILL, *lines, *FOOT, ""]


def articles(lines: list[str]) -> list[tuple[str, str]]:
    return list(cut_pages(["\n".join(lines).encode()]).appearances.select("title", "body").rows())


def counted(mark: str, *, own_line: bool = False) -> list[str]:
    lines = []
    for rank, (title, *text) in enumerate(OTHERS, 1):
        head = [mark.format(rank).strip(), title] if own_line else [mark.format(rank) + title]
        lines += [*head, *text]
    return lines


EXPECTED = [(TITLE, "\n".join(MILL)), *[(title, "\n".join(text)) for title, *text in OTHERS]]


def no_row(*arguments: object) -> set[int]:
    return set()


@pytest.mark.parametrize("heading", [["Les plus lus"], []])
@pytest.mark.parametrize("mark", ["{} ", "{}. ", "{}、"])
def test_counted_titles_above_texts_about_many_things_are_stories(
    heading: list[str], mark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = page_of(*heading, *counted(mark))
    assert [body for _, body in articles(lines)] == [body for _, body in EXPECTED]
    monkeypatch.setattr(stories, "counted_heads", no_row)
    monkeypatch.setattr(teasers, "counted_heads", no_row)
    assert articles(lines) != EXPECTED


def test_the_number_above_a_title_is_no_source(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = page_of(*counted("{}", own_line=True))
    assert articles(lines) == EXPECTED

    def sources() -> list[str | None]:
        return cut_pages(["\n".join(lines).encode()]).appearances["source_name"].to_list()

    assert sources() == [None] * 4
    monkeypatch.setattr(roles, "lone_rank", lambda text: 0)
    assert sources() == [None, "1", "2", "3"]


def test_the_parts_of_an_article_that_count_stay_its_own() -> None:
    lines = page_of(*[line for rank, (head, text) in enumerate(PARTS, 1) for line in (f"{rank}. {head}", text)])
    assert [title for title, _ in articles(lines)] == [TITLE]


def test_stories_count_anew_below_an_article_in_parts() -> None:
    parts = [line for rank, (head, text) in enumerate(PARTS, 1) for line in (f"{rank}. {head}", text)]
    found = articles(page_of(*parts, "Les plus lus", *counted("{} ")))
    assert [body for _, body in found[1:]] == [body for _, body in EXPECTED[1:]]
    assert found[0][1].endswith(PARTS[-1][1])


@pytest.mark.parametrize("is_above", [True, False])
def test_titles_with_an_author_each_start_stories(is_above: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["Odile Carpentier", "Bruno Sarrazin", "Maud Leclerc"]
    heads = [[name, other[0]] if is_above else [other[0], name] for name, other in zip(names, OTHERS, strict=True)]
    lines = page_of(*[line for head, other in zip(heads, OTHERS, strict=True) for line in (*head, *other[1:])])
    monkeypatch.setattr(stories, "plain_heads", no_row)
    assert articles(lines) == EXPECTED
    monkeypatch.setattr(stories, "signed_heads", no_row)
    assert articles(lines) != EXPECTED


def test_an_author_below_each_text_is_that_of_the_text_above(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["Odile Carpentier", "Bruno Sarrazin", "Maud Leclerc"]
    lines = page_of("Yves Tournier", *[i for name, other in zip(names, OTHERS, strict=True) for i in (*other, name)])

    def sources() -> list[str | None]:
        return cut_pages(["\n".join(lines).encode()]).appearances["source_name"].to_list()[1:]

    assert articles(lines) == EXPECTED
    assert sources() == names
    monkeypatch.setattr(stories, "_close_with_names", lambda page, items, core: None)
    assert sources() == ["Yves Tournier", *names[:2]]


def test_an_author_above_each_text_is_that_of_the_text_below() -> None:
    names = ["Odile Carpentier", "Bruno Sarrazin", "Maud Leclerc"]
    rail = [line for name, other in zip(names, OTHERS, strict=True) for line in (name, *other)]
    lines = [*MENU, "Yves Tournier", TITLE, *MILL, *rail, "Nos Titres", *FOOT, ""]
    tables = cut_pages(["\n".join(lines).encode()])
    assert tables.appearances["source_name"].to_list()[1:] == names


def test_headlines_alone_above_short_texts_start_stories(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = page_of(*[line for other in OTHERS for line in other])
    assert articles(lines) == EXPECTED
    monkeypatch.setattr(stories, "plain_heads", no_row)
    assert articles(lines) != EXPECTED


def test_the_last_text_is_as_long_as_the_others_are_with_their_short_sentences(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines = page_of("Les plus lus", *counted("{} "))
    assert articles(lines)[-1][1] == EXPECTED[-1][1]
    monkeypatch.setattr(item_edges, "_body_lines", lambda cls, item: 1)
    assert articles(lines)[-1][1] == OTHERS[-1][1]


def test_titles_with_a_section_in_capitals_each_start_stories(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stories, "plain_heads", no_row)
    sections = ["TRANSPORTS", "SCIENCES", "TERROIR"]
    lines = page_of(*[line for section, other in zip(sections, OTHERS, strict=True) for line in (section, *other)])
    assert articles(lines) == EXPECTED
    monkeypatch.setattr(story_rows, "_is_label", story_rows.is_name)
    assert articles(lines) != EXPECTED
