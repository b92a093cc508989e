"""The checks are checked: every defect is found by the check that is meant for it, and a good generation by none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from cuttings.contract import TABLES
from cuttings.quality import Discovered, audit, load_checks
from cuttings.quality.evaluate import connect, find, holds, setup_statements
from cuttings.resources import resource_dir
from cuttings.store.database import build_database
from cuttings.store.layout import DATABASE_NAME
from tests.quality.generator import generate, write
from tests.quality.mutations import PRODUCT_MUTATIONS, Mutation, contract_mutations

CHECKS = load_checks(TABLES, resource_dir("expectations"))
MUTATIONS = [*contract_mutations(), *PRODUCT_MUTATIONS]
CLEAN_SEEDS = range(100, 105)


def discovered_in(generation: Path) -> Discovered:
    with duckdb.connect(str(generation / DATABASE_NAME), read_only=True) as connection:
        row = connection.execute("select count(*), sum(size_bytes) from main.files").fetchone()
    assert row is not None
    return Discovered(*row)


@pytest.fixture(scope="module")
def workbench(good_generation: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A good generation and the one before it, both in memory and equal: a defect is put in and rolled back."""
    tables = ", ".join(TABLES)
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach '{good_generation / DATABASE_NAME}' as good (read_only)")
        connection.execute("attach ':memory:' as previous")
        connection.execute("attach ':memory:' as run")
        connection.execute(
            "create table run.discovered as "
            "select count(*) as object_count, sum(size_bytes) as object_bytes from good.main.files"
        )
        for table in tables.split(", "):
            connection.execute(f"create table main.{table} as from good.main.{table}")
            connection.execute(f"create table previous.main.{table} as from good.main.{table}")
        yield connection


def broken_checks(connection: duckdb.DuckDBPyConnection) -> set[str]:
    return {f"{check.suite}.{check.name}" for check in CHECKS if not holds(check, find(connection, check))}


def test_a_good_generation_breaks_nothing(workbench: duckdb.DuckDBPyConnection) -> None:
    assert broken_checks(workbench) == set()


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_a_defect_is_found_by_its_check(mutation: Mutation, workbench: duckdb.DuckDBPyConnection) -> None:
    wanted = [check for check in CHECKS if f"{check.suite}.{check.name}" in mutation.fires]
    assert len(wanted) == len(mutation.fires), "names a check that does not exist"
    for catalog, statements in (("memory", mutation.statements), ("previous", mutation.previous)):
        if not statements:
            continue
        workbench.execute(f"use {catalog}")
        workbench.execute("begin")
        try:
            for statement in statements:
                workbench.execute(statement)
            workbench.execute("use memory")
            missed = [check.name for check in wanted if holds(check, find(workbench, check))]
        finally:
            workbench.execute("rollback")
            workbench.execute("use memory")
    assert missed == []


def test_no_check_without_a_defect() -> None:
    covered = {name for mutation in MUTATIONS for name in mutation.fires}
    assert {f"{check.suite}.{check.name}" for check in CHECKS} - covered == set()


def test_great_expectations_agrees_with_the_queries(copy_of_good: Callable[[str], Path], good_generation: Path) -> None:
    """One audit of a generation with many defects: every verdict is the one of the plain query, keys are complete."""
    folder = copy_of_good("broken")
    chosen = [mutation for mutation in PRODUCT_MUTATIONS if mutation.statements][::4] + contract_mutations()[::9]
    with duckdb.connect(str(folder / DATABASE_NAME)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for mutation in chosen:
            for statement in mutation.statements:
                connection.execute(statement)
    discovered = discovered_in(good_generation)
    result = audit(folder, "run", previous=good_generation, discovered=discovered)
    statements = setup_statements(TABLES, good_generation / DATABASE_NAME, discovered)
    with connect(folder / DATABASE_NAME, statements) as connection:
        expected = {check.name + check.suite: find(connection, check) for check in CHECKS}
    found = {entry.check.name + entry.check.suite: entry for entry in result.results}
    assert len(found) == len(CHECKS)
    for check in CHECKS:
        entry, finding = found[check.name + check.suite], expected[check.name + check.suite]
        assert entry.success is holds(check, finding), check
        if not entry.success:
            assert (entry.failing_count, entry.failing_keys) == (finding.failing_count, finding.failing_keys)
    assert len(result.failures) > 20
    assert len(result.warnings) > 5


@pytest.mark.parametrize("seed", CLEAN_SEEDS)
def test_no_false_alarm_on_a_clean_generation(seed: int, tmp_path: Path) -> None:
    folder = write(generate(seed, page_count=5 + 3 * (seed % 20)), tmp_path)
    build_database(folder, TABLES, resource_dir("sql"))
    with connect(folder / DATABASE_NAME, setup_statements(TABLES, None, discovered_in(folder))) as connection:
        assert broken_checks(connection) == set()
