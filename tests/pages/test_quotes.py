"""Quotation marks that open in one language and close in another: »so«, ”så”, „so“."""

from __future__ import annotations

import polars as pl
import pytest

from cuttings.pages import cut_pages, line_texts

TITLE = "»Ich male nur noch vor dem Frühstück«"
STANDFIRST = (
    "Die Malerin Karla Wendt über ihre neuen Bilder, die Langsamkeit der Provinz und das Glück, allein zu sein."
)
BODY = (
    "Frau Wendt, Ihre letzte Ausstellung liegt elf Jahre zurück. Was haben Sie in der Zeit getan?",
    "Karla Wendt: Ich habe gemalt, jeden Tag, und fast alles verbrannt. Das ist kein Unglück, wenn der Ofen groß ist.",
    "»Man darf nicht warten, bis jemand fragt«, sagte meine Mutter immer, die achtzig Jahre in Aldern gelebt hat.",
    "Heute hängen die Bilder im Rathaus von Aldern, und niemand hat sie bisher verkauft oder abgehängt.",
)


def cut(*lines: str) -> pl.DataFrame:
    return cut_pages(["\n".join([*lines, ""]).encode()]).appearances


def test_a_title_in_quotation_marks_above_a_standfirst_of_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    page = ("Kultur", TITLE, STANDFIRST, "Von Tim Oster", "11. Februar 2026, 17:05 Uhr", *BODY)
    found = cut(*page).row(0, named=True)
    assert (found["title"], found["standfirst"]) == (TITLE, STANDFIRST)
    for name in ("_CONTINUES", "_BULLET"):
        with monkeypatch.context() as patch:
            patch.setattr(
                line_texts,
                name,
                getattr(line_texts, name).replace("[^\\s«][^«]*$", "\\S").replace("(?:[^\\p{Lu}\\p{Lo}\\p{N}]|$)", ""),
            )
            assert cut(*page).row(0, named=True)["title"] != TITLE


@pytest.mark.parametrize("mark", ["»", "”", "’"])
def test_a_mark_before_a_capital_opens_a_sentence(mark: str) -> None:
    lines = [BODY[0], "Sie malt nach wie vor jeden Morgen", f"{mark}Man darf nicht warten", *BODY[1:]]
    joined = cut_pages(["\n".join([TITLE, *lines, ""]).encode()]).repairs
    assert "link_join" not in joined["kind"].to_list()


def test_a_mark_before_a_comma_closes_one() -> None:
    lines = [BODY[0], "Sie malt nach wie vor, „was", "die Hand", "will“, und verkauft nichts.", *BODY[1:]]
    joined = cut_pages(["\n".join([TITLE, *lines, ""]).encode()]).repairs
    assert "link_join" in joined["kind"].to_list()


@pytest.mark.parametrize("end", ["!«", ".“", "?‹", ".‘"])
def test_a_sentence_ends_with_the_marks_that_close_it(end: str) -> None:
    assert pl.select(pl.lit(f"Man darf nicht warten{end}").str.contains(line_texts.TERMINAL)).item()
