"""The checks of a generation: what the contract demands, derived from it, and what `expectations/` adds.

A suite is one table. Its file `expectations/<table>.toml` holds the product's own checks:

    [[checks]]
    name = "segments_tile_the_page"
    level = "fail"                # fail refuses the publish, warn is reported
    why = "one sentence"
    where = "size_bytes < 0"      # what is true of a row of the table that breaks it; or, where that is not enough,
    rows = "select page_id …"     # … a query of the rows that break it; its columns are the key that is reported
    at_most_ratio = 0.05          # optional: so large a share may break it …
    of = "select count(*) …"      # … of this number (the rows of the table when left out)
    judged_from = 50              # … from so many on: a share of a handful says nothing

A query reads the generation under test as `main`, the generation published before it as `previous.main` (empty when
there is none) and `run.discovered` (what the source listing counted: object_count, object_bytes; empty when unknown).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa

from cuttings.contract import CHECK_LEVELS, Table
from cuttings.errors import UsageError

_FIELDS: Final = frozenset({"name", "level", "why", "where", "rows", "at_most_ratio", "of", "judged_from"})
_REQUIRED: Final = frozenset({"name", "level", "why"})


class SuiteError(UsageError):
    """A file of `expectations/` cannot be used as written; the message names it."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check on one table.

    `rows` is a select statement whose rows are the keys that break the check. `at_most_ratio` of the number that `of`
    selects may break it, judged from `judged_from` on; without `of` no row may.
    """

    suite: str
    name: str
    level: str
    why: str
    rows: str
    at_most_ratio: float = 0.0
    of: str = ""
    judged_from: int = 0

    @property
    def is_share(self) -> bool:
        """Whether some rows may break it."""
        return bool(self.of)


def load_checks(tables: Mapping[str, Table], expectations_dir: Path) -> tuple[Check, ...]:
    """Every check, table by table in the order of the contract: the derived ones, then those of the file.

    Raises SuiteError for a file that belongs to no table, a field that is missing or unknown, and a name used twice.
    """
    strays = sorted(path.name for path in expectations_dir.glob("*.toml") if path.stem not in tables)
    if strays:
        raise SuiteError(f"{expectations_dir}: {', '.join(strays)} belong to no table; known are {', '.join(tables)}")
    checks: list[Check] = []
    for table in tables.values():
        checks.extend(contract_checks(table))
        checks.extend(_read_suite(table, expectations_dir / f"{table.name}.toml"))
    seen = set()
    for check in checks:
        if (check.suite, check.name) in seen:
            raise SuiteError(f"{expectations_dir}/{check.suite}.toml: the name {check.name} is used twice")
        seen.add((check.suite, check.name))
    return tuple(checks)


def contract_checks(table: Table) -> Iterator[Check]:
    """What contract.py promises of a table: its key, its required columns, its closed lists, its references."""
    source = f"main.{table.name}"
    key = ", ".join(table.key)
    yield Check(
        table.name,
        "key_is_unique",
        "fail",
        f"{key} is the key: a row that stands twice is counted twice by every join",
        _repeated_keys(table),
    )
    for name in table.key:
        yield Check(
            table.name,
            f"{name}_is_not_null",
            "fail",
            f"{name} is part of the key: a row without it cannot be pointed at",
            f"select {key} from {source} where {name} is null",  # noqa: S608
        )
    required = [column.name for column in table.columns if not column.is_nullable and column.name not in table.key]
    if required:
        holes = " union all ".join(
            f"select {key}, '{name}' as column_name from {source} where {name} is null"  # noqa: S608
            for name in required
        )
        yield Check(
            table.name,
            "required_columns_are_filled",
            "fail",
            f"the contract promises a value in {', '.join(required)}",
            holes,
        )
    for column in table.columns:
        if column.values is not None:
            known = ", ".join(f"'{value}'" for value in column.values)
            yield Check(
                table.name,
                f"{column.name}_is_in_its_list",
                "fail",
                f"{column.name} is a closed list that readers switch on",
                f"select {key} from {source} where {column.name} not in ({known})",  # noqa: S608
            )
        if column.references is not None:
            target, target_column = column.references.split(".")
            yield Check(
                table.name,
                f"{column.name}_resolves",
                "fail",
                f"{column.name} points to a row of {target}, or a join loses rows",
                f"select {key} from {source} where {column.name} is not null "  # noqa: S608
                f"and {column.name} not in (select {target_column} from main.{target} "
                f"where {target_column} is not null)",
            )


def _repeated_keys(table: Table) -> str:
    """The query of the keys that stand more than once.

    Millions of segments are numbered within their pages. A hash of every pair would not fit into memory, so pages whose
    numbers are 0, 1, 2 … are left out first: their hashes add up to the same sum.
    """
    key, source = ", ".join(table.key), f"main.{table.name}"
    is_numbered = len(table.key) == 2 and table.schema.field(table.key[1]).type == pa.int32()
    if not is_numbered:
        return f"select {key} from {source} group by {key} having count(*) > 1"  # noqa: S608 (names of the contract)
    outer, number = table.key
    return f"""
with counted as (
    select {outer}, count(*) as row_count, sum(hash({number})) as hash_sum from {source} group by {outer}
),

numbers as (select unnest(range((select max(row_count) from counted)))::integer as number),

expected as (select number + 1 as row_count, sum(hash(number)) over (order by number) as hash_sum from numbers),

suspects as (
    select counted.{outer}
    from counted
    anti join expected on counted.row_count = expected.row_count and counted.hash_sum = expected.hash_sum
)

select {key}
from {source} as numbered
where numbered.{outer} is null or numbered.{outer} in (select suspects.{outer} from suspects)
group by {key}
having count(*) > 1
"""  # noqa: S608


def _read_suite(table: Table, path: Path) -> Iterator[Check]:
    if not path.is_file():
        return
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SuiteError(f"{path}: is no TOML: {error}") from error
    for entry in content.get("checks", []):
        name = entry.get("name", "without a name")
        missing, unknown = _REQUIRED - entry.keys(), entry.keys() - _FIELDS
        if missing or unknown:
            raise SuiteError(
                f"{path}: the check {name} lacks {sorted(missing) or 'nothing'} and has unknown fields "
                f"{sorted(unknown) or 'none'}; the fields are described in cuttings/quality/suites.py"
            )
        if entry["level"] not in CHECK_LEVELS:
            raise SuiteError(f"{path}: the check {name} has level {entry['level']!r}; expected fail or warn")
        if ("where" in entry) is ("rows" in entry):
            raise SuiteError(f"{path}: the check {name} needs exactly one of where and rows")
        where = entry.get("where", "").strip()
        rows = entry.get("rows", f"select {', '.join(table.key)} from main.{table.name} where {where}").strip()  # noqa: S608
        is_share = "at_most_ratio" in entry
        yield Check(
            table.name,
            name,
            entry["level"],
            entry["why"],
            rows,
            at_most_ratio=entry.get("at_most_ratio", 0.0),
            of=entry.get("of", f"select count(*) from main.{table.name}").strip() if is_share else "",  # noqa: S608
            judged_from=entry.get("judged_from", 0),
        )
