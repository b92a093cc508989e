"""What the server refuses: other hosts, other statements, other files; and the headers of every answer."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import httpx
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import uvicorn
from starlette.testclient import TestClient
from typer.testing import CliRunner

from cuttings import web
from cuttings.cli import app as command_line
from cuttings.web import create_app, queries, statements
from cuttings.web.generation import OpenGeneration


@pytest.fixture(scope="module")
def client(sample_warehouse: Path) -> Iterator[TestClient]:
    with TestClient(create_app(sample_warehouse), base_url="http://127.0.0.1:8765") as client:
        yield client


@pytest.fixture(scope="module")
def generation(client: TestClient) -> str:
    return client.get("/api/generation").json()["published_id"]


def ask(client: TestClient, generation: str, sql: str, kind: str = "arrow", path: str = "/api/query", **more: object):
    return client.post(path, json={"type": kind, "sql": sql, "generation": generation, **more})


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "evil.example:8765", "127.0.0.1.evil.example", "localhost.evil.example",
        "evil.example#localhost",
        "evil@127.0.0.1", "127.0.0.1:8765:1", "127.0.0.1:x", "[::1", "[::1]x", "0.0.0.0", "",
    ],
)  # fmt: skip
def test_another_host_is_refused(client: TestClient, host: str) -> None:
    """A name of another site that leads to this address, DNS rebinding, gets nothing."""
    answer = client.get("/", headers={"host": host})
    assert answer.status_code == 400
    assert "--allowed-host" in answer.text
    assert client.post("/api/query", headers={"host": host}, json={}).status_code == 400


def test_two_hosts_are_refused(client: TestClient) -> None:
    request = client.build_request("GET", "/api/generation")
    request.headers = httpx.Headers([("host", "127.0.0.1:8765"), ("host", "evil.example")])
    assert client.send(request).status_code == 400


def test_a_name_that_is_allowed_is_answered(sample_warehouse: Path) -> None:
    with TestClient(create_app(sample_warehouse, allowed_hosts=["news.example"])) as client:
        for host, status in (
            ("NEWS.example:80", 200),
            ("news.example.", 200),
            ("127.0.0.1", 400),
            ("x.news.example", 400),
        ):
            assert client.get("/api/generation", headers={"host": host}).status_code == status, host


OWN = "http://127.0.0.1:8765"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": OWN}, 200),
        ({"origin": OWN, "sec-fetch-site": "same-origin"}, 200),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://127.0.0.1:8766"}, 403),
        ({"origin": "https://evil.example", "sec-fetch-site": "cross-site"}, 403),
        ({"origin": "http://127.0.0.1:3000", "sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://evil.example", "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}, 403),
    ],
)
def test_a_page_of_another_site_cannot_ask(
    client: TestClient, generation: str, headers: dict[str, str], status: int
) -> None:
    body = {"sql": "select 1", "generation": generation}
    assert client.post("/api/query", json=body, headers=headers).status_code == status


@pytest.mark.parametrize(("mode", "status"), [("navigate", 200), ("no-cors", 403), ("cors", 403)])
def test_another_site_can_link_here_and_not_embed(client: TestClient, mode: str, status: int) -> None:
    headers = {"sec-fetch-site": "cross-site", "sec-fetch-mode": mode}
    assert client.get("/views", headers=headers).status_code == status


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ([], ["127.0.0.1", "localhost", "[::1]"]),
        (["--host", "0.0.0.0"], ["127.0.0.1", "localhost", "[::1]"]),
        (["--host", "0.0.0.0", "--allowed-host", "News.example"], ["127.0.0.1", "localhost", "[::1]", "news.example"]),
        (["--host", "127.0.0.2"], ["127.0.0.1", "localhost", "[::1]", "127.0.0.2"]),
        (["--allowed-host", "2001:db8::7"], ["127.0.0.1", "localhost", "[::1]", "[2001:db8::7]"]),
    ],
)
def test_the_command_answers_to_a_list_of_names(
    options: list[str], names: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []
    monkeypatch.setattr(uvicorn.Server, "run", lambda *_, **__: None)
    monkeypatch.setattr(web, "create_app", lambda *_, **given: seen.append(given["allowed_hosts"]))
    result = CliRunner().invoke(
        command_line, ["dashboard", "-w", str(tmp_path), "--port", "0", "--no-open", *options], catch_exceptions=False
    )
    assert seen == [names]
    is_open = "0.0.0.0" in options
    assert ("there is no password" in result.stderr) == is_open
    assert (f"names {', '.join(names)};" in result.stderr) == is_open


@pytest.mark.parametrize("name", ["http://news.example", "news.example:80", ""])
def test_an_allowed_host_is_a_bare_name(name: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(command_line, ["dashboard", "-w", str(tmp_path), "--allowed-host", name, "--no-open"])
    assert "expected the name of a host" in str(result.exception)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:1", "localhost:8765"])
def test_this_machine_is_answered(client: TestClient, host: str) -> None:
    assert client.get("/api/generation", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/graph", "/views", "/api/generation", "/static/theme.css", "/no/such/page"])
def test_every_answer_keeps_to_itself(client: TestClient, path: str) -> None:
    headers = client.get(path, headers={"origin": "https://evil.example"}).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert not [name for name in headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("select 1; select 2", "exactly one SELECT"),
        ("from publishers; drop view publishers", "exactly one SELECT"),
        ("drop view publishers", "DROP"),
        ("create table mosaic.preagg_1 as select 1", "CREATE"),
        ("insert into publishers values ('a', 'b', 'c')", "INSERT"),
        ("update publishers set name = 'x'", "UPDATE"),
        ("copy (select 1) to '/tmp/out.csv'", "COPY"),
        ("attach '/tmp/other.db'", "ATTACH"),
        ("detach generation", "DETACH"),
        ("install httpfs", "LOAD"),
        ("load httpfs", "LOAD"),
        ("set memory_limit = '100GB'", "SET"),
        ("pragma database_list", "PRAGMA"),
        ("call pragma_version()", "CALL"),
        ("export database '/tmp/out'", "EXPORT"),
        ("", "nothing"),
        ("-- nothing", "nothing"),
        ("select (", "does not parse"),
        ("select '" + "x" * statements.SQL_CHARS + "'", "more than"),
    ],
)
def test_only_one_select_is_run(client: TestClient, generation: str, sql: str, reason: str) -> None:
    answer = ask(client, generation, sql)
    assert answer.status_code == 403
    assert reason in answer.json()["error"]


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("select * from read_text('/etc/passwd')", "disabled"),
        ("select * from read_csv('/etc/passwd')", "disabled"),
        ("from '/etc/passwd.csv'", "disabled"),
        ("from glob('/etc/*')", "disabled"),
        ("from read_parquet('https://example.com/x.parquet')", "disabled"),
        ("select getenv('HOME')", "does not exist"),
        ("from query('drop view publishers')", "single SELECT"),
        ("with gone as (delete from publishers returning *) from gone", "Can only"),
        ("with new as (insert into mosaic.preagg_ab values (2) returning *) from new", "read-only mode"),
        ("from generation_that_is_not_there", "does not exist"),
    ],
)
def test_a_select_reaches_nothing_else(client: TestClient, generation: str, sql: str, reason: str) -> None:
    prepared = "CREATE TABLE IF NOT EXISTS mosaic.preagg_ab AS SELECT 1 AS n"
    assert ask(client, generation, prepared, "exec").status_code == 204
    answer = ask(client, generation, sql)
    assert answer.status_code == 400
    assert reason in answer.json()["error"]
    rows = pa.ipc.open_stream(ask(client, generation, "select n from mosaic.preagg_ab").content).read_all()
    assert rows.to_pylist() == [{"n": 1}]


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE mosaic.preagg_1 AS SELECT 1",
        "CREATE OR REPLACE TABLE mosaic.preagg_1 AS SELECT 1",
        "CREATE TABLE IF NOT EXISTS main.preagg_1 AS SELECT 1",
        "CREATE TABLE IF NOT EXISTS mosaic.pages AS SELECT 1",
        "CREATE TABLE IF NOT EXISTS mosaic.preagg_1 AS DELETE FROM pages",
        "CREATE TABLE IF NOT EXISTS mosaic.preagg_1 AS SELECT 1; DROP VIEW pages",
        "CREATE VIEW IF NOT EXISTS mosaic.preagg_1 AS SELECT 1",
        "CREATE SCHEMA IF NOT EXISTS other",
        "CREATE SCHEMA IF NOT EXISTS mosaic; CREATE SCHEMA other",
        "DROP SCHEMA IF EXISTS mosaic CASCADE",
        "SELECT 1",
    ],
)
def test_only_preaggregations_are_made(client: TestClient, generation: str, sql: str) -> None:
    assert ask(client, generation, sql, "exec").status_code == 403


def test_a_preaggregation_is_made_once_and_its_name_is_not_taken_over(client: TestClient, generation: str) -> None:
    first = 'CREATE SCHEMA IF NOT EXISTS "mosaic";\nCREATE TABLE IF NOT EXISTS "mosaic"."preagg_2f" AS SELECT 7 AS n'
    assert [ask(client, generation, first, "exec").status_code for _ in range(2)] == [204, 204]
    other = ask(client, generation, first.replace("7", "8"), "exec")
    assert other.status_code == 403
    assert "another pre-aggregation" in other.json()["error"]


def test_a_slow_query_is_stopped(sample_warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "QUERY_SECONDS", 0.3)
    generation = OpenGeneration(sample_warehouse)
    with pytest.raises(queries.QueryFailedError, match=r"stopped after 0\.3 seconds"):
        generation.queries.arrow(
            "select count(*) from range(1000000000) a, range(1000) b where hash(a.range, b.range) = 7"
        )
    generation.close()


def test_another_site_cannot_ask(client: TestClient, generation: str) -> None:
    body = json.dumps({"type": "arrow", "sql": "select 1", "generation": generation})
    for content_type in ("text/plain", "application/x-www-form-urlencoded", ""):
        assert client.post("/api/query", content=body, headers={"content-type": content_type}).status_code == 415
    assert client.get("/api/query").status_code == 405


@pytest.mark.parametrize("body", ["", "[]", "7", "{}", '{"sql": 1}', "[" * 100_000, '{"sql": "select 1"}'])
def test_a_body_that_is_no_question_is_refused(client: TestClient, body: str) -> None:
    assert client.post("/api/query", content=body, headers={"content-type": "application/json"}).status_code == 400


def test_a_body_without_end_is_refused(client: TestClient) -> None:
    answer = client.post("/api/query", content=b"x" * 500_000, headers={"content-type": "application/json"})
    assert answer.status_code == 413


def test_an_answer_repeats_the_number_of_its_request(client: TestClient, generation: str) -> None:
    body = {"sql": "select 1", "generation": generation}
    assert client.post("/api/query", json=body, headers={"x-request-number": "42"}).headers["x-request-number"] == "42"


def test_the_same_question_is_answered_from_memory(sample_warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    generation = OpenGeneration(sample_warehouse)
    asked = generation.queries
    first = asked.arrow("select count(*) as n from pages")
    monkeypatch.setattr(asked, "_connect", lambda: pytest.fail("asked again"))
    assert asked.arrow("select count(*) as n from pages") == first
    generation.close()


def test_csv_runs_in_no_spreadsheet_and_parquet_is_exact(client: TestClient, generation: str) -> None:
    hostile = [
        '=HYPERLINK("http://evil.example","x")',
        "+1",
        "-1",
        "@SUM(1)",
        "\tx",
        "\rx",
        "plain",
        'quote " and, comma',
    ]
    values = ", ".join("('" + text.replace("'", "''") + "')" for text in hostile)
    sql = f"select * from (values {values}) t(title)"
    filters = [["publisher", "=cmd|'/C calc'!A0"], ["published", "2026-07-06_to_before_2026-07-13"]]
    asked = {"path": "/api/export", "name": "articles", "filters": filters}
    csv = ask(client, generation, sql, format="csv", **asked)
    cells = pl.read_csv(io.BytesIO(csv.content))["title"].to_list()
    assert cells == ["'" + text if text[0] in "=+-@\t\r" else text for text in hostile]
    name = csv.headers["content-disposition"]
    assert name == (
        'attachment; filename="articles__publisher==cmd-C-calc-A0__published=2026-07-06_to_before_2026-07-13'
        f'__generation={generation}.csv"'
    )
    parquet = pq.read_table(io.BytesIO(ask(client, generation, sql, format="parquet", **asked).content))
    assert parquet["title"].to_pylist() == hostile
    metadata = {key.decode(): value.decode() for key, value in parquet.schema.metadata.items()}
    assert json.loads(metadata["cuttings.filters"]) == filters
    assert metadata["cuttings.generation"] == generation
    assert metadata["cuttings.sql"] == sql


def test_an_export_is_guarded_like_a_query(client: TestClient, generation: str) -> None:
    refused = ask(client, generation, "select 1; drop view pages", path="/api/export", format="csv")
    assert refused.status_code == 403


@pytest.mark.parametrize("generation_id", ["", "0" * 16, "../../etc", "x" * 500])
def test_a_generation_that_is_not_there_is_said_to_be_gone(client: TestClient, generation_id: str) -> None:
    answer = ask(client, generation_id, "select 1")
    assert answer.status_code == 410
    assert "not there" in answer.json()["error"]


def test_a_static_path_does_not_climb(client: TestClient) -> None:
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py"):
        assert client.get(path).status_code == 404


def test_the_database_itself_refuses_to_write(sample_warehouse: Path) -> None:
    generation = OpenGeneration(sample_warehouse)
    connection = generation.connection()
    with pytest.raises(duckdb.Error, match="read-only"):
        connection.execute("create table generation.main.x as select 1")
    with pytest.raises(duckdb.Error, match="locked"):
        connection.execute("set enable_external_access = true")
    generation.close()
