"""Answers come once: what is asked twice, what is asked together, what is prepared, and what a first visit asks."""

from __future__ import annotations

import json
import struct
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import duckdb
import pyarrow as pa
import pytest
from starlette.testclient import TestClient

from cuttings.web import create_app, preaggregations
from cuttings.web.generation import Generations, OpenGeneration
from cuttings.web.queries import Queries, QueryFailedError
from cuttings.web.statements import RefusedError
from cuttings.web.warming import Warming
from tests.web import lone
from tests.web.conftest import BUNDLE, Visit, serving

WEEKS = 104


@pytest.fixture(scope="module")
def two_years(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generation with an article a week, and a second one every third week."""
    ids = [f"{n:064x}" for n in range(WEEKS)]
    times = [lone.AT - timedelta(weeks=n) for n in range(WEEKS)]
    pages = [
        {"page_id": page_id, "captured_at": at, "page_type": "article"} for page_id, at in zip(ids, times, strict=True)
    ]
    appearances = [
        {
            "page_id": ids[n], "position": position, "zone": "related" if position else "primary",
            "article_id": f"{n % 70:032x}", "published_at": times[n], "published_earliest_at": times[n],
            "published_latest_at": times[n] + timedelta(hours=n),
        }
        for n in range(WEEKS)
        for position in range(1 + (n % 3 == 0))
    ]  # fmt: skip
    articles = [{"article_id": f"{n:032x}", "published_at": times[n]} for n in range(70)]
    tables = {"pages": pages, "appearances": appearances, "articles": articles}
    return lone.write(tmp_path_factory.mktemp("lone") / "two-years", tables)


@pytest.fixture
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


@pytest.fixture
def queries(database: duckdb.DuckDBPyConnection) -> Queries:
    return Queries(database.cursor)


def rows(answer: bytes) -> list[dict[str, object]]:
    return pa.ipc.open_stream(answer).read_all().to_pylist()


def prepared(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The pre-aggregations that are in memory."""
    found = connection.execute("select table_name from duckdb_tables() where schema_name = 'mosaic' order by all")
    return [name for (name,) in found.fetchall()]


def prepare(queries: Queries, name: str, query: str) -> None:
    queries.prepare(f'CREATE TABLE IF NOT EXISTS "mosaic"."{name}" AS {query}')


def test_the_same_question_at_the_same_time_is_answered_once(queries: Queries, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, answer = [], queries._answer

    def slow(sql: str) -> bytes:
        asked.append(sql)
        time.sleep(0.2)
        return answer(sql)

    monkeypatch.setattr(queries, "_answer", slow)
    found: list[bytes] = []
    threads = [threading.Thread(target=lambda: found.append(queries.arrow("select 1 as n"))) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert asked == ["select 1 as n"]
    assert [rows(one) for one in found] == [[{"n": 1}]] * 5


def test_a_question_that_fails_fails_for_all_and_may_be_asked_again(queries: Queries) -> None:
    for _ in range(2):
        with pytest.raises(QueryFailedError, match="nowhere"):
            queries.arrow("select * from nowhere")
    with pytest.raises(RefusedError):
        queries.arrow("drop view pages")


def test_questions_of_one_request_are_answered_in_their_order(two_years: Path) -> None:
    with TestClient(create_app(two_years), base_url="http://127.0.0.1") as client:
        asked = ["select 1 as n", "select * from nowhere", "drop view pages", "select 2 as n"]
        answer = client.post("/api/query", json={"sql": asked, "generation": two_years.name}).content
        frames = []
        while answer:
            kind, length = struct.unpack_from("<BI", answer)
            frames.append((kind, answer[5 : 5 + length]))
            answer = answer[5 + length :]
        assert [kind for kind, _ in frames] == [0, 1, 1, 0]
        assert rows(frames[0][1]) == [{"n": 1}]
        assert b"nowhere" in frames[1][1]
        assert b"exactly one SELECT" in frames[2][1]
        assert rows(frames[3][1]) == [{"n": 2}]
        refused = client.post("/api/export", json={"sql": asked, "generation": two_years.name})
        assert refused.status_code == 403, "a file has the rows of one question"


def test_preaggregations_used_longest_ago_go_and_come_back(
    queries: Queries, database: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preaggregations, "KEPT_ROWS", 25)
    for number in range(4):
        prepare(queries, f"preagg_{number}", f"SELECT range + {number} AS n FROM range(10)")
        queries.arrow('select min(n) from "mosaic"."preagg_0"' + " " * number)  # in use all the time
    assert prepared(database) == ["preagg_0", "preagg_3"]
    assert rows(queries.arrow("select min(n) as n from mosaic.preagg_1")) == [{"n": 1}]
    assert prepared(database) == ["preagg_0", "preagg_1"]
    with pytest.raises(RefusedError, match="another pre-aggregation"):
        prepare(queries, "preagg_2", "SELECT 7 AS n")


def test_a_preaggregation_that_does_not_run_takes_no_name(queries: Queries) -> None:
    with pytest.raises(QueryFailedError, match="nowhere"):
        prepare(queries, "preagg_a", "SELECT * FROM nowhere")
    prepare(queries, "preagg_a", "SELECT 3 AS n")
    assert rows(queries.arrow("select n from mosaic.preagg_a")) == [{"n": 3}]


def test_few_preaggregations_are_known_of_many(
    queries: Queries, database: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preaggregations, "KNOWN", 3)
    for number in range(6):
        prepare(queries, f"preagg_{number}", "SELECT 1 AS n")
    assert prepared(database) == ["preagg_3", "preagg_4", "preagg_5"]
    with pytest.raises(QueryFailedError, match="preagg_0"):
        queries.arrow("select n from mosaic.preagg_0")


@pytest.mark.skipif(not BUNDLE.is_file(), reason="the front end is not built: make web")
def test_a_first_visit_is_answered_before_it_comes(two_years: Path) -> None:
    first = json.loads((BUNDLE.parent / "first.json").read_bytes())
    generations = Generations(two_years)
    warming = Warming(generations, BUNDLE.parent / "first.json")
    warming.start()
    with generations.leases() as leases:
        generation = leases.get()
        with generation.connection() as connection:
            for _ in range(500):
                if len(prepared(connection)) == len(first["preparations"]):
                    break
                time.sleep(0.02)
            assert len(prepared(connection)) == len(first["preparations"])
        assert list(generation.queries._answers) == first["queries"]
    warming.stop()
    generations.close()


def test_nothing_is_prepared_where_nothing_is_published(tmp_path: Path) -> None:
    for questions in (BUNDLE.parent / "first.json", tmp_path / "absent.json"):
        generations = Generations(tmp_path)
        warming = Warming(generations, questions)
        warming.start()
        warming.stop()
        generations.close()


@pytest.mark.slow
def test_what_the_build_wrote_down_is_what_a_first_visit_asks(visit: Callable[..., Visit], two_years: Path) -> None:
    """And a brush over its weeks asks what was prepared for them, and is exact."""
    first = json.loads((BUNDLE.parent / "first.json").read_bytes())
    with serving(two_years) as url:
        tab = visit(url)
        asked: list[dict[str, object]] = []
        tab.page.on("request", lambda r: asked.append(r.post_data_json) if r.url.endswith("/api/query") else None)
        page = tab.go("/")
        statements = [sql for body in asked if isinstance(body["sql"], list) for sql in body["sql"]]
        of_the_table = [sql for sql in statements if '"dashboard_articles"' in sql]
        assert sorted(set(statements) - set(of_the_table)) == sorted(first["queries"])
        assert [body["sql"] for body in asked if body.get("type") == "exec"] == first["preparations"]
        asked.clear()
        page.focus("#timeline .handle.from")
        page.keyboard.press("PageUp")
        page.keyboard.press("ArrowRight")
        tab.settle()
        charts = [sql for body in asked for sql in body["sql"] if '"dashboard_articles"' not in sql]
        assert charts
        assert all('"mosaic"."preagg_' in sql for sql in charts), "no chart reads the rows for a brush"
        day = parse_qs(urlsplit(page.url).query)["from"][0]
        generation = OpenGeneration(two_years)
        with generation.connection() as connection:
            [(count, primary_count, text_count)] = connection.execute(
                "select count(*), count(*) filter (zone = 'primary'), "
                "(select count(*) from marts.dashboard_articles where published_on >= $day) "
                "from marts.dashboard_appearances where published_on >= $day",
                {"day": day},
            ).fetchall()
        generation.close()
        shown = [
            int(page.inner_text(f"#{name}").replace(",", "")) for name in ("k-appearances", "k-primary", "k-texts")
        ]
        assert shown == [count, primary_count, text_count]
        assert 0 < primary_count < count
