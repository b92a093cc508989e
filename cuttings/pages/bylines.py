"""Authors and sources as Chinese, Japanese and Korean papers write them, on lines of their own: "记者 林小河",
"林小河／台北報導", "임하나 기자", "来源：江边日报".

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
# What reporters have and hold: clubs, conferences, notes.
_NO_REPORTER: Final = "(?![会會団团站手观觀调調席證证们們节節俱倶協协])"
_OFFICE: Final = rf"(?:本报|本報|本刊|本台|本网|本網|{_HAN}{{2,8}}(?:社|报|報|网|網|新闻|新聞))"
# A space stands within a name or between two: one way to read it, or a long line takes time beyond all bounds.
_NAME: Final = rf"{_HAN}{{1,4}}(?:[ \u3000·]{_HAN}{{1,3}})?"
_NAMES: Final = rf"{_HAN}{{1,4}}(?:[、，, \u3000·]+{_HAN}{{1,4}})*"
_CHINESE: Final = re.compile(
    rf"[(（\[【〔［]?(?:{_OFFICE}[ \u3000]?)?(?:{_REPORTER}){_NO_REPORTER}[ \u3000]*[:：/／・|｜]?[ \u3000]*{_NAMES}"
    rf"(?:[ \u3000]*[/／][ \u3000]*{_HAN}{{2,8}}|[ \u3000]?{_HAN}{{0,4}}(?:報導|报道|報道))?[)）\]】〕］]?"
    rf"|[(（【]?{_NAMES}[ \u3000]*[/／][ \u3000]*{_HAN}{{2,6}}(?:報導|报道|報道)[)）】]?"
    rf"|[(（【]?{_NAME}[ \u3000]?(?:記者|特派員|编辑委员|編集委員)[)）】]?"
)
# Two words that are no names stand before "기자" as well: a former reporter, the one in charge.
_KOREAN: Final = re.compile(
    r"[(（\[【]?(?:[가-힣]{2,6}=)?(?!전직|현직|담당|취재|사진|수습|모든|어느|해당|일부)[가-힣]{2,4} ?"
    r"(?:선임|수석|전문|인턴|객원)?(?:기자|특파원|논설위원|편집위원)(?:[ ,·]+[\w.+-]+@[\w.-]+)?[)）\]】]?"
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
    return (_CHINESE.fullmatch(text) or _KOREAN.fullmatch(text)) is not None


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
