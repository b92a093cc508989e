"""Date lines as sites of sixty languages print them, lines that are none, names before a date; of our writing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from cuttings.dates import durations, normalise_dates, spans

CAPTURED = datetime(2026, 7, 15, 10, tzinfo=UTC)
LINES = [
    line.split("\t")
    for line in (Path(__file__).parent / "languages.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
# Dates before which a name is tried, with what is printed of them.
AGES = ("3 hours ago", "vor 3 Stunden", "il y a 3 heures", "hace 3 horas", "3 ore fa", "3 часа назад", "منذ 3 ساعات",
        "3 घंटे पहले", "3時間前", "3시간 전", "3 giờ trước", "an hour ago", "vor einer Stunde")  # fmt: skip
NAMES = ("The Lantern", "Harbour Mirror", "Radio 4", "Kanal 12", "Bote21", "Morgen", "USA Today",
         "आज का सच", "اليوم", "Вечерний Город", "毎夕日報", "한빛뉴스", "Báo Mới", "9to9", "Le Phare")  # fmt: skip


@pytest.mark.parametrize("knows_language", [True, False])
def test_each_line_is_read_to_the_unit_that_it_writes(knows_language: bool) -> None:
    read = normalise_dates(
        [text for _, _, text in LINES], CAPTURED, [language if knows_language else None for language, _, _ in LINES]
    )
    wrong = {
        text: (wanted, str(local), precision)
        for (_, wanted, text), local, precision in zip(LINES, read["local_at"], read["precision"], strict=True)
        if local is None
        or not str(local).startswith(wanted)
        or (len(wanted) == len("2026-07-09") and precision not in ("day", "minute"))
    }
    assert wrong == {}


def test_each_line_is_a_date_line_and_none_is_the_length_of_a_text() -> None:
    lines = pl.Series([text for _, _, text in LINES])
    assert lines.gather(sorted(set(range(len(lines))) - set(spans(lines)["row"]))).to_list() == []
    assert [text for text, is_length in zip(lines, durations(lines), strict=True) if is_length] == ["5 perce"]


def test_a_name_before_an_age_is_no_part_of_it() -> None:
    pairs = [(name, age) for name in NAMES for age in AGES]
    found = spans(pl.Series([f"{name} {age}" for name, age in pairs])).select("row", "text", "form").rows()
    assert found == [(row, age, "age") for row, (_, age) in enumerate(pairs)]


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("The Lanterna day ago", "a day ago"), ("The Lanternan hour ago", "an hour ago"),
        ("Phareil y a une heure", "il y a une heure"), ("Faro del Díahace un día", "hace un día"),
        ("Bote vom Seevor einer Stunde", "vor einer Stunde"), ("Harbour Mirror · 3h", "3h"),
        ("毎夕日報 5/23(木) 17:05", "5/23(木) 17:05"), ("Evening Post 09/07/2026 14:05", "09/07/2026 14:05"),
        ("20 Minuten vor 3 Stunden", "vor 3 Stunden"), ("The Week 2 days ago", "2 days ago"),
        ("20 minutes il y a 3 heures", "il y a 3 heures"),
        ("Městské noviny před 3 hodinami", "před 3 hodinami"), ("pharus vor 2 Stunden", "vor 2 Stunden"),
    ],
)  # fmt: skip
def test_a_name_may_touch_a_date_or_be_made_of_words_of_dates(line: str, date: str) -> None:
    assert spans(pl.Series([line]))["text"].to_list() == [date]


@pytest.mark.parametrize(
    "line",
    [
        "Rain stops play 3 hours ago", "He left 3 hours ago", "Sales fell 3 years ago", "It happened 2 days ago",
        "Election 9 July 2026", "Doors open 9 July 2026 at 7pm", "3-2", "24/7", "2:1", "$4.99", "€1.234,56",
        "+44 20 7946 0018", "v2.11.4", "10.5.2", "1:02:33", "2 hours", "24 Hours", "1 h 45 min", "3 min read",
        "Lesezeit 4 Min.", "читать 5 минут", "阅读时间 3分钟", "3 мин", "May", "May Whitfield",
        "in 2023 Reuters reported", "1939-1945", "2024/25", "16:9 format",
        "Genesis 1:12", "9-5", "10:00 - 18:00", "12 – 14 May 2024", "Aged 45",
        "In 3 days", "3 days left", "A day in the life", "Part 3 of 12", "21-15", "6-4, 7-5", "ISBN 978-3-16",
    ],
)  # fmt: skip
def test_a_line_that_is_no_date_has_none(line: str) -> None:
    assert spans(pl.Series([line])).is_empty()


def test_the_length_of_a_text_or_a_video_is_one_in_many_languages() -> None:
    lines = [
        "3 min read", "3 minute read", "24-Minute Listen", "Duration: 1:02:33", "1:02:33", "4 Min. Lesezeit",
        "Lesedauer: 4 Min", "Temps de lecture : 3 min", "3 min de lecture", "Lectura de 3 minutos", "Leitura de 3 min",
        "Tempo di lettura: 3 minuti", "Leestijd 3 min", "3 min lästid", "Lukuaika: 3 minuuttia", "Doba čtení: 3 min",
        "Ten tekst przeczytasz w 3 minuty", "3 perc olvasás", "читать 5 минут", "3 хв", "Χρόνος ανάγνωσης: 3 λεπτά",
        "3 dakika okuma", "وقت القراءة: 3 دقائق", "3 דקות קריאה", "पढ़ने का समय: 3 मिनट", "পড়ার সময়: ৩ মিনিট",
        "เวลาอ่าน 3 นาที", "3 phút đọc", "3 menit baca", "この記事は3分で読めます", "阅读约需3分钟", "읽는 시간 3분",
    ]  # fmt: skip
    found = durations(pl.Series(lines)).to_list()
    assert [line for line, is_length in zip(lines, found, strict=True) if not is_length] == []
    others = ["3 min ago", "20 Minuten", "3 views", "Radio 4", "4:41", "9 July 2026", "Row 12", "5 men held", ""]
    assert not any(durations(pl.Series(others)))


def test_a_date_beside_a_reading_time_is_read() -> None:
    lines = [f"{a} · {b}" for a, b in (("9 July 2026", "3 min read"), ("Lesezeit 4 Min.", "09.07.2026"))]
    assert spans(pl.Series(lines))["text"].to_list() == ["9 July 2026", "09.07.2026"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1 فروردین 1399", datetime(2020, 3, 20)), ("1 فروردین 1404", datetime(2025, 3, 21)),
        ("30 اسفند 1403", datetime(2025, 3, 20)), ("1403/12/30", datetime(2025, 3, 20)), ("30 اسفند 1404", None),
        ("31 مهر 1404", None), ("1405/07/31", None), ("9 ก.ค. 69", datetime(2026, 7, 9)),
        ("9 ก.ค. 24", datetime(2024, 7, 9)), ("民國115年7月9日", datetime(2026, 7, 9)),
    ],
)  # fmt: skip
def test_days_of_other_calendars_are_put_on_ours(text: str, day: datetime | None) -> None:
    assert normalise_dates([text], CAPTURED)["local_at"].to_list() == [day]
