"""Stories on labelled articles that this project did not write: the same article in many variants on many pages."""

from __future__ import annotations

import json
from hashlib import sha256

import polars as pl
import pytest

from cuttings.corpus import HexIds, packed
from cuttings.corpus.shingles import sketches
from cuttings.corpus.stories import with_story_id

pytestmark = pytest.mark.reference

LEAST_WORDS = 40  # shorter labelled bodies are captions


def pair_count(frame: pl.DataFrame, *keys: str) -> int:
    sizes = frame.group_by(keys).len().get_column("len").cast(pl.Int64)
    return int((sizes * (sizes - 1) // 2).sum())


def test_variants_of_one_article_are_one_story_and_others_are_not(reference):
    rows = []
    for path in sorted((reference / "eval" / "multi").glob("*.gold.json")):
        for article in json.loads(path.read_text(encoding="utf-8"))["articles"]:
            title, body = article["title"], article["body"]
            if title and len(body.split()) >= LEAST_WORDS:
                rows.append((sha256(f"{title}\n{body}".encode()).hexdigest()[:32], title.casefold(), body, "full"))
    columns = ("article_id", "title", "body", "body_status")
    articles = pl.DataFrame(rows, schema=columns, orient="row").unique("article_id")
    sketched = articles.with_columns(sketches(articles.get_column("body")).alias("sketch"))
    ids = HexIds.ordered([packed(sketched.get_column("article_id"), 16)], 16)
    numbered = sketched.with_columns(article_id=pl.Series(ids.places(sketched.get_column("article_id"))[0]))
    own = pl.col("article_id").cast(pl.String)
    sketched = numbered.select("article_id", "sketch").drop_nulls("sketch").sort("article_id")
    found = with_story_id(numbered, sketched, ids).with_columns(pl.coalesce("story_id", own).alias("story"))
    joined, alike, both = pair_count(found, "story"), pair_count(found, "title"), pair_count(found, "story", "title")
    precision, recall = both / joined, both / alike
    print(f"{found.height} texts of {found['title'].n_unique()} articles: {precision=:.4f}, {recall=:.4f}")
    assert precision >= 0.999
    assert recall >= 0.98
