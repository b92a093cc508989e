"""The shipped sample dumps: that they are what their README and `expected.json` say, byte for byte where it matters."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from cuttings import sources
from cuttings.config import Config
from cuttings.contract import BODY_STATUSES, DISPOSITIONS, PAGE_TYPES

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
DUMPS = SAMPLES / "dumps"
SIDECAR = "captures.csv"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))
NAMES = sorted(
    path.relative_to(DUMPS).as_posix() for path in DUMPS.rglob("*") if path.is_file() and path.name != SIDECAR
)


def _raw(name: str) -> bytes:
    return (DUMPS / name).read_bytes()


def _captures() -> list[dict[str, str]]:
    with (DUMPS / SIDECAR).open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def test_samples_are_many_and_varied() -> None:
    families = Counter(entry["family"] for entry in EXPECTED.values())
    languages = Counter(entry["language"] for entry in EXPECTED.values() if entry["language"])
    assert len(NAMES) >= 48
    assert len(families) >= 12
    assert len([language for language, count in languages.items() if count >= 4]) >= 5
    assert 300_000 <= sum(len(_raw(name)) for name in NAMES) <= 600_000


def test_expected_names_every_file_once_and_uses_the_words_of_the_contract() -> None:
    assert sorted(EXPECTED) == NAMES
    for name, entry in EXPECTED.items():
        assert entry["disposition"] in DISPOSITIONS, name
        assert entry["page_type"] in (*PAGE_TYPES, None), name
        assert (entry["page_type"] is None) == (entry["disposition"] == "quarantined"), name
        assert (entry["disposition"] == "quarantined") == ("reason" in entry), name
        articles = [entry["primary"]] if entry["primary"] else []
        for article in articles + entry["others"]:
            assert article["body_status"] in BODY_STATUSES, name
        assert {other["zone"] for other in entry["others"]} <= {"related", "sibling"}, name


@pytest.mark.parametrize("name", [name for name in NAMES if EXPECTED[name]["disposition"] == "loaded"])
def test_expected_titles_sources_and_dates_are_printed_on_the_page_in_that_order(name: str) -> None:
    entry, raw = EXPECTED[name], _raw(name)
    codec = {"damaged/utf16-le-bom.txt": "utf-16", "damaged/cp1252.txt": "cp1252"}.get(name, "utf-8")
    text = raw.decode(codec, "replace").replace("&amp;", "&")
    for article in [entry["primary"] or {}, *entry["others"]]:
        for field in ("title", "source_name", "date_text"):
            assert not article.get(field) or article[field] in text, (field, article)
    titles = [other["title"] for other in entry["others"] if other["title"]]
    start = text.find(entry["primary"]["title"]) if entry["primary"] else 0
    places = [text.find(title, start) for title in titles]
    assert places == sorted(places)
    assert -1 not in places


def test_bare_titles_stand_on_the_page_and_are_no_articles() -> None:
    for name, entry in EXPECTED.items():
        if bare_titles := entry.get("bare_titles"):
            raw = _raw(name)
            codec = {"damaged/utf16-le-bom.txt": "utf-16", "damaged/cp1252.txt": "cp1252"}.get(name, "utf-8")
            assert all(title in raw.decode(codec, "replace") for title in bare_titles), name
            assert not set(bare_titles) & {other["title"] for other in entry["others"]}, name


def test_captures_name_existing_pages_once_with_instants_in_utc_over_several_days() -> None:
    rows = _captures()
    assert len({row["name"] for row in rows}) == len(rows)
    assert {row["name"] for row in rows} <= set(NAMES)
    instants = [dt.datetime.fromisoformat(row["captured_at"].replace("Z", "+00:00")) for row in rows]
    assert {instant.utcoffset() for instant in instants} == {dt.timedelta(0)}
    assert len({instant.date() for instant in instants}) >= 8
    assert all(re.fullmatch(r"https://[a-z.-]+\.example/\S+", row["url"]) for row in rows if row["url"])


def test_some_pages_carry_their_capture_only_in_the_name_and_some_nowhere() -> None:
    bare = set(NAMES) - {row["name"] for row in _captures()}
    dated = {name for name in bare if re.search(r"2026-?07-?\d\d", name)}
    assert len(dated) >= 4
    assert bare - dated


def test_no_two_pages_are_the_same_but_the_one_that_says_so() -> None:
    by_content: dict[str, list[str]] = {}
    for name in NAMES:
        by_content.setdefault(hashlib.sha256(_raw(name)).hexdigest(), []).append(name)
    assert [names for names in by_content.values() if len(names) > 1] == [
        ["dayfold/border-talks.txt", "mirror/border-talks.txt"]
    ]
    assert [name for name in NAMES if EXPECTED[name]["disposition"] == "duplicate"] == ["mirror/border-talks.txt"]


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def test_damaged_files_are_damaged_as_described() -> None:
    crlf = _raw("damaged/crlf.txt")
    assert crlf.count(b"\r\n") == crlf.count(b"\n") == crlf.count(b"\r") > 20
    old_mac = _raw("damaged/old-mac-line-ends.txt")
    assert b"\n" not in old_mac
    assert old_mac.count(b"\r") > 20
    assert _raw("damaged/utf8-bom.txt").startswith(b"\xef\xbb\xbf")
    wide = _raw("damaged/utf16-le-bom.txt")
    assert wide.startswith(b"\xff\xfe")
    assert "Glaciologue".casefold() in wide.decode("utf-16").casefold()
    narrow = _raw("damaged/cp1252.txt")
    assert not _is_utf8(narrow)
    assert "„Sonst komme ich da ja nicht dran“" in narrow.decode("cp1252")
    assert not _raw("damaged/no-final-newline.txt").endswith(b"\n")
    assert b"tali\0nya" in _raw("damaged/control-bytes.txt")
    assert _raw("damaged/empty.txt") == b""
    assert _raw("damaged/blank.txt").strip() == b""
    pixel = _raw("damaged/tracking-pixel.txt")
    assert pixel.startswith(b"\x89PNG\r\n\x1a\n")
    assert pixel.count(0) > len(pixel) / 4


def test_invalid_utf8_page_holds_three_kinds_of_damage_and_no_more() -> None:
    raw = _raw("damaged/invalid-utf8.txt")
    assert raw.decode("utf-8", "replace").count("\ufffd") == 3
    assert b"\xff" in raw
    assert b" \x80" in raw
    assert re.search(rb"\xc3[\x00-\x7f]", raw)


def test_every_other_file_is_clean_utf8_with_line_feeds() -> None:
    for name in NAMES:
        if not name.startswith("damaged/"):
            assert _is_utf8(_raw(name)), name
            assert b"\r" not in _raw(name), name
            assert b"\0" not in _raw(name), name


def test_the_ambiguous_date_and_the_dates_that_decide_it_are_on_the_same_site() -> None:
    texts = [_raw(name).decode() for name in NAMES if name.startswith("dayfold/")]
    for date in ("06-07-2026", "28-06-2026", "24-06-2026"):
        assert any(f"time{date}" in text for text in texts), date


def test_articles_come_back_on_other_pages() -> None:
    primaries = {entry["primary"]["title"] for entry in EXPECTED.values() if entry["primary"]}
    others = Counter(other["title"] for entry in EXPECTED.values() for other in entry["others"])
    assert len(primaries & set(others)) >= 25
    assert max(others.values()) >= 4


def test_readme_counts_the_families_and_lists_the_damaged_files() -> None:
    readme = (SAMPLES / "README.md").read_text(encoding="utf-8")
    families = Counter(entry["family"] for entry in EXPECTED.values())
    assert {name: int(count) for name, count in re.findall(r"^\| `(\w+)` \| (\d+) \|", readme, re.M)} == dict(families)
    assert f"`dumps/` holds {len(NAMES)} text dumps" in readme
    assert [name for name in NAMES if name.startswith("damaged/") and f"| `{name}` |" not in readme] == []


def test_each_sample_gets_the_disposition_and_the_capture_evidence_it_was_made_for(tmp_path: Path) -> None:
    scan = sources.scan(Config(sources=(DUMPS,), warehouse=tmp_path / "warehouse", trusts_mtime=False))
    found = {row["source_name"]: row for row in scan.files.iter_rows(named=True)}
    assert {name: row["disposition"] for name, row in found.items()} == {
        name: entry["disposition"] for name, entry in EXPECTED.items()
    }
    assert {name: row["reason"] for name, row in found.items() if row["disposition"] == "quarantined"} == {
        name: entry["reason"] for name, entry in EXPECTED.items() if "reason" in entry
    }
    in_sidecar = {row["name"] for row in _captures()}
    evidence = {name: row["captured_from"] for name, row in found.items() if name not in in_sidecar}
    assert Counter(evidence.values()) == {"name": 5, "none": 1}
    assert scan.warnings == ()


def test_git_keeps_the_bytes() -> None:
    assert (SAMPLES / ".gitattributes").read_text(encoding="utf-8") == "* -text\n"
