"""Captions within a text: lines that end with the credit of a picture, and lines above a credit of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from cuttings.pages import spans
from cuttings.pages.agencies import NAMES
from cuttings.pages.page import BODY_LIKE, Page

# The class of a line with a word for a picture's credit.
CAPTION: Final = ord("c")
# A caption in the place of a text has at most so many units.
CAPTION_UNITS: Final = 45.0
# A caption within a text and its credit on one line have so many units at least: a credit may belong to the text.
INNER_UNITS: Final = 8.0
# A caption above its credit has so many units. (Of the labelled pages' lines above an agency's credit, 63 of 68 that
# have so many were left out by hand, of the shorter ones, mostly subheads, 27 of 41.)
ABOVE_UNITS: Final = (5.0, 40.0)
# A credit on a line of its own has at most so many characters.
CREDIT_CHARS: Final = 90
_PICTURES: Final = (
    f"{NAMES}|The Associated Press|The Canadian Press|Getty(?: Images)?|GETTY|EPA|DPA|KEYSTONE|Keystone|imago|IMAGO"
    "|picture[- ]alliance|Scanpix|Shutterstock|iStock(?:photo)?|Alamy|Unsplash|NurPhoto|ZUMA|Sipa|DDP|ddp|Magnum"
)
# "(Ada Fenwick/Gazette)", "Ada Fenwick (REUTERS)", "Ada Fenwick | Getty Images", "Ada Fenwick via AP", "© Gazette".
_AGENCY_CREDIT: Final = re.compile(
    rf"\([^()]{{3,40}}/[^()]{{2,40}}\)|[^().]{{3,50}}\((?:{_PICTURES})[^()]{{0,30}}\)"
    rf"|[^().]{{2,60}}[/|] ?(?:{_PICTURES})\b.{{0,30}}|.{{3,60}} via (?:{_PICTURES})\b.{{0,20}}|© ?[^\W\d].{{2,50}}"
)
# "Figure 2: …", "Рис. 1. …", "图3：…": the caption of a figure, told by so many characters.
FIGURE_CHARS: Final = 24
_FIGURE: Final = re.compile(
    r"(?:Figure|Fig\.|Abbildung|Abb\.|Рисунок|Рис\.|Rysunek|Rys\.|Obrázek|Obr\.|Figura|Kuva|Gambar|Şekil|ábra|Hình"
    r"|圖|图|図|그림) ?\d{1,2}[.:：|–—] ?[^\W\d_]"
)
# "（江边日报记者 林小河 摄）" alone: who took a Chinese picture.
_TAKEN: Final = re.compile(r"[(（][^()（）。]{2,40}[摄攝][)）]")
# "【写真】…", "…＝1月、県北部", "…＝本社ヘリから撮影": Japanese papers tell what a picture shows and, behind the sign,
# where and when, or by whom, within so many last characters.
_SHOWN: Final = re.compile(r"【(?:写真|画像|動画|映像|図|図解|地図|グラフ|イラスト)[^】]{0,8}】")
PLACED_SIGN: Final = "＝"
PLACED_CHARS: Final = 60
_PLACED: Final = re.compile(r"＝(?:[^＝。]{0,30}\d[月日][^＝。]{0,20}|[^＝。]{2,30}(?:撮影|提供))$")

# A credit that says what it is, and nothing else: "Photograph: Ada Fenwick", "Quelle: Gazette". (Of such lines within
# the texts of the labelled real pages 87 of 92 were left out by hand.)
LABELLED_CHARS: Final = 70
_LABELLED: Final = re.compile(
    r"(?i:(?:featured )?(?:photo(?:graph)?|image|picture|illustration|graphic)s?(?: credits?| source| by| courtesy of)?"
    r"|alt|(?:photo |image )?credits?|crédits?(?: photo)?|crédito|fotos?|bild(?:er|rechte|quelle|nachweis)?|grafik"
    r"|beeld|kuva|imagen|imagem|immagine|zdjęcie|fot\.?|fotó|fotoğraf|фото|світлина|снимка|φωτο|φωτογραφία|צילום"
    r"|تصوير|عکس|फोटो|छायाचित्र|ảnh|ภาพ|gambar|写真|撮影|図|图片|圖片|摄影|攝影|사진"
    r"|sources?|quelle|fonte|fuente|kilde|källa|lähde|bron|źródło|zdroj|kaynak|источник|джерело|出典|出所|来源|來源)"
    r" ?[:：] ?[^\W\d_a-z].{1,50}"
)


def is_caption(page: Page, i: int) -> bool:
    """True where a line in the place of a text is the caption of a picture, with its credit."""
    return page.units[i] <= CAPTION_UNITS and spans.is_credited(page.text[i])


def is_agency_credit(text: str) -> bool:
    """True for a line that names who took a picture and for whom, and nothing else.

    >>> is_agency_credit("Ada Fenwick | Getty Images")
    True
    """
    return len(text) <= CREDIT_CHARS and _AGENCY_CREDIT.fullmatch(text) is not None


def is_labelled_credit(text: str) -> bool:
    """True for a line that says that it is a credit or a source, and names one.

    >>> is_labelled_credit("Photograph: Ada Fenwick"), is_labelled_credit("Source: the spring above the mill")
    (True, False)
    """
    return len(text) <= LABELLED_CHARS and _LABELLED.fullmatch(text) is not None


def inner_captions(page: Page, lines: Sequence[int]) -> set[int]:
    """The captions among the lines of a text, and the credits below them. The last line may end with the agency of the
    text, which looks alike.
    """
    found = {i for i in lines[:-1] if _is_inner(page, i) or _FIGURE.match(page.text[i][:FIGURE_CHARS])}
    unended = [i for i in lines[:-1] if not page.is_terminal[i]]
    found.update(i for i in unended if is_labelled_credit(page.text[i]) or _is_placed(page.text[i]))
    for above in lines[:-1]:
        if is_agency_credit(page.text[above + 1]):
            found.add(above + 1)
            if ABOVE_UNITS[0] <= page.units[above] <= ABOVE_UNITS[1]:
                found.add(above)
    return found


def head_captions(page: Page, lines: Sequence[int]) -> set[int]:
    """The captions among the lines of a head: those that end with a credit or have a word for one, and the line above a
    credit that stands alone, unless it may be the standfirst right below the title.
    """
    found = {i for i in lines if page.cls[i] == CAPTION or is_caption(page, i)}
    alone = [i for i in lines if is_agency_credit(page.text[i]) or (i in found and page.units[i] < INNER_UNITS)]
    above = {i - 1 for i in alone}.intersection(lines[1:])
    return found.union(alone, (i for i in above if page.cls[i] in BODY_LIKE and page.units[i] >= ABOVE_UNITS[0]))


def _is_placed(text: str) -> bool:
    """True where a line is a caption as Japanese and Chinese papers write them."""
    if text[-1] in ")）" and _TAKEN.fullmatch(text):
        return True
    if text[0] == "【" and _SHOWN.match(text):
        return True
    return PLACED_SIGN in text and _PLACED.search(text[-PLACED_CHARS:]) is not None


def _is_inner(page: Page, i: int) -> bool:
    """True where a line of the text is a caption: words and a credit, no notice of rights and no address."""
    if page.is_terminal[i] or page.units[i] < INNER_UNITS or not is_caption(page, i):
        return False
    return "©" not in page.text[i] and "://" not in page.text[i]
