"""Numbered headings of a text are text, however little a line of a few words reads like it."""

from __future__ import annotations

import polars as pl
import pytest

from cuttings.pages import article, cut_pages

TITLE = "Seven villages to escape the heat this summer"
LEAD = (
    "When the coast is full the hills can breathe. We chose villages with a river, shade and cheap beds, all of them "
    "less than four hours from the capital by car.",
    "Before you leave, look at the forecast: in January it rains nearly every afternoon and the road is often closed.",
)
PLACES = {
    "Pedra Lisa": "It lies in a narrow valley with three pools of icy water. The market opens on Saturdays only.",
    "Santa Quitéria": "The church is older than the road, and nobody has its key. The walk to the lookout is worth it.",
    "Barra do Meio": "Two rivers meet in the square, and you can hear them from your bed. Bring something for flies.",
    "Jatobá Velho": "The whole village is one street. In the yellow house lunch is served until the pot is empty.",
}


def page(*heads: str) -> str:
    texts = [line for head, text in zip(heads, PLACES.values(), strict=True) for line in (head, text)]
    return "\n".join([TITLE, LEAD[0], *texts, LEAD[1], ""])


def kept(text: str, heads: list[str]) -> list[bool]:
    (body,) = cut_pages([text.encode()]).appearances.filter(pl.col("position") == 0)["body"]
    return [head in body.split("\n") for head in heads]


@pytest.fixture(autouse=True)
def doubtful(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every short line is unlike text, as the line model may find it on pages of others."""
    monkeypatch.setattr(article, "DROP_SCORE", 100.0)


@pytest.mark.parametrize("form", ["{}. {}", "Step {}: {}", "#{}: {}"])
def test_headings_that_count_up_are_text(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    heads = [form.format(n, name) for n, name in enumerate(PLACES, 1)]
    assert all(kept(page(*heads), heads))
    monkeypatch.setattr(article, "numbered_headings", lambda page, lines: set())
    assert not any(kept(page(*heads), heads))


def test_headings_that_count_down_are_text() -> None:
    heads = [f"{4 - n}. {name}" for n, name in enumerate(PLACES)]
    assert all(kept(page(*heads), heads))


def test_numbers_that_do_not_count_say_nothing() -> None:
    heads = [f"{n * n + 3}. {name}" for n, name in enumerate(PLACES, 1)]
    assert not any(kept(page(*heads), heads))
