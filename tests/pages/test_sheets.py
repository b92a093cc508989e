"""Pages of figures have no article; a report with a table below its text keeps its own."""

from __future__ import annotations

import pytest

from cuttings.pages import cut_pages, parse

SHEETS = {
    "forecast": (
        "Diario de la Ría", "El tiempo", "El tiempo en Puerto Alto", "17° / 8°",
        "Cielos despejados a primera hora, con nubes bajas en la costa durante la tarde. Viento flojo del oeste.",
        "Lluvia 5 %", "Viento 12 km/h", "Humedad 70 %", "Mañana", "19° / 10°",
        "Intervalos de nubes altas y temperaturas en ascenso. Brisas en el litoral.", "Sábado", "14° / 6°",
        "Cielo cubierto con lluvias débiles, que serán más persistentes en el norte.", "Otros lugares", "Cala Vieja",
        "18° / 11°", "Montenar", "12° / 2°",
    ),
    "forecast in Cyrillic": (
        "Вестник порта", "Погода", "Сейчас +4°", "Ощущается как +1°",
        "Днём облачно с прояснениями, местами небольшой дождь. Ветер северный, порывы до 14 метров в секунду.",
        "Ночью", "−3°", "Без осадков, на дорогах гололедица.", "Завтра", "+6°",
        "Преимущественно ясно, давление будет расти.", "Восход 06:40", "Заход 18:25", "Влажность 77 %",
    ),
    "results": (
        "Gazeta Portowa", "Wyniki", "Latarnik Hel", "3:1", "Sztorm Ustka", "Mewa Darłowo", "0:0", "Kotwica Rewa",
        "Drużyna", "Mecze", "Bramki", "1", "Latarnik Hel", "20", "51:17", "2", "Mewa Darłowo", "20", "40:22", "3",
        "Kotwica Rewa", "20", "33:30", "4", "Sztorm Ustka", "20", "19:41",
        "Dwie pierwsze drużyny awansują bezpośrednio, a trzecia zagra w barażach o wejście do wyższej ligi.",
        "Regulamin",
    ),
}  # fmt: skip
REPORT = (
    "Lakers go top with a late goal", "Saturday 15 March 2025",
    "Lakers went to the top of the table on Saturday, when Joe Mead headed in a corner in the last minute of a match "
    "that neither side had looked like winning. Town had hit the bar twice before half-time and were a man short from "
    "the hour, after their captain was sent off for a second foul.",
    "Mead said that he had shut his eyes.",
    "Table", "1", "Lakers", "20", "51:17", "2", "Town", "20", "40:22", "3", "Rovers", "20", "33:30",
)  # fmt: skip


def zones(lines: tuple[str, ...]) -> list[str]:
    return cut_pages(["\n".join((*lines, "")).encode()]).appearances["zone"].to_list()


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_has_no_article(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "primary" not in zones(SHEETS[name])
    monkeypatch.setattr(parse, "is_sheet", lambda *_: False)
    assert "primary" in zones(SHEETS[name])


def test_a_report_above_a_table_is_an_article() -> None:
    assert zones(REPORT)[0] == "primary"


def test_a_short_report_above_a_dated_list_is_an_article() -> None:
    titles = ("Ferry stays in port", "Choir finds its piano", "Bakers argue", "Seal comes home", "Fog until Friday")
    rail = [line for k, title in enumerate(titles) for line in (f"{k + 9}:4{k}", f"{title} after a long winter night")]
    text = "A tree fell on the church of Alden on Monday night. Nobody was hurt, and the organ plays."
    more = "The verger said that the tree had leaned since the storm of 1987, and that the parish had written twice."
    assert zones(("Tree falls on church", "14 March 2025 10:15", text, more, *rail))[0] == "primary"
