"""Every row of the table of hostile inputs has a test that holds its outcome."""

from __future__ import annotations

from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
TABLE = PROJECT / "../shared/reality/reliability.md"
H, D, R = "tests/sources/hostile.py", "tests/sources/test_dispositions.py", "tests/reliability"
# The beginning of a row's first cell: a file and what in it holds the outcome. Where another one was chosen than the
# table's, the reason stands behind it.
ROWS = {
    "NUL bytes in UTF-8 text": (H, 'b"nul.txt"'),
    "invalid UTF-8": (H, 'b"invalid-utf8.txt"'),
    "CESU/lone surrogates": (H, 'b"surrogates.txt"'),
    "UTF-8 BOM": (H, 'b"bom.txt"'),
    "UTF-16/32 with or without BOM": (H, 'b"utf16-hidden.txt"'),
    "CR, CRLF, NEL": (H, 'b"line-ends.txt"'),
    "ANSI escapes": (f"{R}/test_inert.py", "def test_the_terminal_obeys_nothing"),
    "RTL overrides": (f"{R}/test_inert.py", "def test_the_terminal_obeys_nothing"),
    "2 GB single line": ("tests/sources/test_bounds.py", '"one-line.txt": ["quarantined", "too_large"]'),
    "1M empty lines": ("tests/sources/test_bounds.py", '"empty-lines.txt": ["loaded", None]'),
    "first line is data": (H, 'b"names'),  # no reader of CSV meets a source
    "empty file": (H, 'quarantined("empty")'),
    "truncated multibyte at end": (H, 'b"cut-character.txt"'),
    "JSON nested 100k": (H, 'quarantined("json_too_deep")'),
    "JSONL with one bad line": (H, 'quarantined("json_invalid")'),
    "JSON duplicate keys": (H, 'quarantined("json_ambiguous")'),
    "name `a[1].txt`": ("tests/sources/test_names.py", 'b"a[1].txt"'),
    "name with newline": ("tests/sources/test_names.py", 'b"new\\nline.txt"'),
    "non-UTF-8 name": ("tests/sources/test_names.py", 'b"\\xff\\xfe/\\x80"'),
    "path `gen=99": ("tests/sources/test_names.py", 'b"gen=9/id=7/'),
    "symlink": (D, "def test_no_special_file_is_opened_or_followed"),
    "FIFO, socket, device": (D, "def test_a_device_is_refused"),
    "file shrinks / grows": ("tests/sources/test_changing.py", "def test_a_change_in_the_middle_of_each_reading"),
    "permission denied": (D, "def test_unreadable_file_and_folder"),
    "same content, two names": (f"{R}/test_short.py", "def test_identity_follows_the_content"),
    "gz bomb": ("tests/sources/test_bounds.py", "def test_bombs_are_stopped"),
    "truncated gz": (H, 'quarantined("truncated_stream")'),
    "tar with ../": (H, "def cve_2025_4517"),
    "zip: duplicate names": (H, 'b"names.zip"'),
    "WARC Content-Length": (H, 'quarantined("truncated_record")'),
    "WARC 300 MB header": (H, 'b"header.warc"'),
    "disk full": (f"{R}/test_faults.py", '("ENOSPC", 7)'),
    "one flipped bit": (f"{R}/test_publish.py", "def test_a_flipped_bit_anywhere_is_found"),
    "clock back 10 years": (f"{R}/test_metamorphic.py", "def test_the_clock_changes_nothing"),
    "`<script>` in text": (f"{R}/test_inert.py", "def test_the_report_has_no_element_of_a_page"),
    "`=HYPERLINK": (f"{R}/test_inert.py", "def test_a_spreadsheet_runs_no_cell"),
    "ReDoS text": ("tests/pages/test_linear.py", "def test_"),
}


@pytest.mark.parametrize(("row", "place"), ROWS.items(), ids=ROWS)
def test_a_row_has_its_test(row: str, place: tuple[str, str]) -> None:
    file, words = place
    assert words in (PROJECT / file).read_text(encoding="utf-8")


def test_no_row_is_left_out() -> None:
    if not TABLE.is_file():
        pytest.skip("the table is not beside this checkout")
    section = TABLE.read_text(encoding="utf-8").partition("## 3.")[2].partition("\n## ")[0]
    inputs = [line.split("|")[1].strip() for line in section.splitlines() if line.startswith("| ")][1:]
    assert len(inputs) > 30
    assert [row for row in inputs if not row.startswith(tuple(ROWS))] == []
