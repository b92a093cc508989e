"""What stands in the place of a post or a video that is not shown without consent is no text, and the text goes on."""

from __future__ import annotations

import polars as pl
import pytest

from cuttings.pages import cut_pages, line_texts

PAGES = {
    "en": (
        "Lifeboat finds the missing kayak",
        "The lifeboat of Skerry found the missing kayak on Sunday evening, eleven miles to the north of the bay.",
        "Its crew had seen the yellow hull from the cliffs, and turned against a tide that runs at four knots there.",
        "To view this content you have to allow the files of another service, which then may know what was watched"
        " here. It can be changed at any hour in the settings of this page.",
        "The man who had paddled it was asleep in a hut, where he had lit a fire and waited for the wind to turn.",
    ),
    "de": (
        "Rettungsboot findet das vermisste Kajak",
        "Das Rettungsboot von Schären hat das vermisste Kajak am Sonntagabend gefunden, elf Meilen nördlich der Bucht.",
        "Die Mannschaft hatte den gelben Rumpf von den Klippen aus gesehen und gegen einen starken Strom gewendet.",
        "Hier stünde ein externer Inhalt, der zu diesem Text gehört. Wer ihn sehen will, muss zustimmen, dass ein"
        " anderer Dienst erfährt, was auf dieser Seite gelesen wird, von wem und wie lange, und dass er es behält, bis"
        " der Leser es sich anders überlegt und das unten auf der Seite sagt.",
        "Der Mann, der damit gefahren war, schlief in einer Hütte, in der er Feuer gemacht und gewartet hatte, bis der"
        " Wind sich drehte, wie er den Rettern später erzählte; er wolle im nächsten Jahr wieder dorthin fahren.",
    ),
    "nl": (
        "Reddingboot vindt de vermiste kajak",
        "De reddingboot van Schelphoek heeft de vermiste kajak zondagavond gevonden, elf mijl ten noorden van de baai.",
        "De bemanning had de gele romp vanaf de rotsen gezien en keerde tegen een stroom in die daar hard kan lopen.",
        "Om deze inhoud te laten zien wil een andere dienst weten wie dit leest, en dat mag alleen als de lezer het"
        " goed vindt en dat hieronder met een vinkje laat weten.",
        "De man die erin had gevaren sliep in een hut, waar hij een vuur had gemaakt en op de wind had gewacht.",
    ),
}


@pytest.mark.parametrize("language", PAGES)
def test_a_notice_in_the_place_of_a_video_is_no_text(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page = PAGES[language]
    _, first, second, notice, last = page

    def texts(role: str) -> list[str]:
        segments = cut_pages(["\n".join([*page, ""]).encode()]).segments
        return segments.filter(pl.col("role") == role)["text"].to_list()

    assert texts("body") == [first, second, last]
    assert texts("promo") == [notice]
    monkeypatch.setattr(line_texts, "mark_consents", lambda *arguments: None)
    assert notice not in texts("promo")
