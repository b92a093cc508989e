"""Lists of bare headlines, without a heading and without dates, are no article."""

from __future__ import annotations

import pytest

from cuttings.pages import cut_pages, parse

HEADLINES = """Ferry crew rescues two anglers from a capsized boat off the northern pier
Council postpones the vote on a new tram line until after the summer
Bakers warn that flour could cost a third more by Christmas
Striker signs for second division side after three years abroad
Museum shows letters of a forgotten composer for the first time
Why so many young people are learning to knit again
Hospital opens ward for patients with rare allergies
"Nobody told us": villagers learn of the quarry from a map
Scientists count more whales than ever in the western sound
Court stops the felling of old oaks beside the motorway
"""
KOREAN = """항구 북쪽 방파제에서 뒤집힌 낚싯배 구조, 선원 두 명 무사히 돌아와
시의회, 새 전차 노선 투표를 여름 이후로 미루기로 결정했다고 밝혀
밀가루 가격 연말까지 삼십 퍼센트 더 오를 수 있다는 제빵사들의 경고
삼 년 만에 돌아온 공격수, 이부 리그 구단과 계약서에 서명
잊힌 작곡가의 편지 백여 통, 박물관에서 처음으로 일반에 공개
"""
POEM = """The harbour lies asleep below the hill
the boats are tied together in the bay
no lantern burns the windows all are still
and all the gulls have flown away
The tide comes in the tide goes out again
it carries what the harbour throws away
the harbour sleeps below the hill in rain
and boats are tied and gulls have flown away
"""


@pytest.mark.parametrize("page", [HEADLINES, KOREAN, HEADLINES.replace("\n", "\n\n")])
def test_headlines_about_many_things_are_an_index(page: str) -> None:
    tables = cut_pages([page.encode()])
    assert tables.pages["page_type"].to_list() == ["index"]
    titles = [line for line in page.splitlines() if line]
    assert tables.appearances["title"].to_list() == titles
    assert set(tables.appearances["zone"]) == {"related"}


def test_without_that_rule_they_are_an_article(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "lists_headlines", lambda draft: False)
    assert "primary" in cut_pages([HEADLINES.encode()]).appearances["zone"].to_list()


def test_text_is_looked_for_beside_a_list_of_headlines() -> None:
    text = "The crew of the ferry waits in the harbour. Nobody knows when the ferry to the isles will leave again.\n\n"
    text += "Its engine broke down in the storm of last night, and the ferry was towed to the harbour in the morning.\n"
    found = cut_pages([f"{HEADLINES}\nShare\nPrint\nTags\n\nThe ferry is late\n\n{text}".encode()]).appearances
    assert found["zone"].to_list().count("primary") == 1
    assert found.filter(found["zone"] == "primary")["title"].to_list() == ["The ferry is late"]


@pytest.mark.parametrize("page", [POEM, HEADLINES.replace("\n", ".\n")])
def test_verses_and_sentences_are_text(page: str) -> None:
    assert "primary" in cut_pages([page.encode()]).appearances["zone"].to_list()
