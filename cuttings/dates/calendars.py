"""Days of other calendars beside a Gregorian one, as Arabic, Persian, Bengali, Hebrew and Chinese sites print them.

Both name the same day. The one that is read is the Gregorian, and the other says nothing more: it gives way to spaces,
so that all characters keep their places. Alone, a day of another calendar stays as it is.
"""

from __future__ import annotations

import re
from typing import Final

_DAY: Final = r"(?<!\d)\d{1,2}(?!\d)"
_YEAR: Final = r"(?<!\d)1[34]\d\d(?!\d)"  # of the Hijri, Persian and Bengali calendars, now and for a century
_GREGORIAN_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")

_HIJRI: Final = (
    r"محرم(?: الحرام)?|صفر(?: المظفر)?|رب[يی]ع ال(?:[أا]ول|آخر|ثان[يی])"
    r"|جماد[يىی] ?ال(?:[أا]ول[ىی]?|آخر[ةہ]?|ثان[يی][ةہ]?)"
    r"|رجب(?: المرجب)?|شعبان(?: المعظم)?|رمضان(?: المبار[كک])?|شوال(?: الم[كک]رم)?|ذ[ويی] ?القعد[ةہه]|ذ[ويی] ?الحج[ةہه]"
    r"|মহররম|মুহাররম|সফর|রবিউল আউয়াল|রবিউস সানি|জমাদিউল আউয়াল|জমাদিউস সানি|রজব|শাবান|রমজান|শাওয়াল|জিলকদ|জিলহজ"
)
_PERSIAN: Final = (
    "فروردین|اردیبهشت|خرداد|تیر|مرداد|شهریور|مهر|آبان|آذر|دی|بهمن|اسفند"
    "|حمل|ثور|جوزا|سرطان|اسد|سنبله|میزان|عقرب|قوس|جدی|دلو|حوت"
)
_BENGALI: Final = "বৈশাখ|জ্যৈষ্ঠ|আষাঢ়|শ্রাবণ|ভাদ্র|আশ্বিন|কার্তিক|অগ্রহায়ণ|পৌষ|মাঘ|ফাল্গুন|চৈত্র"
_HEBREW: Final = "תשרי|חשוו?ן|מרחשוו?ן|כסלו|טבת|שבט|אדר(?: [אב]['׳]?)?|ניסן|אייר|סיוו?ן|תמוז|אב|אלול"
_LUNAR: Final = (
    r"(?:农历|農曆|阴历|陰曆)(?:[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年)?[闰閏]?[正一二三四五六七八九十冬腊臘]{1,2}月"
    r"(?:初[一二三四五六七八九十]|[一二三十廿][一二三四五六七八九十]?)"
)
# A day has its month, its year, or the mark of its calendar behind it; a Hebrew day is written in letters.
_OTHER: Final = "|".join((
    rf"{_DAY}\s*(?:من\s+)?(?:{_HIJRI})(?:\s*[,،]?\s*{_YEAR})?(?:\s*(?:هـ|هجرية?|ھ|ه(?!\w)|হিজরি))?",
    rf"{_DAY}\s*(?:{_PERSIAN})\s*(?:ماه\s*)?[,،]?\s*{_YEAR}",
    rf"{_YEAR}([/-]){_DAY}\1{_DAY}",
    rf"{_DAY}\s*(?:ই|শে|লা|রা|ঠা)?\s*(?:{_BENGALI})(?:\s*,?\s*{_YEAR})?(?:\s*বঙ্গাব্দ)?",
    rf"(?<!\w)[א-ת]{{1,2}}[\"״'׳’][א-ת]?\s+[בל]?(?:{_HEBREW})(?:,?\s+(?:ה['׳])?ת[א-ת]{{1,2}}[\"״][א-ת])?(?!\w)",
    _LUNAR,
    r"(?<=年)\s*[(（](?:令和|平成|昭和)(?:\d{1,2}|元)年[)）]",
))  # fmt: skip
_MARKS: Final = r"[\s|/·•,،;؛(（\[\-–—]"
_SAME_DAY: Final = r"الموافق(?:\s*لـ?)?|المصادف|برابر با|مطابق با|مصادف با"
_BESIDE: Final = re.compile(rf"(?:{_MARKS}|(?:{_SAME_DAY}))*(?:{_OTHER})[)）\]]?(?:{_MARKS}|(?:{_SAME_DAY}))*")
# Urdu and Arabic put a letter behind a Gregorian year.
_ERA: Final = re.compile(r"(?<=\d{4})\s?[ءم](?!\w)")


def without_other_calendars(text: str) -> str:
    """A text with digits of ASCII, with spaces for the days of other calendars that stand beside a Gregorian year.

    >>> without_other_calendars("24 نوفمبر 2026 - 12 جمادى الآخرة 1448 هـ").rstrip()
    '24 نوفمبر 2026'
    """
    if _GREGORIAN_YEAR.search(text) is None:
        return text
    found = _BESIDE.sub(_spaces, text)
    return _ERA.sub(_spaces, found if _GREGORIAN_YEAR.search(found) else text)


def _spaces(match: re.Match[str]) -> str:
    return " " * len(match[0])
