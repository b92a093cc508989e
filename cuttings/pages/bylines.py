"""Authors and sources as papers write them on lines of their own, where no phrase at their beginning tells them:
"记者 林小河", "林小河／台北報導", "임하나 기자", "Корреспондент Анна Лебедева", "来源：江边日报".

A line is nothing else: a sentence about reporters begins like one, but goes on.
"""

from __future__ import annotations

import re
from typing import Final

# Longer lines name more than authors, and longer names are no sources.
BYLINE_CHARS: Final = 60
SOURCE_CHARS: Final = 30
_HAN: Final = r"[\u3400-\u9fff々]"
_REPORTER: Final = (
    "记者|記者|特派员|特派員|特约记者|特約記者|通讯员|通訊員|撰稿|采写|撰文|责任编辑|責任編輯|责编|責編"
    "|编辑|編輯|校对|校對"
)
# What reporters have, hold and do: clubs, conferences, notes, questions.
_NO_REPORTER: Final = "(?![会會団团站手观觀调調席證证们們节節俱倶協协采採招了获獲]|[从從在][^、， \u3000]{2})"
_OFFICE: Final = rf"(?:本报|本報|本刊|本台|本网|本網|{_HAN}{{2,8}}(?:社|报|報|网|網|新闻|新聞))"
# A space stands within a name or between two: one way to read it, or a long line takes time beyond all bounds.
_NAME: Final = rf"{_HAN}{{1,4}}(?:[ \u3000·]{_HAN}{{1,3}})?"
_NAMES: Final = rf"{_HAN}{{1,4}}(?:[、，, \u3000·]+{_HAN}{{1,4}})*"
_CHINESE: Final = re.compile(
    rf"[(（\[【〔［]?(?:{_OFFICE}[ \u3000]?)?(?:{_REPORTER}){_NO_REPORTER}[ \u3000]*[:：/／・|｜]?[ \u3000]*{_NAMES}"
    rf"(?:[ \u3000]*[/／][ \u3000]*{_HAN}{{2,8}}|[ \u3000]?{_HAN}{{0,4}}(?:報導|报道|報道))?[)）\]】〕］]?"
    rf"|[(（【]?{_NAMES}[ \u3000]*[/／][ \u3000]*{_HAN}{{2,6}}(?:報導|报道|報道)[)）】]?"
    rf"|[(（【]?{_NAME}[ \u3000]?(?:記者|特派員|编辑委员|編集委員)[)）】]?"
    # 山野支局・佐藤健一 / 編集委員　佐藤健一
    rf"|{_HAN}{{1,8}}(?:支局|総局|支社|通信部|特派員)(?:長|次長)?[ ・\u3000]{_HAN}{{2,4}}(?:[ \u3000]{_HAN}{{1,4}})?"
    rf"|(?:編集委員|論説委員)[ ・\u3000]{_HAN}{{1,4}}[ \u3000]?{_HAN}{{1,4}}"
)
# Words that are no names stand before "기자" as well: a former reporter, the one in charge.
_KOREAN_NAME: Final = "(?!전직|현직|여성|남성|외신|우리|시민|동료|담당|취재|사진|수습|모든|어느|해당|일부)[가-힣]{2,4}"
_KOREAN: Final = re.compile(
    rf"[(（\[【]?(?:[가-힣]{{2,6}}=(?:[가-힣]{{2,6}}[)）] ?)?)?{_KOREAN_NAME}(?:[ ·,]{{1,2}}{_KOREAN_NAME}){{0,2}} ?"
    r"(?:선임|수석|전문|인턴|객원)?(?:기자|특파원|논설위원|편집위원)(?: ?=)?(?:[ ,·]+[\w.+-]+@[\w.-]+)?[)）\]】]?"
)
_CAPITALISED: Final = r"[А-ЯЁІЇЄҐ][\w'’.-]*(?: [А-ЯЁІЇЄҐ][\w'’.-]*){1,2}"
_CORRESPONDENT: Final = r"[Кк]орр?еспондент(?:ка)?|[Оо]бозреватель|[Жж]урнал[иі]ст(?:ка)?"
# A name and what its bearer is to the paper, or the other way about: neither is a byline alone.
_POST: Final = re.compile(
    # Корреспондент Анна Лебедева / Анна Лебедева, корреспондент
    rf"(?:(?:[Сс]пециальный|[Сс]обственный|[Нн]аш) )?(?:{_CORRESPONDENT})[:,]? {_CAPITALISED}"
    rf"|{_CAPITALISED},? (?:{_CORRESPONDENT})"
    # Της Μαρίας Παπαδάκη
    r"|(?:Του|Της|Των) [Α-ΩΆ-Ώ][α-ωά-ώ]+(?: [Α-ΩΆ-Ώ][α-ωά-ώ]+){1,2}"
    # अनिल शर्मा, संवाददाता / রফিকুল ইসলাম, নিজস্ব প্রতিবেদক / নিজস্ব প্রতিবেদক, ঢাকা
    r"|[^\W\d_][^\d,।|]{3,24}[,|] ?(?:(?:विशेष|निज|वरिष्ठ) )?(?:संवाददाता|ब्यूरो)(?:, [^\d,।|]{3,16})?"
    r"|(?:[^\W\d_][^\d,।|]{3,24}[,|] ?)?(?:নিজস্ব|বিশেষ|জ্যেষ্ঠ|স্টাফ) ?(?:প্রতিবেদক|প্রতিনিধি)(?:, [^\d,।|]{2,16})?"
    # דנה כהן, כתבתנו בצפון
    r"|[א-ת'\"-]{2,12}(?: [א-ת'\"-]{2,12}){1,2}, כתב(?:ת|נו|תנו)?(?: [בל][א-ת\"'-]{1,12}(?: [א-ת\"'-]{2,12})?)?"
    # مراسل الصحيفة: سالم الحداد / خبرنگار روزنامه: مریم احمدی
    r"|(?:مراسلة?|خبرنگار|نامہ نگار)(?: [^\W\d_]{2,12}){0,2} ?[:/-] ?[^\W\d_]{2,12}(?: [^\W\d_]{2,12}){1,2}"
)
_SOURCE: Final = re.compile(
    r"(?:文章|信息|稿件|新闻)?(?:来源|來源|稿源|出典|出所|출처|자료|منبع|المصدر"
    r"|Источник|Джерело|Quelle|Fuente|Fonte|Kaynak|Źródło)"
    r"[ \u3000]*[:：|｜][ \u3000]*(?=[^\W\d_]|[《「『«„“\"])"
)

_NO_NAME: Final = re.compile(r"://|[|｜。！？]")


def is_reporter(text: str) -> bool:
    """Whether a line names reporters and nothing else.

    >>> is_reporter("本报记者 林小河"), is_reporter("임하나 기자"), is_reporter("记者昨日发现，该网站已经停用。")
    (True, True, False)
    """
    if text.isascii() or len(text) > BYLINE_CHARS:
        return False
    return (_CHINESE.fullmatch(text) or _KOREAN.fullmatch(text) or _POST.fullmatch(text)) is not None


def without_source_label(text: str) -> str:
    """The name of a source without the word for it.

    >>> without_source_label("来源：江边日报"), without_source_label("Harbour Post")
    ('江边日报', 'Harbour Post')
    """
    found = _SOURCE.match(text)
    return text[found.end() :] if found else text


def is_source(text: str) -> bool:
    """Whether a line is a word for sources and a name.

    >>> is_source("来源：江边日报"), is_source("Quelle: http://bote.example")
    (True, False)
    """
    found = _SOURCE.match(text)
    return found is not None and len(text) - found.end() <= SOURCE_CHARS and not _NO_NAME.search(text, found.end())
