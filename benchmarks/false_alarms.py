"""How many clean random generations any check refuses or warns about: there should be none.

python -m benchmarks.false_alarms [--generations 200]

Each generation has itself as the one before. What the checks' queries find is judged by the bounds themselves, in every
tenth generation by Great Expectations, as in a run.
"""

from __future__ import annotations

import argparse

import duckdb

from cuttings.contract import TABLES
from cuttings.quality import load_checks
from cuttings.quality.evaluate import holds, tally
from cuttings.quality.expect import verdicts
from cuttings.resources import resource_dir
from tests.quality.generator import generate

FIRST_SEED = 1000
JUDGED_BY_LIBRARY_EVERY = 10


def broken_by(seed: int) -> list[str]:
    """The checks that do not hold on the generation of this seed."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("attach ':memory:' as previous")
        connection.execute("attach ':memory:' as run")
        for name, rows in generate(seed, page_count=5 + seed % 50).items():
            connection.register("incoming", rows)
            connection.execute(f"create table main.{name} as from incoming")
            connection.execute(f"create table previous.main.{name} as from incoming")
            connection.unregister("incoming")
        connection.execute(
            "create table run.discovered as "
            "select count(*) as object_count, sum(size_bytes) as object_bytes from main.files"
        )
        checks = load_checks(TABLES, resource_dir("expectations"))
        findings = tally(connection, checks)
    judged = {(check.suite, check.name): holds(check, findings[check.suite, check.name]) for check in checks}
    if seed % JUDGED_BY_LIBRARY_EVERY == 0:
        assert verdicts(checks, findings) == judged
    return [f"{suite}.{name}" for (suite, name), success in judged.items() if not success]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--generations", type=int, default=200)
    count = parser.parse_args().generations
    alarms = {seed: broken for seed in range(FIRST_SEED, FIRST_SEED + count) if (broken := broken_by(seed))}
    print(f"{count} clean generations, {len(alarms)} false alarms {alarms or ''}")


if __name__ == "__main__":
    main()
