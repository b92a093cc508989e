"""Consent texts read like prose, and are no article: what a site asks about cookies above or below its text."""

from __future__ import annotations

import polars as pl
import pytest

from cuttings.pages import cut_pages, line_texts, parse

TITLE = "Ferry to the islands sails again"
BODY = (
    "The ferry to the islands sails again from Friday, after three weeks in which a storm had kept it in the harbour.",
    "Its captain said that the swell at the northern pier is still high, and that the first boat will leave at noon.",
)
NOTICES = {
    "en": "We and our partners keep small files on this computer and read them again, so that the pages may suit every"
    " reader and the numbers of visits can be counted from one week to the next.",
    "de": "Damit sich die Seiten besser lesen lassen, setzen wir Cookies ein und geben an Dritte weiter, was auf den"
    " Rechnern unserer Leser geschieht und wie lange sie bei einem Text bleiben.",
    "fr": "Pour que les pages plaisent à chacun, nous et nos partenaires gardons de petits fichiers sur les ordinateurs"
    " et comptons les visites, semaine après semaine, tant que le lecteur le permet.",
    "es": "Para que las páginas gusten a todos, nosotros y nuestros socios guardamos pequeños archivos en los equipos y"
    " contamos las visitas de cada semana, mientras el lector lo permita.",
    "pl": "Aby strony podobały się wszystkim, my i nasi partnerzy zapisujemy na komputerach małe pliki i liczymy wizyty"
    " z tygodnia na tydzień, dopóki czytelnik na to pozwala.",
    "ru": "Мы используем файлы cookie на этих страницах, чтобы они нравились каждому читателю, и чтобы считать"
    " посещения от одной недели до другой.",
    "ja": "当サイトでは、読者の皆様により良いページをお届けし、毎週の訪問者数を数えるためにクッキーを使用しています。"
    "設定はいつでも変更することができ、閲覧を続けることもできます。",
}
WITHOUT_WORDS = (
    "Some of what is kept that way goes to other houses, which show the reader what he may like to buy, and they keep"
    " it for as long as a year before it is thrown away."
)


def texts(role: str, *lines: str) -> list[str]:
    """The texts of a role on a page."""
    segments = cut_pages(["\n".join([*lines, ""]).encode()]).segments
    return segments.filter(pl.col("role") == role)["text"].to_list()


@pytest.mark.parametrize("language", NOTICES)
def test_a_notice_above_the_title_is_no_text(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    notice = NOTICES[language]
    page = (notice, TITLE, *BODY)
    assert texts("legal", *page) == [notice]
    assert texts("body", *page) == list(BODY)
    monkeypatch.setattr(line_texts, "mark_consents", lambda *arguments: None)
    assert notice not in texts("legal", *page)


def test_what_stands_between_notices_is_part_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    consent = (NOTICES["en"], WITHOUT_WORDS, NOTICES["fr"], NOTICES["de"])
    assert texts("legal", *consent, TITLE, *BODY) == list(consent)
    monkeypatch.setattr(parse, "close_consents", lambda page: None)
    assert WITHOUT_WORDS not in texts("legal", *consent, TITLE, *BODY)


def test_an_article_between_two_notices_is_none_of_theirs() -> None:
    assert texts("body", NOTICES["en"], TITLE, *BODY, NOTICES["fr"]) == list(BODY)


def test_an_article_about_cookies_is_none() -> None:
    about = (
        "The regulator fined the shop because it had used cookies without the consent of its customers, it said.",
        "Its partners had read the data of four million people, among them their addresses, for more than a year.",
    )
    assert texts("body", "Shop is fined for its cookies", *about) == list(about)
