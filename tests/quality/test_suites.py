"""Suites: what the contract demands is derived from it, and a wrong file says what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cuttings.contract import CHECK_LEVELS, TABLES
from cuttings.quality import SuiteError, load_checks
from cuttings.resources import resource_dir

CHECKS = load_checks(TABLES, resource_dir("expectations"))
GOOD = '[[checks]]\nname = "n"\nlevel = "warn"\nwhy = "w"\nrows = "select 1"\n'


def test_every_promise_of_the_contract_has_a_check() -> None:
    names = {(check.suite, check.name) for check in CHECKS if check.level == "fail"}
    for table in TABLES.values():
        assert (table.name, "key_is_unique") in names
        required = next(
            (check for check in CHECKS if check.name == "required_columns_are_filled" and check.suite == table.name),
            None,
        )
        for column in table.columns:
            if column.name in table.key:
                assert (table.name, f"{column.name}_is_not_null") in names
            elif not column.is_nullable:
                assert required is not None
                assert f"'{column.name}'" in required.rows
            if column.values is not None:
                assert (table.name, f"{column.name}_is_in_its_list") in names
            if column.references is not None:
                assert (table.name, f"{column.name}_resolves") in names


def test_every_check_says_why_and_never_reads_page_text_into_a_key() -> None:
    for check in CHECKS:
        assert check.level in CHECK_LEVELS
        assert len(check.why.split()) >= 5, check.name
        assert not check.why.endswith("."), check.name
        chosen = check.rows.rsplit("select ", 1)[-1].split("from")[0]
        assert not {"text", "body", "title", "before", "after"} & set(chosen.replace(",", " ").split()), check.name


def test_there_is_a_suite_for_every_table() -> None:
    assert {path.stem for path in resource_dir("expectations").glob("*.toml")} == set(TABLES)


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("pagez.toml", GOOD, r"pagez\.toml belong to no table"),
        ("pages.toml", "[[checks", r"pages\.toml: is no TOML"),
        ("pages.toml", GOOD + GOOD, "the name n is used twice"),
        ("pages.toml", GOOD.replace('"warn"', '"error"'), "has level 'error'; expected fail or warn"),
        (
            "pages.toml",
            GOOD.replace("why", "because"),
            r"the check n lacks \['why'\] and has unknown fields \['because'\]",
        ),
        ("pages.toml", '[[checks]]\nlevel = "fail"\n', "the check without a name lacks"),
    ],
)
def test_a_wrong_file_says_what_is_wrong(name: str, text: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(SuiteError, match=reason):
        load_checks(TABLES, tmp_path)
