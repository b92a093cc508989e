"""The language of a text of two sentences, also among its neighbours; null where nothing tells them apart."""

from __future__ import annotations

import numpy as np
import pytest

from cuttings.pages import language
from cuttings.pages.language import languages_of

TEXTS = {
    "fr": "Un incendie a ravagé dans la nuit la halle du marché de Saint-Aubin. Le parquet a ouvert une enquête.",
    "es": "Un incendio arrasó de madrugada el mercado de la villa. La fiscalía abrió una investigación este martes.",
    "pt": "Um incêndio destruiu de madrugada o mercado da vila. A polícia abriu uma investigação e não comenta.",
    "it": "Un incendio ha distrutto nella notte il mercato della città. La procura ha aperto un'indagine.",
    "ro": "Un incendiu a distrus în noaptea de marți piața din oraș. Procurorii au deschis o anchetă și nu comentează.",
    "da": "En brand har ødelagt den gamle markedshal. Politiet siger, at ingen blev såret, og at hallen bliver lukket.",
    "no": "En brann har ødelagt den gamle markedshallen. Politiet sier at ingen ble skadet, og at hallen blir revet.",
    "sv": "En brand har förstört den gamla saluhallen. Polisen säger att ingen skadades och att hallen ska rivas.",
    "cs": "Požár v noci zničil starou tržnici ve městě. Policie říká, že se nikdo nehledá a že je to pro město rána.",
    "tr": "Gece çıkan yangın eski pazar yerini yok etti. Polis, yaralanan olmadığını ve bir inceleme olduğunu dedi.",
}


@pytest.mark.parametrize("code", TEXTS)
def test_two_sentences_tell_their_language(code: str) -> None:
    assert languages_of([TEXTS[code]]) == [code]


def test_a_text_is_read_alike_beside_others() -> None:
    assert languages_of([*TEXTS.values(), "2024", ""]) == [*TEXTS, None, None]


def test_words_of_several_languages_alone_tell_none() -> None:
    assert languages_of(["og det som en på er for med den til har om et var de fra"]) == [None]


def test_without_the_parting_of_words_neighbours_cannot_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    belongs, _ = language._belongs()
    text = "Det siger de fra den bil, som er til for en brand, og det har de set, men det var det, hvad det bliver til."
    assert languages_of([text]) == ["da"]
    monkeypatch.setattr(language, "_belongs", lambda: (belongs, belongs * language.WORD))
    assert languages_of([text]) == [None]


def test_each_word_is_parted_without_a_rest() -> None:
    belongs, parted = language._belongs()
    sharing = belongs.sum(axis=1)
    assert np.array_equal(parted.sum(axis=1)[sharing > 0], np.full((sharing > 0).sum(), language.WORD))
