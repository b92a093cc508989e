"""Furniture beside an article in many languages: what is told by its words, and by a sign or a number beside them."""

from __future__ import annotations

import numpy as np
import pytest

from cuttings.pages import cut_pages, grammar, head, phrases, titles
from cuttings.pages.lines import lex
from cuttings.pages.markers import read_lines
from cuttings.pages.measures import measure
from cuttings.pages.model import score_lines
from cuttings.pages.spans import is_credited


def classes(*lines: str) -> str:
    lexed = lex(["\n".join(lines).encode()])
    measured = measure(lexed)
    return read_lines(lexed, score_lines(lexed, measured), measured.words).cls.tobytes().decode()


COUNTS = (
    "댓글 0", "댓글 3개", "ΣΧΟΛΙΑ (4)", "التعليقات (0)", "التعليقات ٣", "この記事へのコメント 0件", "留言 (2)",
    "Kommentarer (12)",     "Comentários (3)", "Hozzászólások: 5", "Bình luận (0)", "टिप्पणी 0", "Komentarze 2",
)  # fmt: skip


@pytest.mark.parametrize("line", COUNTS)
def test_a_phrase_of_comments_with_their_number_is_one(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert classes(line) == "C"
    monkeypatch.setattr(phrases, "_count_comments", lambda fold, chars: np.array([], np.int64))
    assert classes(line) != "C"


def test_a_number_beside_other_words_counts_no_comments() -> None:
    assert "C" not in classes("Aldern 2030", "3 Türme", "地域 2")


@pytest.mark.parametrize(
    "line",
    [
        "Ετικέτες: Άλντερν, φάρος", "Taggar: Aldern, Fyrar", "Etiketler: Aldern, fener", "Argomenti: Aldern, fari",
        "Címkék: Aldern, torony", "標籤：燈塔、港口", "Mots-clés : Aldern, phares",
        "الكلمات الدلالية: المنارة، الميناء",
    ],
)  # fmt: skip
def test_a_word_for_tags_and_a_colon_open_a_line_of_tags(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert classes(line) == "G"
    phrases._lexicon.cache_clear()
    with monkeypatch.context() as patch:
        patch.setattr(phrases, "_TAG_SIGNS", ())
        is_told = classes(line) == "G"
    phrases._lexicon.cache_clear()
    assert not is_told or line.startswith("Mots")  # the lexicon has that one itself


@pytest.mark.parametrize("line", ["[관련기사] 등대 불이 꺼진 밤", "【関連記事】灯台の灯が消えた夜"])
def test_a_title_behind_brackets_with_also_read_is_a_link(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert classes(line) == "I"
    monkeypatch.setattr(phrases, "_SEPARATORS", tuple(":：|"))
    assert classes(line) != "I"


@pytest.mark.parametrize(
    "line",
    [
        "Ο φάρος του Άλντερν το πρωί. ΦΩΤΟ: Μάρκος Δήμου", "منارة ألدرن في الصباح (تصوير: سالم حداد)",
        "Il faro di Aldern al mattino (foto Bellini)", "आल्डर्न का प्रकाशस्तंभ। फोटो: रवि शर्मा",
    ],
)  # fmt: skip
def test_captions_end_with_their_credit_in_many_languages(line: str) -> None:
    assert is_credited(line)


def test_a_word_for_photos_alone_makes_no_credit() -> None:
    assert not is_credited("Il faro di Aldern al mattino (foto e video)")


BODY = (
    "Το λιμεναρχείο του Άλντερν αποφάσισε τη Δευτέρα να κρατήσει τον παλιό φάρο, που θα πουλιόταν τότε.",
    "Η λάμπα του έσβησε πριν από έντεκα χρόνια, όμως οι ναυτικοί κοιτούν ακόμη τον λευκό πύργο με καλό καιρό.",
    "Μια ομάδα γειτόνων είχε μαζέψει τέσσερις χιλιάδες υπογραφές και προσφέρθηκε να βάψει τις σκάλες του πύργου.",
)
TITLE = "Οι γείτονες έσωσαν ένα σύμβολο της πόλης τους"
STANDFIRST = "Τέσσερις χιλιάδες υπογραφές έφτασαν στο λιμάνι μέσα σε ένα μόνο Σαββατοκύριακο"


def primary(*lines: str) -> dict[str, object]:
    found = cut_pages(["\n".join([*lines, *BODY, ""]).encode()]).appearances
    return next((row for row in found.iter_rows(named=True) if row["position"] == 0), {})


def test_the_day_above_a_title_and_its_update_below_make_no_list(monkeypatch: pytest.MonkeyPatch) -> None:
    page = ("Δευτέρα 19 Ιανουαρίου 2026, 08:15", TITLE, STANDFIRST, "Τελευταία ενημέρωση: 19/01/2026, 11:40")
    assert str(primary(*page)["body"]).startswith(BODY[0])
    monkeypatch.setattr(grammar, "_are_of_one", lambda page, chain: False)
    assert not primary(*page)


def test_two_lines_above_an_author_are_a_title_and_its_standfirst(monkeypatch: pytest.MonkeyPatch) -> None:
    page = ("Αρχική › Κοινωνία › Άλντερν", TITLE, STANDFIRST, "", "19 Ιανουαρίου 2026, 08:15")
    assert primary(*page)["title"] == TITLE
    monkeypatch.setattr(titles, "_is_pair", lambda page, above, below: False)
    assert primary(*page)["title"] == STANDFIRST


def test_a_share_button_may_stand_between_an_author_and_the_date(monkeypatch: pytest.MonkeyPatch) -> None:
    page = (TITLE, "", "Ada Fenwick", "Dela", "19 januari 2026")
    assert primary(*page)["byline"] == "Ada Fenwick"
    monkeypatch.setattr(head, "SHARE", 0)
    assert primary(*page)["byline"] is None
