"""News agencies: their names, and where an article says that its text is theirs.

The names are a list; where they stand is not: in the dateline, before the first sentence, or behind the last one.
"""

from __future__ import annotations

from typing import Final

import polars as pl

# As they are printed. Names of two letters count only in brackets, or behind a sign of ownership or a word for source.
AGENCIES: Final = (
    "Associated Press", "Reuters", "REUTERS", "AFP", "dpa-AFX", "dpa", "EFE", "ANSA", "Adnkronos", "LaPresse", "ANP",
    "Belga", "BELGA", "PTI", "ANI", "IANS", "UPI", "Bloomberg", "Xinhua", "Kyodo", "Jiji Press", "Yonhap", "ANTARA",
    "Antara", "Bernama", "TTXVN", "Keystone-SDA", "SDA", "APA", "NTB", "Ritzau", "STT", "PAP", "ČTK", "TASR", "MTI",
    "Agerpres", "AGERPRES", "Tanjug", "HINA", "Hina", "Anadolu", "DHA", "İHA", "WAFA", "Lusa", "Europa Press", "Télam",
    "AAP", "TASS", "Interfax", "ТАСС", "РИА Новости", "Интерфакс", "Укринформ", "Укрінформ", "УНИАН", "УНІАН", "БТА",
    "БЕЛТА", "БелТА", "新华社", "新華社", "中新社", "中央社", "共同通信", "時事通信", "共同社", "共同", "時事",
    "연합뉴스", "뉴시스", "뉴스1", "رويترز", "أ ف ب", "واس", "وام", "ایرنا", "ایسنا", "पीटीआई", "भाषा", "epd", "KNA",
    "SID", "sid",
)  # fmt: skip
_SHORT: Final = ("AP", "PA", "TT", "CP", "AA")
LONG_NAMES: Final = "|".join(AGENCIES)
NAMES: Final = "|".join((*AGENCIES, *_SHORT))
# A text is searched so far from its end.
TAIL_CHARS: Final = 60
_END: Final = r"[\s.)\]）】]*$"
# "(ANI)", "© AFP", "Quelle: dpa", "来源：新华社" behind the last sentence.
_CREDITS: Final = (
    rf"[(（\[【/]({NAMES})(?:[/,+ ][\w /,+-]{{2,24}})?[)）\]】/]{_END}",
    rf"©\s?(?:\d{{4}}\s)?({NAMES})\b[^.!?]{{0,24}}$",
    rf"(?i:quelle|source|fonte|fuente|bron|kilde|källa|źródło|zdroj|kaynak|sumber|nguồn|источник|джерело|المصدر|来源|來源)"
    rf"\s?[:：]\s?({NAMES}){_END}",
)


def agency(dateline: pl.Expr, body: pl.Expr) -> pl.Expr:
    """The agency that a dateline names, in brackets or by a known name; or that is credited behind the text."""
    tail = body.str.tail(TAIL_CHARS)
    named = dateline.str.extract(rf"(?:^|[\s/—–-])({NAMES})\b").fill_null(dateline.str.extract(rf"({LONG_NAMES})"))
    return pl.coalesce(
        dateline.str.extract(r"\(([^()=]+)\)"), named, *(tail.str.extract(credit) for credit in _CREDITS)
    )
