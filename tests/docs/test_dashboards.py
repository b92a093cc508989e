"""What docs/dashboards.md says of reading the published tables with DuckDB and Polars works as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import polars as pl
import yaml

from cuttings.web.views import find_views

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "dashboards.md").read_text(encoding="utf-8")


def block(language: str, after: str) -> str:
    """The first block of code in `language` behind a mark of the page."""
    found = re.search(rf"```{language}\n(.*?)```\n", PAGE[PAGE.index(after) :], re.DOTALL)
    assert found is not None
    return found[1]


def test_the_polars_block_counts_the_articles(sample_warehouse: Path) -> None:
    code = block("python", "**Polars**").replace('"warehouse"', repr(str(sample_warehouse)))
    lines = code.splitlines()
    code = "\n".join([*lines[:-1], lines[-1].replace("warehouse.table", "counted = warehouse.table")])
    names: dict[str, pl.DataFrame] = {}
    exec(compile(code, "docs/dashboards.md", "exec"), names)
    generation = (sample_warehouse / "current").resolve()
    whole = pl.scan_parquet(f"{generation}/articles/**/*.parquet", hive_partitioning=True)
    assert "hive_partitioning=True" in PAGE
    assert names["counted"]["len"].sum() == whole.select(pl.len()).collect().item() > 0


def test_the_duckdb_block_reads_the_file_and_the_parquet(sample_warehouse: Path) -> None:
    generation = str((sample_warehouse / "current").resolve())
    connection = duckdb.connect()
    counts = []
    for statement in duckdb.extract_statements(block("sql", "**DuckDB**").replace("'G/", f"'{generation}/")):
        result = connection.execute(statement)
        counts.append(len(result.fetchall()))
    file_rows, parquet_rows = counts[1:]
    assert file_rows > 0
    assert [(parquet_rows,)] == connection.execute("select count(*) from news.main.articles").fetchall()


def test_the_query_for_other_tools_reads_the_parquet_alone(sample_warehouse: Path) -> None:
    generation = str((sample_warehouse / "current").resolve())
    sql = block("sql", "**With what a tool brings.**").replace("'G/", f"'{generation}/")
    counted = duckdb.connect().execute(sql).fetchall()
    assert sum(count for _, count in counted) == pl.scan_parquet(f"{generation}/articles").collect().height
    rill = yaml.safe_load(block("yaml", "**Rill**"))
    assert " ".join(rill["sql"].split()) == " ".join(block("sql", "**With what").split("order by")[0].split())


def test_the_page_of_ones_own_is_one(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(block("yaml", "## A page of your own"), encoding="utf-8")
    view = find_views((tmp_path,))["mine"]
    assert not view.fault
    assert view.title == "Words a day"
