"""Analysts' pages: what is wrong with a file is said where it is looked at, in words of the person who wrote it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from cuttings.web import create_app
from cuttings.web.views import SPEC_BYTES, find_views
from tests.web.conftest import Visit, serving

PLOT = "plot: [{mark: barY, data: {from: marts.articles_by_day}, x: published_on, y: {sum: word_count}}]\n"
BRUSH = """meta: {title: Prices in $}
params: {pick: {select: intersect}, size: 9}
plot:
  - {mark: barY, data: {from: marts.articles_by_day, filterBy: $pick}, y: {sql: "$size * '$no' * count(*)"}}
  - {select: intervalX, as: $pick}
"""
BROKEN = {
    "syntax": ("meta: {title: Torn\nplot: []", "it is no YAML: line 2, column 5: expected ',' or '}', but got ':'"),
    "tag": ("plot: !!python/object/apply:os.system [ls]", "it is no YAML: line 1, column 7: could not determine"),
    "bytes": (b"plot: \xff", "it cannot be read"),
    "list": ("- plot", "expected a mapping with one of the keys hconcat,"),
    "empty": ("", "expected a mapping"),
    "misspelt": ("plto: []\nmeta: {}", "expected one of the keys hconcat, hspace, input, legend, mark, plot, "
                 "vconcat, vspace, and found meta, plto"),
    "data": ("data: {t: {file: /etc/passwd}}\n" + PLOT, "take out `data`"),
    "day": ("meta: {since: 2026-07-01}\n" + PLOT, "write dates in quotes"),
    "long": ("# " + "x" * SPEC_BYTES, "the file is longer than"),
    "read": (BRUSH.replace("filterBy: $pick", "filterBy: $pcik"), "line 4: $pcik is no parameter of this page; known"),
    "set": (BRUSH.replace("as: $pick", "as: $pcik"), "line 5: $pcik is no parameter"),
    "sql": (BRUSH.replace("$size", "$sise"), "line 4: $sise is no parameter of this page; known are $pick, $size"),
    "undeclared": (PLOT.replace("data:", "fill: $pick, data:"), "line 1: $pick is no parameter of this page; declare"),
    "deep": ("[" * 5000, "it cannot be read: maximum recursion"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_says_what_is_wrong(name: str, tmp_path: Path) -> None:
    text, reason = BROKEN[name]
    (tmp_path / f"{name}.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    view = find_views((tmp_path,))[name]
    assert reason in view.fault
    assert not view.spec


def test_names_of_parameters_that_are_right_are_left_alone(tmp_path: Path) -> None:
    pages = {
        "declared": BRUSH,
        "set_and_read": BRUSH.replace("pick: {select: intersect}, ", ""),
        "as_an_object": BRUSH.replace("filterBy: $pick", "filterBy: {param: pick}"),
        "anchored": BRUSH.replace("as: $pick", "as: &brush $pick") + "  - {select: highlight, by: *brush}\n",
        "without": PLOT,
    }
    for name, text in pages.items():
        (tmp_path / f"{name}.yaml").write_text(text)
    found = find_views((tmp_path,))
    assert {name: found[name].fault for name in pages} == dict.fromkeys(pages, "")
    assert not any(view.fault for view in find_views(()).values()), "the pages that ship"


def test_the_list_shows_faults_and_names_that_are_no_address(sample_warehouse: Path, tmp_path: Path) -> None:
    (tmp_path / "misspelt.yaml").write_text("plto: []")
    (tmp_path / "two words <b>.yaml").write_text(PLOT)
    with TestClient(create_app(sample_warehouse, pages_dirs=[tmp_path]), base_url="http://127.0.0.1") as client:
        text = client.get("/views").text
        assert "nothing is drawn" in text
        assert "two words &lt;b&gt;.yaml" in text
        assert client.get("/views/misspelt/spec").json()["error"].startswith("nothing is drawn")


FAULTS = {
    "attribute": (PLOT + "widht: 9", "Unrecognized attribute: widht"),
    "mark": (PLOT.replace("barY", "barsY"), "Unrecognized mark type: barsY"),
    "column": (PLOT.replace("published_on", "published_day"), '"published_day" not found in FROM clause! Candidate'),
    "table": (PLOT.replace("by_day", "by_dya"), "articles_by_dya does not exist! Did you mean"),
    "sql": (PLOT.replace("x: published_on", "x: {sum: {sql: select}}"), "the SQL does not parse"),
}


@pytest.mark.slow
def test_what_cannot_be_drawn_is_said_on_the_page(
    visit: Callable[..., Visit], sample_warehouse: Path, tmp_path: Path
) -> None:
    for name, (text, _) in FAULTS.items():
        (tmp_path / f"{name}.yaml").write_text(text)
    with serving(sample_warehouse, tmp_path) as url:
        tab = visit(url)
        for name, (_, reason) in FAULTS.items():
            page = tab.page
            page.goto(f"{url}/views/{name}")
            page.wait_for_selector("#problem:not([hidden])")
            assert reason in page.inner_text("#problem"), name
        tab.faults = [fault for fault in tab.faults if "status of 40" not in fault]  # the browser reports refusals too
