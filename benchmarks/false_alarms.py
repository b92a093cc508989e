"""How many clean random generations any check refuses or warns about: there should be none.

python -m benchmarks.false_alarms [--generations 200]
"""

from __future__ import annotations

import argparse

import duckdb

from cuttings.contract import TABLES
from cuttings.quality import load_checks
from cuttings.quality.evaluate import find, holds
from cuttings.resources import resource_dir
from tests.quality.generator import generate

FIRST_SEED = 1000


def broken_by(seed: int) -> list[str]:
    """The checks that do not hold on the generation of this seed, with itself as the generation before."""
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
        return [f"{check.suite}.{check.name}" for check in checks if not holds(check, find(connection, check))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--generations", type=int, default=200)
    count = parser.parse_args().generations
    alarms = {seed: broken for seed in range(FIRST_SEED, FIRST_SEED + count) if (broken := broken_by(seed))}
    print(f"{count} clean generations, {len(alarms)} false alarms {alarms or ''}")


if __name__ == "__main__":
    main()
