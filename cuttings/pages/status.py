"""How much of an article's text is there: all of it, its beginning, a caption, a plea for money, or nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from cuttings.pages.captions import is_caption
from cuttings.pages.page import Page

# A plea in the place of a text has at most so many units.
PLEA_UNITS: Final = 160.0
# A mark of omission is among so many last characters; a paywall or a link to the rest among so many lines behind.
CUT_CHARS: Final = 32
BEHIND_LINES: Final = 3
# The role of what stands in the place of a text.
NO_TEXT_ROLE: Final = {"caption_only": "caption", "promo_only": "promo"}
_PAYWALL, _READ_MORE = b"QK"
# What a plea asks for, each thing once: so many different ones make a text a plea.
_PLEAS: Final = re.compile(
    r"(?i)(?P<support>support us|supporting us|your support|unterstützen sie uns|soutenez-nous|apóyanos|sostienici"
    r"|поддержите нас)"
    r"|(?P<donate>\bdonat\w+|contribut(?:e|ion)\b|chip in|spenden?\b|faire un don|haz una donación|dona ora|пожертв)"
    r"|(?P<readers>our readers|readers (?:who|like you)|funded by readers|leserinnen und leser|nos lecteurs"
    r"|nuestros lectores|i nostri lettori|наши читател)"
    r"|(?P<free>paywall|read for (?:nothing|free)|free for (?:all|everyone)|kostenlos für alle|gratuit pour tous)"
    r"|(?P<money>every month|each month|a month|from as little as|jeden monat|chaque mois|cada mes|ogni mese)"
)
PLEAS: Final = 3
# In lower case, for each of these things, what all its wordings hold: few texts hold so much of three of them.
_PLEA_STEMS: Final = (
    ("support us", "supporting us", "your support", "unterstützen", "soutenez", "apóyanos", "sostienici", "поддержите"),
    ("donat", "contribut", "chip in", "spende", "faire un don", "donación", "dona ora", "пожертв"),
    ("readers", "leserinnen", "lecteurs", "lectores", "lettori", "читател"),
    ("paywall", "read for", "free for", "kostenlos", "gratuit"),
    ("month", "from as little", "monat", "chaque mois", "cada mes", "ogni mese"),
)


def is_plea(page: Page, i: int) -> bool:
    """True where a line in the place of a text asks for the reader's money."""
    if page.units[i] > PLEA_UNITS or not _may_plead(page.text[i].casefold()):
        return False
    return len({found.lastgroup for found in _PLEAS.finditer(page.text[i])}) >= PLEAS


def _may_plead(folded: str) -> bool:
    """A sieve before the pattern, which is slow: False where fewer than PLEAS things can be in a text."""
    spare = len(_PLEA_STEMS) - PLEAS
    for stems in _PLEA_STEMS:
        if not any(map(folded.__contains__, stems)):
            spare -= 1
            if spare < 0:
                return False
    return True


def is_cut(text: str, within_chars: int = CUT_CHARS) -> bool:
    """True where a text ends with a mark of omission, or with one and the words of a link behind it: among so many last
    characters.
    """
    tail = text[-within_chars:]
    return "..." in tail or "…" in tail


def body_status(page: Page, body: Sequence[int], end: int) -> str:
    """The status of an article whose text are the lines `body`, all before line `end`."""
    if not body:
        return "absent"
    if len(body) == 1 and is_caption(page, body[0]):
        return "caption_only"
    if all(is_plea(page, i) for i in body):
        return "promo_only"
    behind = page.cls[body[-1] + 1 : min(end, len(page.cls)) + BEHIND_LINES]
    is_teaser = len(body) == 1 and behind[:1] == bytes([_READ_MORE])
    return "truncated" if is_teaser or _PAYWALL in behind or is_cut(page.text[body[-1]]) else "full"
