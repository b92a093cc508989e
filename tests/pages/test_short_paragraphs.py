"""Rails of articles in short paragraphs, in languages whose sentences have few words."""

from __future__ import annotations

import polars as pl
import pytest

from cuttings.pages import coherence, cut_pages, grammar

OWN = (
    "Eski deniz feneri yeniden yanacak", "14.03.2025 - 11:45",
    "Belediye meclisi, on iki yıldır karanlıkta duran eski deniz fenerinin onarılmasına salı akşamı oy birliğiyle "
    "karar verdi.",
    "Fenerin merceği Marsilya'dan gelecek bir usta tarafından sökülecek, taş merdivenler ise yazın tamamlanacak.",
    "Balıkçılar kararı kornalarla kutladı, çünkü geçen kış iki tekne burundaki kayalıklara çarparak batmıştı.",
)  # fmt: skip
ITEMS = (
    ("Limanda dev bir vatoz yakalandı", "Kıyı Postası", (
        "Limanda pazar sabahı ağlara yüz kırk kiloluk dev bir vatoz takıldı.",
        "Balık, müzeye götürülmek üzere buz dolu bir kasaya kondu.",
    )),
    ("Pazar yerine yeni bir çatı yapılıyor", "Ada Haber", (
        "Eski pazar yerinin çatısı fırtınadan sonra bütünüyle yenileniyor, dedi muhtar.",
        "Esnaf haziran ayına kadar meydandaki çadırlarda satış yapacak.",
        "Çadırlar ücretsiz olacak.",
    )),
    ("Vapur seferleri yarım saate iniyor", "Körfez", (
        "Vapurlar nisan başından itibaren her yarım saatte bir kalkacak, bilet fiyatı değişmeyecek.",
    )),
)  # fmt: skip
AGES = ("17 dakika önce", "3 saat önce", "1 gün önce")


def related(dates: tuple[str, ...]) -> list[tuple[str, str]]:
    lines = list(OWN)
    for (title, source, texts), date in zip(ITEMS, dates, strict=True):
        lines += [title, source, date, *texts]
    appearances = cut_pages(["\n".join((*lines, "")).encode()]).appearances
    return appearances.filter(pl.col("zone") == "related").select("title", "body").rows()


FOUND = [(title, "\n".join(texts)) for title, _, texts in ITEMS]


def test_two_short_paragraphs_are_a_long_text_and_so_is_a_last_one_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert related(AGES) == FOUND
    monkeypatch.setattr(grammar, "_is_long_with", lambda page, i, step: False)
    assert related(AGES) != FOUND


def test_a_day_told_by_a_word_is_written_like_an_age(monkeypatch: pytest.MonkeyPatch) -> None:
    dates = (*AGES[:2], "dün, 19:12")
    assert related(dates) == FOUND
    monkeypatch.setattr(coherence, "_DAY_WORD", coherence.re.compile("(?!)"))
    coherence._form_of.cache_clear()
    assert related(dates) != FOUND
    coherence._form_of.cache_clear()


def test_a_bare_clock_is_not() -> None:
    assert coherence._form_of("12:43") != coherence._form_of("dün, 19:12") == coherence._form_of("3 saat önce")
