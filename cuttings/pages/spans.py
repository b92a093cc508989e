"""Cuts inside a line: what the flattener glued to the text of an article.

Only lines of article text are looked at. Every search runs on a window of at most 4 KiB, or is a plain substring
search.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from cuttings.pages.agencies import LONG_NAMES, NAMES

# A line without any of these needs no search: advert networks, also-read labels, and interface words at its end.
GLUED_WORDS: Final = (
    r"(?i)taboola|sponsored|promoted|outbrain|you may like|advertisement"
    r"|(?:follow us on|join our whatsapp) [^.!?]{0,90}[.!?]?\s*$"
    r"|(?:also read|read also|baca juga|lesen sie auch|lire aussi|czytaj też|читайте также)\s?[:|–-]"
)
# What a line is that needs a search: of anything, or of the words above.
GLUED, WORDS_GLUED = 1, 2
# Words one of which is in every line that the pattern above matches.
GLUED_ANYWHERE: Final = (
    "taboola|sponsored|promoted|outbrain|you may like|advertisement|follow us on|join our whatsapp"
    "|also read|read also|baca juga|lesen sie auch|lire aussi|czytaj też|читайте также"
)
GLUED_TAIL: Final = (
    r"(?i)(?:must watch|link|read more|full story|continue reading|show more|dig deeper|live events|news radio"
    r"|\.\.\.|…)\]?\s*$"
)
GLUED_TAIL_CHARS: Final = 24
# A sentence that begins right behind the end of another one, in any script with cases. Not within an address.
GLUED_SENTENCE: Final = r"\p{Ll}{2}[.!?…][\"”’»)]?[\"“«]?\p{Lu}\p{Ll}*[ ,’']"
# Windows, in characters.
HEAD_CHARS: Final = 260
TAIL_CHARS: Final = 240
CREDIT_CHARS: Final = 90
BLOCK_CHARS: Final = 700
JOINT_CHARS: Final = 4096
# So many windows of one line are searched for advert blocks.
MOST_WINDOWS: Final = 16

# MOSCOW: / LEIDEN (ANP) - / WASHINGTON, June 26 (Reuters) — / Kiel (dpa) –
_PLACE = r"[A-ZÀ-ÞĀ-ŽА-ЯЁІЇЄҐ][\w'’.\-/ ]{1,30}(?:, ?[\w. ]{2,24}){0,2}"
_CAPS = r"[A-ZÀ-ÞА-ЯЁІЇЄҐĄĆĘŁŃÓŚŹŻİŞĞÖÜÇ][A-ZÀ-ÞА-ЯЁІЇЄҐĄĆĘŁŃÓŚŹŻİŞĞÖÜÇ.'’\-/ ]{2,30}(?:, ?[\w. ]{2,24}){0,2}"
_AGENCY = r"\((?:[a-z]{2,4}(?:[-/ ][\w]{2,12})*|[A-Z]{2,8}(?:[-/ ][\w]{2,12})*|[A-Z][a-z]+(?:[A-Z]\w+)?|)\)"
_PLACE_AND_AGENCY: Final = re.compile(rf"{_PLACE} ?{_AGENCY} ?(?:[-–—:.]+|\.-) ?")
_CAPITALS: Final = re.compile(rf"{_CAPS} ?(?:[–—:]| --?) (?=\S)")
# МОСКВА, 5 янв — РИА Новости. / AFP | / 新华社北京5月9日电 / 【東京共同】 / (서울=연합뉴스) … 기자 =
_NAMED_DATELINE: Final = re.compile(
    rf"{_PLACE}[.,]? ?[-–—/|]+ ?(?:{NAMES})(?:/\.?|\.| ?[|:–—]| --?) (?=\S)"
    rf"|(?:{LONG_NAMES}|\((?:{NAMES})\)) ?(?:[|–—]|--?) (?=\S)"
    rf"|【?(?:{LONG_NAMES})[^。，,!?]{{0,16}}(?:电|電|讯|訊)】?\s*|【[^【】]{{0,12}}(?:{LONG_NAMES})】\s*"
    rf"|\([^()=]{{1,12}}=(?:{LONG_NAMES})\)(?:[^=.]{{0,24}}=)? ?"
)
# Signs one of which is in every dateline: a head without them needs no search.
_DATELINE_SIGNS: Final = re.compile(r"[-–—/|:=】电電讯訊]|\) ?\.")
_CAPTION: Final = re.compile(
    r"[^\s.!?]+ [^\s.!?]+ [^.!?]{3,200}"
    r"\((?:Image|Photo|Pic|Picture|File|File Photo|Foto|Bild|Credit|Source|Reuters|AP|AFP|Getty)\b[^()]{0,60}\) "
)
# Who took or owns a picture, at the end of its caption: "Foto: R. Almenar", "(AP Photo/J. Doe)", "© Gazette".
_CREDIT: Final = re.compile(
    r"(?:(?:^|[\s(/|.])(?:(?i:fotos?|photos?|photo credit|picture|bild(?:er|rechte|quelle|nachweis)?|image|imagen"
    r"|imagem|immagine|crédits?|crédito|credits?|zdjęcie"
    r"|fot|fotó|fotograf|fotoğraf|kuva|фото|світлина|снимка|ảnh|gambar|φωτο|φωτό|φώτο|φωτογραφία|תצלום|צילום|تصوير|تصویر"
    r"|صورة|الصورة|عکس|फोटो|छायाचित्र|ছবি|ภาพ)(?: (?:by|de|von|di|par|oleh))?\.?"
    r" ?[:：/©]|©|(?:Photo|Picture|Image)s? by )|(?:照片|图片|圖片|图|圖|写真|摄影|攝影|撮影|사진)[:：=／/])"
    r"[^!?]{2,50}$"
    r"|\((?i:foto|photo|fot\.?|фото|bild|φωτο) [^\W\d_a-zа-яα-ω][^()!?]{2,40}\)$"
    r"|\((?:AP|AFP|EPA|EFE|dpa|PA|ANSA|Reuters|REUTERS|Getty"
    r"|(?i:screen ?(?:grab|shot)|file|handout|archivo|archivbild|symbolbild))\b[^()]{0,60}\)$"
    r"|[.!?…][\"”»]? (?:AP|AFP|EPA|EFE|dpa|ANSA|PTI|ANI|Reuters|REUTERS|Getty Images|Xinhua|Yonhap)$"
)
# Signs one of which is in every credit.
_CREDIT_SIGNS: Final = re.compile(r"[:：/©=／)]| by |[.!?…][\"”»]? [AEGPRXYd]")
# What a credit ends with, or holds in small letters: titles have colons, too.
_CREDIT_ENDS: Final = (
    ")", " AP", " AFP", " EPA", " EFE", " dpa", " ANSA", " PTI", " ANI", " Reuters", " REUTERS", " Images", " Xinhua",
    " Yonhap",
)  # fmt: skip
_CREDIT_STEMS: Final = (
    "©", "fot", "photo", "pict", "bild", "imag", "immag", "cred", "créd", "zdj", "kuva", "фото", "світлина", "снимка",
    "ảnh", "gamb", "φωτ", "φώτ", "תצלום", "צילום", "تصو", "صورة", "عکس", "फोटो", "छायाचित्र", "ছবি", "ภาพ", "照片", "图",
    "圖", "写真", "影", "사진",
)  # fmt: skip
_DOUBLED: Final = re.compile(r"(?<!\w)(\S[^.!?]{4,38}?\S) \1(?!\w)")
_BLOCK_END: Final = re.compile(
    r"(?:Undo|Search Now|Learn More|Read More|Shop Now|Get Offer|Play Now|Install Now|Skip)(?= |$)"
)
_GLUED_AD: Final = re.compile(r"(?<=[.!?\"'”’)])\s?(?:advertisement|ADVERTISEMENT|Advertisement)(?=[A-Z\"'“‘])")
_GLUED_WORD: Final = "advertisement"
_AD_WORDS: Final = ("taboola", "sponsored", "promoted", "outbrain", "you may like")
_ALSO: Final = re.compile(
    r"(?<=[.!?\"'”’)]) ?"
    r"(?:Also [Rr]ead|READ ALSO|Read [Aa]lso|ALSO READ|Baca [Jj]uga|Lesen Sie auch|Lire aussi|Czytaj też|Читайте также)"
    r"\s?[:|–-] [^.!?]{10,160}$"
)


# A new sentence begins where no sentence ended: the flattener took the words between them.
_LOSSY_JOINT: Final = re.compile(
    r" (?=[A-Z])(?<=[a-z]{2} )(?=(?:The|He|She|It|In|But|They|This|That|When|While|Meanwhile|Speaking|According"
    r"|However) [a-z])"
)
_SENTENCE_GLUED: Final = re.compile(r"[.!?…][\"”’»)]?(?P<next>[\"“«]?(?P<word>[^\W\d_]{1,24})[ ,’'])")
# What stands behind the point of an address or a name of software.
_DOMAINS: Final = frozenset(("Com", "Net", "Org", "Co", "De", "Uk", "Tv", "Io", "Ai", "Js", "Gov", "Info", "Ru", "Fr"))
# Labels whose value the flattener lost, folded.
_LOST_VALUES: Final = frozenset({
    "by", "published", "updated", "on", "published on", "published: | updated", "published | updated", "posted on",
    "von", "par", "publicado", "publié le", "veröffentlicht", "publicado el", "actualizado",
})  # fmt: skip
# Those whose value is a name, and more of them: a name may stand on the next line.
_AUTHOR_MARKS: Final = frozenset(("by", "von", "par", "por", "di", "door", "av", "af", "przez", "oleh"))


def is_lost_value(text: str) -> bool:
    """True for a line that is the mark of a value which is lost, or on the next line.

    >>> is_lost_value("Published:")
    True
    """
    return _bare_mark(text) in _LOST_VALUES


def is_author_mark(text: str) -> bool:
    """True for a lone "By": its value is a name."""
    return _bare_mark(text) in _AUTHOR_MARKS


def _bare_mark(text: str) -> str:
    return text.strip(" -:|").lower()


class Cut(NamedTuple):
    """Characters `start` to `end` of a line and what they are."""

    start: int
    end: int
    role: str
    rule: str


def dateline(text: str) -> Cut | None:
    """Place and agency at the head of a body."""
    head = text[:90]
    if not _DATELINE_SIGNS.search(head):
        return None
    match = _PLACE_AND_AGENCY.match(head) if "(" in head else None
    match = match or _NAMED_DATELINE.match(head) or _CAPITALS.match(head)
    return Cut(0, match.end(), "dateline", "dateline_head") if match else None


def is_credited(text: str) -> bool:
    """True where a line ends with the name of who took or owns a picture.

    >>> is_credited("La nueva lonja, durante la primera subasta. Foto: R. Almenar")
    True
    """
    tail = text[-CREDIT_CHARS:]
    if not _CREDIT_SIGNS.search(tail):
        return False
    is_worded = tail.endswith(_CREDIT_ENDS) or any(map(tail.lower().__contains__, _CREDIT_STEMS))
    return is_worded and _CREDIT.search(tail) is not None


def head_caption(text: str) -> Cut | None:
    """A caption with its credit before the first sentence of a one-line body."""
    match = _CAPTION.match(text[:HEAD_CHARS])
    if match is None or match.end() >= len(text):
        return None
    return Cut(0, match.end(), "caption", "caption_head")


def inner_cuts(text: str, glued: int) -> list[Cut]:
    """Adverts inside a line and the sentences that begin without a space; `glued` says what it may hold."""
    return [*(inner_adverts(text) if glued == WORDS_GLUED else ()), *missing_spaces(text)]


def inner_adverts(text: str) -> list[Cut]:
    """Advert blocks inside a line: doubled interface phrases, and the glued word "advertisement"."""
    lower = text.lower()
    cuts = []
    if _GLUED_WORD in lower:
        cuts += [Cut(m.start(), m.end(), "ad", "advert_glued") for m in _GLUED_AD.finditer(text[:4096])]
    at = min((p for p in (lower.find(word) for word in _AD_WORDS) if p >= 0), default=-1)
    windows = 0
    while at >= 0 and windows < MOST_WINDOWS:
        windows += 1
        window_from = max(0, at - 40)
        window = text[window_from : window_from + BLOCK_CHARS]
        doubled = [m for m in _DOUBLED.finditer(window) if any(word in m.group().lower() for word in _AD_WORDS)]
        if len(doubled) >= 2:
            start = doubled[0].start()
            end = doubled[-1].end()
            for match in _BLOCK_END.finditer(window, end):
                end = match.end()
            cuts.append(Cut(window_from + start, window_from + end, "ad", "advert_doubled"))
            at = min((p for p in (lower.find(w, window_from + end) for w in _AD_WORDS) if p >= 0), default=-1)
        else:
            at = min((p for p in (lower.find(w, at + 7) for w in _AD_WORDS) if p >= 0), default=-1)
    return sorted(cuts)


_TAILS: Final = re.compile(
    r"(?<=[\s.!?…\"'”’)\]a-z0-9])"
    r"(?P<tail>Must Watch|Copy the Story Link|Copy Link|Read More|Read more|Full Story|Continue reading"
    r"|Click here to read more|Follow us on [^.!?]{0,90}[.!?]?|Join our WhatsApp [^.!?]{0,90}[.!?]?"
    r"|Visit FOX News Radio|Show more|Dig Deeper|Live Events"
    r"|\[(?:…|\.\.\.)\])\s*$"
)
_TAIL_ROLES: Final = (
    ("Copy", "share"), ("Read", "read_more"), ("Full", "read_more"), ("Cont", "read_more"), ("Click", "read_more"),
    ("Dig", "read_more"), ("Show", "video_ui"), ("[", "read_more"),
)  # fmt: skip


def tail_residue(text: str) -> Cut | None:
    """Interface words glued behind the last sentence."""
    offset = max(0, len(text) - TAIL_CHARS)
    match = _TAILS.search(text[offset:])
    if match is None or offset + match.start() < 20:
        return None
    tail = match["tail"]
    role = next((role for start, role in _TAIL_ROLES if tail.startswith(start)), "promo")
    return Cut(offset + match.start("tail"), offset + match.end("tail"), role, "residue_tail")


def lossy_joints(text: str) -> list[int]:
    """Characters at which words were lost between two sentences; looked for in English one-line bodies."""
    return [match.start() for match in _LOSSY_JOINT.finditer(text[:JOINT_CHARS])]


def missing_spaces(text: str) -> list[Cut]:
    """The sentences that begin right behind the end of another one: the space between them is lost.

    >>> [cut.start for cut in missing_spaces("Why did it rise?Violence is part of it.")]
    [16]
    """
    found = []
    for match in _SENTENCE_GLUED.finditer(text):
        start = match.start("next")
        word = match["word"]
        if text[match.start() - 2 : match.start()].islower() and word not in _DOMAINS and _is_capitalised(word):
            found.append(Cut(start, start, "body", "missing_space"))
    return found


def _is_capitalised(word: str) -> bool:
    return word[0].isupper() and (len(word) == 1 or word[1:].islower())


def inline_also(text: str) -> Cut | None:
    """ "Also read: title" at the end of a paragraph."""
    offset = max(0, len(text) - TAIL_CHARS)
    match = _ALSO.search(text[offset:])
    return Cut(offset + match.start(), len(text), "inline_related", "also_read_inline") if match else None
