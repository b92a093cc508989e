"""What the cutter makes of the sample dumps, against what a perfect one would say.

The floors stand a little below the measured shares, so that a change that loses pages is seen. Raise them with the
cutter: `python tests/samples/test_cutting.py` prints the shares and every page that is not right.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import polars as pl

from cuttings.pages import cut_pages

SAMPLES = Path(__file__).resolve().parents[2] / "samples"

# Shares of the 107 loaded samples; the measured figure stands beside each floor, which is two or three pages below it.
FLOORS: Final = {
    "page_type": 0.93,  # measured 0.953
    "primary_title": 0.92,  # 0.944
    "other_titles": 0.86,  # 0.879
    "titles": 0.84,  # 0.869
    "sources": 0.84,  # 0.869
    "dates": 0.84,  # 0.869
}


def judge() -> pl.DataFrame:
    """One row per loaded sample: name, family, what was expected and found, and whether each measure is right.

    A title is right when it is the expected one but for white space; `other_titles` when all are there in page order,
    with null where the page lost the title, and no further article is claimed but headlines that are printed bare.
    `titles` is both; `sources` and `dates` compare the publisher lines and date texts of all articles, as printed.
    """
    expected: dict[str, Any] = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))
    names = sorted(name for name, entry in expected.items() if entry["disposition"] == "loaded")
    cut = cut_pages([(SAMPLES / "dumps" / name).read_bytes() for name in names])
    columns = ("zone", "title", "source_name", "date_text")
    by_page: dict[str, list[tuple[str | None, ...]]] = {}
    for page_id, zone, *printed in cut.appearances.sort("page_id", "position").select("page_id", *columns).rows():
        by_page.setdefault(page_id, []).append((zone, *map(_norm, printed)))
    rows = []
    for name, page_id, page_type in zip(names, cut.pages["page_id"], cut.pages["page_type"], strict=True):
        entry = expected[name]
        bare_titles = {_norm(title) for title in entry.get("bare_titles", [])}
        wanted = [("primary", entry["primary"])] if entry["primary"] else []
        wanted += [(other["zone"], other) for other in entry["others"]]
        expected_articles = [(zone, *(_norm(article[column]) for column in columns[1:])) for zone, article in wanted]
        found_articles = [row for row in by_page.get(page_id, []) if row[0] == "primary" or row[1] not in bare_titles]
        is_right = {
            "page_type": page_type == entry["page_type"],
            "primary_title": _titles(found_articles, True) == _titles(expected_articles, True),
            "other_titles": _titles(found_articles, False) == _titles(expected_articles, False),
            "sources": [row[2] for row in found_articles] == [row[2] for row in expected_articles],
            "dates": [row[3] for row in found_articles] == [row[3] for row in expected_articles],
        }
        is_right["titles"] = is_right["primary_title"] and is_right["other_titles"]
        rows.append(
            {
                "name": name,
                "family": entry["family"],
                "found": json.dumps([page_type, *found_articles], ensure_ascii=False),
                "expected": json.dumps([entry["page_type"], *expected_articles], ensure_ascii=False),
                **is_right,
            }
        )
    return pl.DataFrame(rows)


def shares(judged: pl.DataFrame) -> dict[str, float]:
    """Share of pages that are right, per measure."""
    return {measure: float(judged[measure].sum()) / judged.height for measure in FLOORS}


def _titles(articles: list[tuple[str | None, ...]], is_primary: bool) -> list[str | None]:
    return [title for zone, title, *_ in articles if (zone == "primary") == is_primary]


def _norm(text: str | None) -> str | None:
    return " ".join(text.split()) if text else None


def test_the_cutter_reads_the_samples_at_least_as_well_as_when_the_floors_were_set() -> None:
    measured = shares(judge())
    assert {measure: share for measure, share in measured.items() if share < FLOORS[measure]} == {}


if __name__ == "__main__":
    result = judge()
    for row in result.filter(~pl.all_horizontal(*FLOORS)).iter_rows(named=True):
        print(f"{row['name']} ({row['family']}): {', '.join(measure for measure in FLOORS if not row[measure])}")
        print(f"    found    {row['found']}\n    expected {row['expected']}")
    with pl.Config(tbl_rows=-1):
        print(result.group_by("family").agg(pl.len(), pl.col(*FLOORS).mean().round(2)).sort("family"))
    print({measure: round(share, 3) for measure, share in shares(result).items()})
