"""Fit how sure a cut is: the chance that the text of an article is right, and the chance that a segment is.

usage: python -m benchmarks.fit_confidence [--write]

A text is right when the F1 of its words is at least .9; one of which there is none, when there is none in the gold. An
appended article is right when it is one of the gold's, and nothing is known of those of real pages. A segment is right
when its zone is, and its role where the gold has one. Prints the reliability on publishers and layouts held out, and
with `--write` puts the weights into `cuttings/pages/weights/*_confidence.json` and the tables into docs/cutting.md.
"""

from __future__ import annotations

import argparse
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from types import ModuleType
from typing import Any

import numpy as np

from benchmarks.fit_line_model import load
from benchmarks.fitting import (
    Observation,
    as_table,
    fit,
    fold_weights,
    held_out,
    put_in_docs,
    reliability,
    said,
    stored,
    write,
)
from benchmarks.labelled_cuts import Cut, Sample, cuts, recorded, samples
from benchmarks.quality import LABELLED
from cuttings.pages import article, items
from cuttings.pages.labels import ROLE
from cuttings.pages.logits import chance, log_odds
from cuttings.pages.sureness import numbers

# A text is right when the F1 of its words is at least this.
GOOD_F1 = 0.9
# An article that lies in bytes of which the gold says nothing, to this share, is neither right nor wrong.
UNKNOWN_SHARE = 0.5
UNKNOWN = frozenset(("unknown", "inline_related"))
# Of the segments of all pages every sixteenth is enough.
SEGMENT_STEP = 16
PRIMARY_RULES = frozenset(("text_run", "title_without_body"))
NAMES = {"primary": "primaries", "related": "other articles", "segment": "segments"}
BODY_ROLE = dict.fromkeys(("list_item", "quote", "transcript_turn", "table"), "body")


@dataclass(frozen=True, slots=True)
class Seen:
    """A page as it was cut: its articles by position, as (kind, features, outcome), and some of its segments, as (rule,
    role, position, log-odds of the line, outcome).
    """

    sample: Sample
    articles: dict[int, tuple[str, dict[str, float], bool | None]]
    segments: list[tuple[str, str, int, float, bool]]


def observed() -> Iterator[Seen]:
    """Every page, cut."""
    judge = load(LABELLED / "score_pages.py")
    with recorded(article, "cut_features") as own, recorded(items, "item_features") as others:
        for cut in cuts(list(samples())):
            right = outcomes(judge, cut)
            rows = {kind: iter(calls.pop(id(cut.page), [])) for kind, calls in (("primary", own), ("related", others))}
            articles = {}
            for one in cut.labels.articles:
                kind = "primary" if one.rule in PRIMARY_RULES else "related"
                articles[one.position] = (kind, next(rows[kind])[1], right.get(one.position))
            yield Seen(cut.sample, articles, list(segments(cut)))


def segments(cut: Cut) -> Iterator[tuple[str, str, int, float, bool]]:
    """Every so many of a page's segments of which the gold says whether it is right."""
    gold = cut.sample.gold["segments"]
    starts = [one[0] for one in gold]
    for row in cut.segments[::SEGMENT_STEP]:
        middle = (row["byte_start"] + row["byte_end"]) // 2
        start, end, zone, role, _ = gold[max(0, bisect_right(starts, middle) - 1)]
        if row["role"] == "ws" or role == "ws":
            continue
        is_part = row["byte_start"] > start or row["byte_end"] < end  # the gold is not so fine
        right = segment_right(row, zone, role, judges_roles=cut.sample.kind != "real" and not is_part)
        line = bisect_right(cut.line_bytes, row["byte_start"]) - 1
        if right is not None and 0 <= line < len(cut.page.score):
            position = -1 if row["position"] is None else row["position"]
            yield row["rule"], row["role"], position, cut.page.score[line], right


def segment_observations(
    seen: Sequence[Seen], weights: Mapping[str, Sequence[Mapping[str, float]]]
) -> list[Observation]:
    """The segments with the features of their confidence; that of their articles by the weights of their fold."""
    found = []
    for one in seen:
        sure = {
            at: chance(log_odds(weights[kind][one.sample.fold], row)) for at, (kind, row, _) in one.articles.items()
        }
        least = min(sure.values(), default=0.5)
        position = np.array([at for _, _, at, _, _ in one.segments], np.int32)
        role = np.array([ROLE[role] for _, role, _, _, _ in one.segments], np.uint8)
        score = np.array([score for _, _, _, score, _ in one.segments], np.float32)
        columns = numbers(role, position, np.array([sure.get(at, least) for at in position.tolist()]), score)
        for k, (rule, name, at, _, right) in enumerate(one.segments):
            row = {name: float(values[k]) for name, values in columns.items()}
            named = {f"rule {rule}": 1.0} | ({f"role {name}": 1.0} if at >= 0 else {})
            found.append(Observation(one.sample, named | row, right))
    return found


def segment_right(row: dict[str, Any], zone: str, role: str, *, judges_roles: bool) -> bool | None:
    """Whether the zone of a segment is right, and its role where the gold has one; None where it does not know."""
    if role not in UNKNOWN:
        same = row["zone"] == zone or {row["zone"], zone} <= {"related", "sibling"}
        return same and (not judges_roles or BODY_ROLE.get(row["role"], row["role"]) == BODY_ROLE.get(role, role))
    if row["zone"] == "page":
        return True
    return False if row["zone"] == "primary" and (row["role"] == "body" or judges_roles) else None


def outcomes(judge: ModuleType, cut: Cut) -> dict[int, bool | None]:
    """Whether each article of a cut, by its position, is right; None where the gold does not know."""
    gold, rows = cut.sample.gold["articles"], cut.appearances
    own = next((one for one in gold if one["zone"] == "primary"), None)
    appended = [one for one in gold if one["zone"] != "primary"]
    others = [row for row in rows if row["zone"] != "primary"]
    right: dict[int, bool | None] = {}
    for row in rows:
        if row["zone"] == "primary":
            right[row["position"]] = own is not None and is_right(judge, own, row["body"])
    pairs = {k: appended[i] for i, k in judge.match(appended, others).items()}
    for k, row in enumerate(others):
        if cut.sample.kind == "real":  # only those could be judged that are wrong: cut out of the page's own article
            right[row["position"]] = None
        elif k in pairs:
            right[row["position"]] = is_right(judge, pairs[k], row["body"])
        else:
            right[row["position"]] = None if is_unknown(cut, row) else False
    return right


def is_right(judge: ModuleType, gold: dict[str, Any], body: str) -> bool:
    if not gold["body"] or not body:
        return bool(not gold["body"] and not body)
    return bool(judge.best_f1(gold, body) >= GOOD_F1)


def is_unknown(cut: Cut, row: dict[str, Any]) -> bool:
    """True where an article lies in a host page's own furniture."""
    mine = [s for s in cut.segments if s["position"] == row["position"]]
    size = sum(s["byte_end"] - s["byte_start"] for s in mine)
    unknown = sum(
        max(0, min(end, s["byte_end"]) - max(start, s["byte_start"]))
        for start, end, _, role, _ in cut.sample.gold["segments"]
        if role in {"unknown", "inline_related"}
        for s in mine
    )
    return bool(unknown >= UNKNOWN_SHARE * size)


def judge_and_fit(kind: str, some: Sequence[Observation], must_write: bool) -> list[dict[str, float]]:
    """Print how the fit holds on what was held out, write its weights, and give the weights of each fold."""
    is_true = np.array([one.is_true for one in some], float)
    counts = Counter(one.sample.kind for one in some)
    before = stored(f"{kind}_confidence")
    folds = fold_weights(some)
    new = held_out(some, folds)
    print(f"\n{kind}, shipped weights:\n{as_table(NAMES[kind], reliability(said(some, before), is_true))}")
    held = reliability(new, is_true)
    table = as_table(NAMES[kind], held)
    print(f"\n{kind}, fitted, held out by publisher:\n{table}")
    for group in sorted(counts):
        mine = np.array([one.sample.kind == group for one in some])
        print(f"  {group}: {counts[group]}, mean said {new[mine].mean():.3f}, right {is_true[mine].mean():.3f}")
    weights = fit(some)
    for name, weight in weights.items():
        uses = sum(one.features.get(name, 0) != 0 for one in some)
        print(f"  {name:28} {before.get(name, 0.0):6.2f} -> {weight:6.2f}   {uses}")
    if must_write:
        write(f"{kind}_confidence", weights, "fit_confidence", counts, asdict(held))
        put_in_docs(f"reliability of {NAMES[kind]}", table)
    return folds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the weights")
    arguments = parser.parse_args()
    seen, folds = list(observed()), {}
    for kind in ("primary", "related"):
        some = [
            Observation(one.sample, row, right)
            for one in seen
            for its_kind, row, right in one.articles.values()
            if its_kind == kind and right is not None
        ]
        folds[kind] = judge_and_fit(kind, some, arguments.write)
    judge_and_fit("segment", segment_observations(seen, folds), arguments.write)


if __name__ == "__main__":
    main()
