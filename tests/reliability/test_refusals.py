"""P16: whichever check a built generation breaks, its publish is refused and what is published stays as it was.

The generation that is judged is the generator's good one with one defect, put in the place of the run's own database
between its building and its audit.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest

from cuttings import pipeline, quality
from cuttings.config import Config
from cuttings.contract import TABLES
from cuttings.errors import EXIT_CHECK_FAILED, CheckFailedError
from cuttings.quality import Check, load_checks
from cuttings.quality.evaluate import Finding, holds
from cuttings.resources import resource_dir
from cuttings.store.database import build_database
from cuttings.store.layout import DATABASE_NAME
from tests.quality.generator import generate, write
from tests.quality.mutations import PRODUCT_MUTATIONS, Mutation, contract_mutations
from tests.reliability.trials import IS_TORTURE, SHARE

pytestmark = pytest.mark.usefixtures("without_audit")

CHECKS = load_checks(TABLES, resource_dir("expectations"))
FATAL = {f"{check.suite}.{check.name}" for check in CHECKS if check.level == "fail"}
DEFECTS = [defect for defect in (*contract_mutations(), *PRODUCT_MUTATIONS) if FATAL & set(defect.fires)]
STEP = round(1 / SHARE) if IS_TORTURE else 120  # one defect of so many
PAGE = "Ferry {}\n\nThe old ferry returned to the harbour on Monday after repairs, the port of Lunden said.\n"


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write(generate(seed=7, page_count=60), tmp_path_factory.mktemp("good"))
    build_database(folder, TABLES, resource_dir("sql"))
    return folder / DATABASE_NAME


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for a warehouse that the first test publishes into."""
    return tmp_path_factory.mktemp("refusals")


@pytest.fixture
def config(published: Path) -> Iterator[Config]:
    """A run that has something to do, and a warehouse where something is published."""
    dump = published / "dump"
    found = Config((dump,), published / "warehouse", trusts_mtime=False, is_strict=True)
    if not dump.exists():
        dump.mkdir()
        (dump / "ferry.txt").write_text(PAGE.format("returns"))
        pipeline.run(found)
    (dump / "more.txt").write_text(PAGE.format("leaves"))
    yield found
    (dump / "more.txt").unlink()


def judging(database: Path, folder: Path, defect: Mutation) -> Callable[..., Any]:
    """The steps of a run, of which the audit judges the database with the defect."""

    def broken(name: str, statements: Sequence[str]) -> Path:
        place = folder / name
        place.mkdir(exist_ok=True)
        shutil.copyfile(database, place / DATABASE_NAME)
        with duckdb.connect(str(place / DATABASE_NAME)) as connection:
            connection.execute("set TimeZone = 'UTC'")
            for statement in statements:
                connection.execute(statement)
        return place

    def audit(*_: object) -> quality.AuditResult:
        with duckdb.connect(str(database), read_only=True) as connection:
            row = connection.execute("select count(*), sum(size_bytes) from main.files").fetchone()
        assert row is not None
        before = broken("before", defect.previous)
        return quality.audit(broken("built", defect.statements), "run", before, quality.Discovered(*row))

    def call(name: str, function: Callable[..., Any], *arguments: Any) -> Any:
        return function(audit, *arguments[1:]) if name == "audit" else function(*arguments)

    return call


def verdicts(checks: Sequence[Check], findings: Mapping[tuple[str, str], Finding]) -> dict[tuple[str, str], bool]:
    """By the checks' own queries: what the library thinks of them is tested elsewhere."""
    return {(check.suite, check.name): holds(check, findings[check.suite, check.name]) for check in checks}


@pytest.mark.parametrize("defect", DEFECTS[::STEP], ids=lambda defect: defect.name)
def test_a_defect_refuses_the_publish_and_changes_nothing(
    defect: Mutation, good: Path, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["cuttings.quality.audit"], "verdicts", verdicts)
    warehouse = config.warehouse
    before = (warehouse / "CURRENT").stat(), sorted((warehouse / "generations").iterdir())
    with pytest.raises(CheckFailedError) as caught:
        pipeline.run(config, judging(good, tmp_path, defect))
    assert caught.value.exit_code == EXIT_CHECK_FAILED
    assert any(check in str(caught.value) for check in FATAL & set(defect.fires))
    assert ((warehouse / "CURRENT").stat(), sorted((warehouse / "generations").iterdir())) == before


def test_every_check_that_refuses_is_among_them() -> None:
    assert FATAL - {check for defect in DEFECTS for check in defect.fires} == set()


def test_without_a_defect_it_is_published(
    good: Path, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: it is the defect that refuses."""
    monkeypatch.setattr(sys.modules["cuttings.quality.audit"], "verdicts", verdicts)
    assert pipeline.run(config, judging(good, tmp_path, Mutation("none", (), ()))).is_published
