"""Scripts that write titles and sentences otherwise: without full stops, with full stops of their own, or with letters
that count as small ones though there are no capitals.
"""

from __future__ import annotations

import pytest

from cuttings.pages import cut_pages, labels, line_texts, titles

THAI = """ข่าวทั่วไทย
3 มี.ค. 2568 09:41 น.
เทศบาลเลื่อนเปิดสะพานข้ามคลองเป็นเดือนหน้า หลังพบรอยร้าวที่ตอม่อ
ทีมข่าวภูมิภาค
แชร์
นายกเทศมนตรีเปิดเผยเมื่อวันพุธว่า การเปิดใช้สะพานข้ามคลองแห่งใหม่จะต้องเลื่อนออกไปอย่างน้อยหนึ่งเดือน หลังวิศวกรตรวจพบรอยร้าวขนาดเล็กที่ตอม่อสองต้น
ชาวบ้านในพื้นที่ระบุว่ารอสะพานแห่งนี้มานานกว่าสามปี และต้องอ้อมไปใช้ถนนอีกเส้นทุกวันเพื่อส่งลูกไปโรงเรียน
บริษัทผู้รับเหมายืนยันว่าจะซ่อมแซมโดยไม่คิดค่าใช้จ่ายเพิ่มเติม และจะรายงานความคืบหน้าทุกสัปดาห์
"""
AMHARIC = """አዲሱ ድልድይ በሚቀጥለው ወር ለትራፊክ ክፍት ይሆናል
10 ማርች 2025
የከተማው ምክር ቤት ረቡዕ ዕለት እንዳስታወቀው አዲሱ ድልድይ ከአንድ ወር በኋላ ለትራፊክ ክፍት ይሆናል፤ መሐንዲሶች የመጨረሻውን ምርመራ ማጠናቀቃቸውንም ገልጿል።
በአካባቢው የሚኖሩ ነዋሪዎች ድልድዩን ከሦስት ዓመት በላይ ሲጠብቁ እንደነበር ተናግረው፣ ልጆቻቸውን ወደ ትምህርት ቤት ለማድረስ ረጅም መንገድ እንደሚጓዙ አስረድተዋል።
የግንባታው ኩባንያ ተጨማሪ ክፍያ ሳይጠይቅ ድልድዩን ለአስር ዓመታት እንደሚንከባከብ ቃል ገብቷል።
ተዛማጅ ዜናዎች
በወንዙ ዳር ያለው የጠዋት ገበያ እንደገና ተከፈተ
ከ 3 ሰዓታት በፊት
የመጀመሪያ ደረጃ ትምህርት ቤቱ አዲስ ቤተ መጻሕፍት አገኘ
ከ 5 ሰዓታት በፊት
የተማሪዎች ጀልባ የጠዋት ጉዞ ጨመረ
ከ 2 ቀናት በፊት
"""
GEORGIAN = """მთავარი
14:05 / 10.03.2025
საზოგადოება
ახალი ხიდი მდინარეზე მომავალ თვეში გაიხსნება
გაზიარება
მერმა ოთხშაბათს განაცხადა, რომ მდინარეზე აგებული ახალი ხიდი მომავალ თვეში გაიხსნება, რადგან შემოწმება უკვე დასრულდა.
ადგილობრივი მოსახლეობა ამბობს, რომ ხიდს სამ წელზე მეტია ელოდება და ბავშვების სკოლაში წასაყვანად გრძელი გზის გავლა უწევს.
სამშენებლო კომპანია პირობას დებს, რომ ხიდს ათი წლის განმავლობაში უფასოდ მოუვლის.
"""


def title_of(page: str) -> str | None:
    found = cut_pages([page.encode()]).appearances
    return found["title"].to_list()[0] if found["zone"].to_list()[:1] == ["primary"] else None


def test_a_long_title_above_a_text_without_full_stops_is_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    assert title_of(THAI) == THAI.split("\n")[2]
    monkeypatch.setattr(titles, "_opens_with_title", lambda *arguments: False)
    assert title_of(THAI) != THAI.split("\n")[2]


def test_a_text_with_full_stops_opens_with_no_title() -> None:
    told = THAI.replace("ต้น\n", "ต้น.\n").replace("เรียน\n", "เรียน.\n")
    assert title_of(told) != THAI.split("\n")[2]


def test_sentences_end_with_the_full_stops_of_their_script(monkeypatch: pytest.MonkeyPatch) -> None:
    assert title_of(AMHARIC) == AMHARIC.partition("\n")[0]
    monkeypatch.setattr(line_texts, "TERMINAL", line_texts.TERMINAL.replace("።", ""))
    assert title_of(AMHARIC) is None


def test_georgian_letters_do_not_go_on_with_the_line_above(monkeypatch: pytest.MonkeyPatch) -> None:
    assert title_of(GEORGIAN) == GEORGIAN.split("\n")[3]
    monkeypatch.setattr(line_texts, "_CONTINUES", line_texts._CONTINUES.replace("--\\p{Georgian}", ""))
    assert title_of(GEORGIAN) != GEORGIAN.split("\n")[3]


def test_a_georgian_name_before_a_date_is_no_icon() -> None:
    assert labels._is_small("clock")
    assert not labels._is_small("გაზეთი")
