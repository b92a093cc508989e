"""Days of other calendars beside a Gregorian one, as Arabic, Persian, Bengali, Hebrew and Chinese sites print them, and
days in Han numerals.

Both name the same day. The one that is read is the Gregorian, and the other says nothing more: it gives way to spaces,
so that all characters keep their places. Alone, a day of another calendar stays as it is. "二〇二六年三月五日" gets
digits, in as many characters.
"""

from __future__ import annotations

import re
from typing import Final

_DAY: Final = r"(?<!\d)\d{1,2}(?!\d)"
_YEAR: Final = r"(?<!\d)1[34]\d\d(?!\d)"  # of the Hijri, Persian and Bengali calendars, now and for a century
_GREGORIAN: Final = r"(?<!\d)(?:19|20)\d\d(?!\d)"
_GREGORIAN_YEAR: Final = re.compile(_GREGORIAN)

_HIJRI: Final = (
    r"محرم(?: الحرام)?|صفر(?: المظفر)?|رب[يی]ع ال(?:[أا]ول|آخر|ثان[يی])"
    r"|جماد[يىی] ?ال(?:[أا]ول[ىی]?|آخر[ةہ]?|ثان[يی][ةہ]?)"
    r"|رجب(?: المرجب)?|شعبان(?: المعظم)?|رمضان(?: المبار[كک])?|شوال(?: الم[كک]رم)?|ذ[ويی] ?القعد[ةہه]|ذ[ويی] ?الحج[ةہه]"
    r"|মহররম|মুহাররম|সফর|রবিউল আউয়াল|রবিউস সানি|জমাদিউল আউয়াল|জমাদিউস সানি|রজব|শাবান|রমজান|শাওয়াল|জিলকদ|জিলহজ"
)
# As they are written in Indonesian and English; without its year such a word is a name, too.
_LATIN_HIJRI: Final = (
    r"(?i:muharram|muharam|sha?far|rabi ?['’]?ul (?:awal|awwal|akhir)|jumadil (?:awal|akhir)|rajab|s[yh]a['’]?ban"
    r"|ramad?[hz]?an|s[yh]aw{1,2}al|d?zul(?:qa['’]?i?dah|kaidah|hijjah)|zulhijah)"
)
_PERSIAN: Final = (
    "فروردین|اردیبهشت|خرداد|تیر|مرداد|شهریور|مهر|آبان|آذر|دی|بهمن|اسفند"
    "|حمل|ثور|جوزا|سرطان|اسد|سنبله|میزان|عقرب|قوس|جدی|دلو|حوت"
)
_BENGALI: Final = "বৈশাখ|জ্যৈষ্ঠ|আষাঢ়|শ্রাবণ|ভাদ্র|আশ্বিন|কার্তিক|অগ্রহায়ণ|পৌষ|মাঘ|ফাল্গুন|চৈত্র"
_HEBREW: Final = "תשרי|חשוו?ן|מרחשוו?ן|כסלו|טבת|שבט|אדר(?: [אב]['׳]?)?|ניסן|אייר|סיוו?ן|תמוז|אב|אלול"
_HAN: Final = "一二三四五六七八九十"
_THAI: Final = r"[\u0e01-\u0e4e]{1,4}\.?[\u0e01-\u0e4e]{1,9}\.?"
_LUNAR: Final = (
    r"(?:农历|農曆|阴历|陰曆)(?:[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年)?[闰閏]?[正一二三四五六七八九十冬腊臘]{1,2}月"
    r"(?:初[一二三四五六七八九十]|[一二三十廿][一二三四五六七八九十]?)"
)
# A day has its month, its year, or the mark of its calendar behind it; a Hebrew day is written in letters.
_OTHER: Final = "|".join((
    rf"{_DAY}\s*(?:من\s+)?(?:{_HIJRI})(?:\s*[,،]?\s*{_YEAR})?(?:\s*(?:هـ|هجرية?|ھ|ه(?!\w)|হিজরি))?",
    rf"{_DAY}\s{_LATIN_HIJRI},?\s{_YEAR}(?:\s?(?:AH|H)(?!\w))?",
    rf"{_DAY}\s*(?:{_PERSIAN})\s*(?:ماه\s*)?[,،]?\s*{_YEAR}",
    rf"{_YEAR}([/-]){_DAY}\1{_DAY}",
    rf"{_DAY}\s*(?:ই|শে|লা|রা|ঠা)?\s*(?:{_BENGALI})(?:\s*,?\s*{_YEAR})?(?:\s*বঙ্গাব্দ)?",
    rf"(?<!\w)[א-ת]{{1,2}}[\"״'׳’][א-ת]?\s+[בל]?(?:{_HEBREW})(?:,?\s+(?:ה['׳]?)?ת[א-ת]{{1,2}}[\"״][א-ת])?(?!\w)",
    _LUNAR,
    r"(?<=年)\s*[(（](?:令和|平成|昭和)(?:\d{1,2}|元)年[)）]",
    r"(?:令和|平成|昭和)(?:\d{1,2}|元)年(?=[(（](?:19|20)\d\d年[)）]\d)",
    rf"{_DAY}\s?{_THAI}\s?(?:พ\.ศ\.\s?)?(?<!\d)25\d\d(?!\d)",
    r"음력\s?\d{1,2}[월.]\s?\d{1,2}일?",
    rf"(?:tức |nhằm )?(?:ngày )?{_DAY}/{_DAY}(?:/{_GREGORIAN})?\s(?i:âm lịch|ÂL)",
))  # fmt: skip
_MARKS: Final = r"[\s|/·•,،;؛(（\[\-–—]"
_SAME_DAY: Final = r"الموافق(?:\s*لـ?)?|المصادف|برابر با|مطابق با|مصادف با"
_BESIDE: Final = re.compile(rf"(?:{_MARKS}|(?:{_SAME_DAY}))*(?:{_OTHER})[)）\]]?(?:{_MARKS}|(?:{_SAME_DAY}))*")
# Urdu and Arabic put a letter behind a Gregorian year.
_ERA: Final = re.compile(r"(?<=\d{4})\s?(?:ء|مـ?)(?!\w)")
# One of these is in every text that is changed.
_HINT: Final = re.compile(r"[\u0590-\u07ff\u0980-\u09ff\u0e00-\u0e7f历曆음ÂâịL令平昭〇零○九一]|1[34]\d\d")
# A year in Han numerals, and the day behind it.
HAN_YEAR: Final = rf"[一二][〇零○{_HAN[:-1]}]{{3}}年"
_HAN_DAY: Final = re.compile(rf"({HAN_YEAR})([{_HAN}]{{1,2}})月([{_HAN}]{{1,3}})(?=[日号號])")
_HAN_DIGITS: Final = str.maketrans("〇零○一二三四五六七八九", "000123456789")


def without_other_calendars(text: str) -> str:
    """A text with digits of ASCII, with spaces for the days of other calendars that stand beside a Gregorian year.

    >>> without_other_calendars("24 نوفمبر 2026 - 12 جمادى الآخرة 1448 هـ").rstrip()
    '24 نوفمبر 2026'
    """
    if _HINT.search(text) is None:
        return text
    text = _HAN_DAY.sub(_in_digits, text)
    if _GREGORIAN_YEAR.search(text) is None:
        return text
    found = _BESIDE.sub(_spaces, text)
    return _ERA.sub(_spaces, found if _GREGORIAN_YEAR.search(found) else text)


def _in_digits(match: re.Match[str]) -> str:
    year, month, day = match.groups()
    return f"{year.translate(_HAN_DIGITS)}{_number(month)}月{_number(day)}"


def _number(numerals: str) -> str:
    """A number up to 99 in digits, in as many characters; a lone ten is known as a word."""
    tens, ten, ones = numerals.rpartition("十")
    if numerals == ten:
        return numerals
    if ten:
        tens, ones = tens or "一", ones or "〇"
    return f"{tens}{ones}".translate(_HAN_DIGITS).rjust(len(numerals))


def _spaces(match: re.Match[str]) -> str:
    return " " * len(match[0])
