"""Offers within a text: what a thing costs in a shop, and the buttons that lead there, as buyers' guides have them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from cuttings.pages.page import Page

# Such a line has at most so many characters. (Of such lines within the texts of the labelled real pages 148 of 151
# were left out by hand.)
OFFER_CHARS: Final = 60
_MONEY: Final = r"(?:US|CA|AU|NZ|HK|R|C|A)?[$€£¥₹]|USD|EUR|GBP|CHF"
_PRICE: Final = rf"(?:(?:{_MONEY}) ?\d[\d.,]*|\d[\d.,]* ?(?:{_MONEY}|[Ee]uros?|zł|kr|Kč|Ft|lei|₽|руб\.?|TL|₺))"
# The name of a shop: no price behind it, which makes a sentence of it ("Get it at Untel for $20").
_SHOP: Final = r"[^\W\d_][^\d$€£]{1,36}"
# "$219 from Walmart", "119 € bei Händler", "119 € 139 € chez Untel": a price, and where.
_PRICED: Final = re.compile(
    rf"(?:(?:[Nn]ow|[Ff]rom|[Aa]b|[Dd]esde|[Dd]ès|[Dd]a|[Vv]anaf|[Oo]d) )?{_PRICE}(?: {_PRICE})* "
    rf"(?:from|at|on|bei|auf|von|chez|sur|en|em|na|su|presso|bij|hos|w|v|в|на) {_SHOP}"
)
# "View on Amazon", "Buy now at Untel", "Bei Händler kaufen", "Check price".
_BUTTON: Final = re.compile(
    rf"(?i:(?:view|see|buy|shop|order|get)(?: it)?(?: now)? (?:on|at|from)) (?=[A-Z]){_SHOP}"
    r"|(?i:check (?:the )?(?:latest |current |best )?prices?|(?:view|see|get) (?:the )?(?:deal|offer|price)s?"
    r"|zum (?:angebot|shop)|(?:jetzt )?preise? (?:prüfen|vergleichen)|voir (?:l['’]offre|le prix|les prix)"
    r"|ver (?:la )?(?:oferta|ofertas|precio|preço)|vedi (?:l['’])?(?:offerta|prezzo)|bekijk (?:aanbieding|prijs)"
    r"|zobacz ofertę|sprawdź cenę)"
    rf"|(?i:voir|acheter) (?:sur|chez) {_SHOP}|(?i:ver|comprar|compra) en {_SHOP}|(?i:vedi|acquista|compra) su {_SHOP}"
    rf"|(?:[Jj]etzt )?(?:[Bb]ei|[Aa]uf) {_SHOP} (?:kaufen|ansehen|bestellen)|(?i:bekijk|koop) bij {_SHOP}"
)


def inner_offers(page: Page, body: Sequence[int]) -> set[int]:
    """The lines of a text that offer a thing for sale and say nothing else."""
    text = page.text
    return {i for i in body if len(text[i]) <= OFFER_CHARS and not page.is_terminal[i] and _is_offer(text[i])}


def _is_offer(text: str) -> bool:
    """
    >>> _is_offer("$219 from Walmart"), _is_offer("See how it works")
    (True, False)
    """
    return (_PRICED.fullmatch(text) or _BUTTON.fullmatch(text.rstrip(" >»→"))) is not None
