"""News agencies: their names, and where an article says that its text is theirs.

The names are a list; where they stand is not: in the dateline, before the first sentence, or behind the last one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Final

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
_END: Final = r"[\s.)\]）】]*\Z"
_SOURCE: Final = (
    "quelle|source|fonte|fuente|bron|kilde|källa|źródło|zdroj|kaynak|sumber|nguồn|источник|джерело|المصدر|来源|來源"
)
# "(ANI)", "© AFP", "Quelle: dpa", "来源：新华社" behind the last sentence, with marks one of which is in all of a kind.
_CREDITS: Final = tuple(
    (marks, re.compile(pattern))
    for marks, pattern in (
        (")）]】/", rf"[(（\[【/]({NAMES})(?:[/,+ ][\w /,+-]{{2,24}})?[)）\]】/]{_END}"),
        ("©", rf"©\s?(?:\d{{4}}\s)?({NAMES})\b[^.!?]{{0,24}}\Z"),
        (":：", rf"(?i:{_SOURCE})\s?[:：]\s?({NAMES}){_END}"),
    )
)
_MARKS: Final = re.compile("[" + re.escape("".join(marks for marks, _ in _CREDITS)) + "]")
_IN_DATELINE: Final = (
    re.compile(r"\(([^()=]+)\)"), re.compile(rf"(?:^|[\s/—–-])({NAMES})\b"), re.compile(f"({LONG_NAMES})"),
)  # fmt: skip


def agency(dateline: str | None, body: str) -> str | None:
    """The agency that a dateline names, in brackets or by a known name; or that is credited behind the text.

    >>> agency("LONDON (Reuters) - ", "Rain is on its way."), agency(None, "Rain is on its way. (dpa)")
    ('Reuters', 'dpa')
    """
    found = (pattern.search(dateline) for pattern in _IN_DATELINE) if dateline else ()
    tail = body[-TAIL_CHARS:]
    credits = _credits(tail) if _MARKS.search(tail) else ()
    return next((match[1] for match in chain(found, credits) if match), None)


def _credits(tail: str) -> Iterator[re.Match[str] | None]:
    return (pattern.search(tail) for marks, pattern in _CREDITS if any(map(tail.__contains__, marks)))
