"""`cuttings report`: a summary, and where the page is."""

from __future__ import annotations

import os
import webbrowser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cuttings.cli import app


def test_it_says_how_the_checks_went_and_where_the_page_is(
    sample_warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda address: not opened.append(address))
    page = (sample_warehouse / "current").resolve() / "docs" / "index.html"
    result = CliRunner().invoke(app, ["report", "-w", str(sample_warehouse)])
    assert result.exit_code == 0, result.output
    assert "checks hold" in result.output
    assert page.parents[1].name in result.output
    assert str(page) in result.output.replace("\n", "")
    assert opened == [], "only --open opens it"
    CliRunner().invoke(app, ["report", "-w", str(sample_warehouse), "--open", "--generation", page.parents[1].name])
    assert opened == [page.as_uri()]
    wrong = CliRunner().invoke(app, ["report", "-w", str(sample_warehouse), "--generation", "../.."])
    assert "is not there" in str(wrong.exception)


def test_a_later_refusal_is_told(sample_warehouse: Path, tmp_path: Path) -> None:
    refused = tmp_path / "warehouse" / "refused.html"
    (tmp_path / "warehouse").mkdir()
    for name in ("CURRENT", "generations", "current"):
        (tmp_path / "warehouse" / name).symlink_to((sample_warehouse / name).resolve())
    refused.write_text("refused")
    os.utime(refused, (4e9, 4e9))
    result = CliRunner().invoke(app, ["report", "-w", str(tmp_path / "warehouse")])
    assert f"A later run was refused; its report: {refused.resolve()}" in result.output.replace("\n", " ")


@pytest.mark.parametrize("address", ["javascript:alert(1)", "127.0.0.1:8765", ""])
def test_the_address_of_the_dashboard_is_one(address: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["run", str(tmp_path), "--dashboard-url", address])
    assert "is no address" in str(result.exception)
