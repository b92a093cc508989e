"""Pages that stand in the place of another have no article; an article that says the same in passing keeps its own."""

from __future__ import annotations

import pytest

from cuttings.pages import cut_pages, parse

NOTICES = {
    "not found": (
        "Harbour Post", "Home", "Page not found",
        "The article has gone with the tide, we are afraid, or never came in.", "Try the search above.", "Home",
    ),
    "address": (
        "Kurier Nord", "Hoppla!", "Die von Ihnen aufgerufene Seite gibt es hier nicht oder nicht mehr.",
        "Vielleicht hilft Ihnen die Suche weiter.", "Zur Startseite",
    ),
    "search": (
        "Le Phare", "Rechercher", "Aucun résultat pour « ballons de pluie ».",
        "Vérifiez l'orthographe ou essayez avec d'autres mots.", "Accueil",
    ),
    "sign in": (
        "La Ribera", "Correo electrónico", "Contraseña", "¿Has olvidado tu contraseña? Te enviamos otra en un minuto.",
        "Los lectores nuevos leen diez artículos gratis al mes.", "Continuar",
    ),
    "robots": ("Checking your browser before you can read on.", "This takes some seconds, then the page comes."),
    "Russian": ("Вестник порта", "Страница не найдена", "Возможно, она была перенесена, или в адресе есть ошибка."),
    "Japanese": ("港日報", "お探しのページは見つかりませんでした", "ページが移動したか、削除された可能性があります。"),
    "Korean": ("항구일보", "요청하신 페이지를 찾을 수 없습니다.", "주소가 바뀌었거나 삭제되었을 수 있습니다."),
    "Arabic": ("جريدة الميناء", "الصفحة التي تبحث عنها غير متوفرة.", "ربما نقلت أو حذفت، جرب البحث من فضلك."),
}  # fmt: skip
SHORT = (
    "Ferry line drops its website", "4 May 2024 10:15",
    "The ferry line of Lunden has closed its website for good, and who wants to know when boats leave has to ask at "
    "the harbour from now on. Visitors are told that the page does not exist, in three languages and with a drawing.",
    "The line said on Monday that the timetable on the pier had always been right, and that the website never was. "
    "Passengers who bought tickets on it can have them stamped on board, the captain added.",
)  # fmt: skip


def page_of(lines: tuple[str, ...]) -> bytes:
    return "\n".join((*lines, "")).encode()


@pytest.mark.parametrize("name", NOTICES)
def test_a_notice_has_no_article(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_of(NOTICES[name])
    cut = cut_pages([page])
    assert cut.appearances.height == 0
    assert cut.pages["page_type"].to_list() == ["unknown"]
    monkeypatch.setattr(parse, "gives_notice", lambda page, run: False)
    assert cut_pages([page]).appearances.height == 1


def test_an_article_that_says_so_in_passing_is_one() -> None:
    assert cut_pages([page_of(SHORT)]).appearances["zone"].to_list() == ["primary"]


def test_articles_below_a_notice_are_listed() -> None:
    rail = (
        "Latest news", "Lost bell comes home", "3 hours ago", "Bridge stays closed for the winter", "5 hours ago",
        "Council votes for a new pier", "6 hours ago",
    )  # fmt: skip
    cut = cut_pages([page_of((*NOTICES["not found"], *rail))])
    assert cut.pages["page_type"].to_list() == ["index"]
    assert cut.appearances["zone"].to_list() == ["related"] * 3
