"""What a site asks of its reader in words of its own is no article; a report about such requests is one."""

from __future__ import annotations

import pytest

from cuttings.pages import cut_pages, parse

WALLS = {
    "German": (
        "Kurier Nord", "Weiter mit Werbung",
        "Lesen Sie unsere Seiten, ohne etwas zu bezahlen. Wir zeigen Ihnen dafür Anzeigen, die zu dem passen, was "
        "Sie auf "
        "Ihrem Gerät sonst ansehen, und geben diese Angaben an 92 Firmen weiter. Am Ende jeder Seite ändern Sie das.",
        "Einverstanden", "Weiter ohne Werbung",
        "Für 3,49 Euro im Monat sehen Sie keine Anzeigen, und niemand zählt mit. Das Abo kündigen Sie von einem "
        "Tag auf "
        "den anderen.", "Jetzt bestellen", "Impressum",
    ),
    "Turkish": (
        "Liman Gazetesi", "Okumadan önce",
        "Haberlerimizi ücretsiz okuyabilmeniz için reklam alıyoruz. Onay verirseniz cihazınızdan bilgi okunur ve size "
        "ilginizi çekebilecek reklamlar gösterilir. Vermezseniz sitemizi yine okursunuz, reklamlar başka olur.",
        "Onaylıyorum", "Künye",
    ),
    "English": (
        "The Harbour Post", "One more step",
        "That was the third of our stories this month. Give us your email address and you can read ten more, free of "
        "charge, and "
        "keep the ones that you would like to read again. It takes less time than tying a boat.",
        "Next", "By going on you agree to our rules. You can delete your account whenever you like.",
    ),
    "Spanish": (
        "La Ribera", "Antes de seguir",
        "Para que puedas leer nuestras noticias gratis necesitamos enseñarte publicidad. Si aceptas, guardaremos "
        "datos en "
        "tu dispositivo y los usaremos para saber qué anuncios te interesan.",
        "Sigo leyendo", "Portada",
    ),
    "Japanese": (
        "港日報", "続きをお読みになる前に",
        "当サイトは広告の収入で記事を無料でお届けしています。お客様の端末に保存された情報を読み取り、関心に合わせた広告を表示することに"
        "同意いただける場合は、下のボタンを押してください。設定はいつでも変更できます。",
        "次へ",
    ),
}  # fmt: skip
REPORT = (
    "Paper fined for a button that did nothing",
    "A paper has to pay 40,000 euros because its readers could refuse adverts and got them nonetheless. The button was "
    "there, the data went to ninety firms all the same, and a cookie was kept on each device for a year.",
    "The regulator found the fault when an officer tried to accept nothing at all. The paper will appeal.",
)  # fmt: skip
SIGNED = (
    "Why we ask for your address", "By Nell Ferrier",
    "Your address is worth a letter. We ask for it, and for your consent, because our adverts pay for less than "
    "half of "
    "what you read, and because we would like to know who subscribes and who only looks in.",
    "I have put down here what we do with your data, and what we do not.",
)  # fmt: skip


def zones(lines: tuple[str, ...]) -> list[str]:
    return cut_pages(["\n".join((*lines, "")).encode()]).appearances["zone"].to_list()


@pytest.mark.parametrize("name", WALLS)
def test_a_wall_is_no_article(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert zones(WALLS[name]) == []
    monkeypatch.setattr(parse, "is_wall", lambda *_: False)
    assert zones(WALLS[name]) == ["primary"]


@pytest.mark.parametrize("lines", [REPORT, SIGNED])
def test_a_report_about_walls_is_an_article(lines: tuple[str, ...]) -> None:
    assert zones(lines) == ["primary"]
