"""What a thing costs in a shop, and the button that leads there, are no text, and the text goes on behind them."""

from __future__ import annotations

import polars as pl
import pytest

from cuttings.pages import article, cut_pages

TITLE = "The quietest kettle we have tested so far"
BODY = (
    "Whoever gets up first knows the trouble: the kettle wakes the whole house before the coffee does, every day.",
    "The maker of this one promises help and names fifty-two decibels, measured at a distance of one metre from it.",
    "We measured two more than that in our kitchen. It sounds like far rain and not like a plane that takes off.",
    "The handle stays cool, and the lid opens with wet hands too. The cord is short, which is all that we can blame.",
)


def body(*lines: str) -> str:
    text = "\n".join([TITLE, *lines, ""])
    (found,) = cut_pages([text.encode()]).appearances.filter(pl.col("position") == 0)["body"]
    return str(found)


@pytest.mark.parametrize(
    "offer",
    [
        "$119 from Fernwald", "$119.00 $139.00 at Fernwald", "119 € bei Fernwald", "119 zł w Fernwald", "Check price",
        "View on Fernwald", "Buy it now at Fernwald", "Bei Fernwald kaufen", "Voir l'offre", "Acheter chez Fernwald",
    ],
)  # fmt: skip
def test_an_offer_within_the_text_is_none_of_it(offer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(article, "DROP_SCORE", -100.0)
    assert body(*BODY[:2], offer, *BODY[2:]) == "\n".join(BODY)
    monkeypatch.setattr(article, "inner_offers", lambda page, body: set())
    assert offer in body(*BODY[:2], offer, *BODY[2:])


@pytest.mark.parametrize("line", ["See how it works", "Get it at Fernwald for $119", "View from the kitchen"])
def test_a_subhead_stays(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(article, "DROP_SCORE", -100.0)
    assert line in body(*BODY[:2], line, *BODY[2:])
