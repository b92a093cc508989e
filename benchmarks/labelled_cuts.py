"""Labelled pages, cut with line models that have not seen their publishers: what the weights are fitted on.

The pages are real ones of one article, the composed ones of the labelled set, and pages of layouts drawn by lot
(`benchmarks.layouts`) whose texts are all of one fold: publishers and layouts of a fold are unknown to what is fitted
on the others. The line models of the folds, which take a minute, are kept in `benchmarks/results/folds` until the
labelled set, a feature of one of its lines or the fit changes. One thread is faster than two: OMP_NUM_THREADS=1.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from benchmarks import fit_line_model, fronts, line_model_pages, one_lines, shorts
from benchmarks.layouts import Source, drawn, sources
from benchmarks.line_model_pages import FLATTENERS, FOLD_COUNT, SETS, digest, read_pages, variants
from benchmarks.quality import LABELLED
from cuttings.pages import parse
from cuttings.pages.labels import Labels
from cuttings.pages.lines import lex
from cuttings.pages.markers import read_lines
from cuttings.pages.measures import measure
from cuttings.pages.model import LineModel, read_model, score_lines
from cuttings.pages.page import Page, views
from cuttings.pages.reading import read_tables

HERE: Final = Path(__file__).resolve().parent
KEPT: Final = HERE / "results" / "folds"
# Layouts drawn for each fold; seeds of `benchmarks.layouts` from 100 are for its figures alone.
DRAWN_SEEDS: Final = range(20)
DRAWN_PUBLISHERS: Final = 30
# The tag pages of other seeds, and pages of `benchmarks.fronts`.
TAG_SEEDS: Final = range(20, 100)
FRONT_SEEDS: Final = range(20)
FRONT_PAGES: Final = 60
# Pages of `benchmarks.shorts` and `benchmarks.one_lines`, as many of each seed.
LINE_SEEDS: Final = range(10)
KINDS: Final = ("real", "composed", "drawn", "tag", "front", "short", "one line")
BATCH: Final = 64


@dataclass(frozen=True, slots=True)
class Sample:
    """A labelled page: its gold in the form of the composed pages, its fold and the folds that must not see it."""

    kind: str  # one of KINDS
    name: str  # of a real page: its set, flattener and number
    fold: int
    out_of_folds: frozenset[int]
    raw: bytes
    gold: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cut:
    """A labelled page as it was cut; `line_bytes` are the first byte of each line of `page` and the end of the last."""

    sample: Sample
    page: Page
    labels: Labels
    line_bytes: list[int]
    appearances: list[dict[str, Any]]
    segments: list[dict[str, Any]]


@cache
def fold_models() -> tuple[dict[str, list[int]], list[LineModel]]:
    """The folds of each labelled page by set, flattener and name, its own first; and the line model of each fold."""
    pages, recipe = read_pages(LABELLED), fit_line_model.Recipe()
    lines = fit_line_model.tabulate(pages, keep_texts=False)
    state = sha256(digest(LABELLED).encode() + repr(lines.names).encode() + lines.features.tobytes())
    for module in (fit_line_model, line_model_pages):
        state.update(Path(str(module.__file__)).read_bytes())
    folder = KEPT / state.hexdigest()[:16]
    if not (folder / "folds.json").exists():
        print(f"fitting the line model of each fold, kept in {folder}", flush=True)
        made = variants(pages, recipe.variant_rounds, recipe.seed)
        extra = fit_line_model.tabulate(made, keep_texts=False)
        folder.mkdir(parents=True, exist_ok=True)
        for fold, text in enumerate(fit_line_model.fold_models(pages, lines, made, extra, recipe)):
            (folder / f"{fold}.json").write_text(text, encoding="utf-8")
        folds = {f"{p.set}/{p.flattener}/{p.name}": [p.fold, *sorted(p.out_of_folds - {p.fold})] for p in pages}
        (folder / "folds.json").write_text(json.dumps(folds), encoding="utf-8")
    models = [read_model((folder / f"{fold}.json").read_text(encoding="utf-8")) for fold in range(FOLD_COUNT)]
    return json.loads((folder / "folds.json").read_text(encoding="utf-8")), models


def samples(kinds: Sequence[str] = KINDS[:3]) -> Iterator[Sample]:
    """All labelled pages of some kinds."""
    folds = fold_models()[0]
    if "real" in kinds:
        for name in SETS:
            yield from _real(name, folds)
    if "composed" in kinds:
        for path in sorted((LABELLED / "multi").glob("*.gold.json")):
            gold = json.loads(path.read_text(encoding="utf-8"))
            own, *others = folds[f"multi/{gold['family']}/{gold['name']}"]
            raw = path.with_name(gold["name"] + ".txt").read_bytes()
            yield Sample("composed", gold["name"], own, frozenset({own, *others}), raw, gold)
    pools: dict[int, list[Source]] = defaultdict(list)
    for source in sources():
        pools[folds[f"{source.set}/{FLATTENERS[0]}/{source.name}"][0]].append(source)
    for fold, pool in sorted(pools.items()):
        made = {
            "drawn": drawn(DRAWN_SEEDS[fold::FOLD_COUNT], DRAWN_PUBLISHERS, pool),
            "tag": (one for one in drawn(TAG_SEEDS[fold::FOLD_COUNT], DRAWN_PUBLISHERS, pool) if one[0].kind == "tag"),
            "front": fronts.drawn(FRONT_SEEDS[fold::FOLD_COUNT], FRONT_PAGES, pool),
            "short": shorts.drawn(LINE_SEEDS[fold::FOLD_COUNT], FRONT_PAGES, pool),
            "one line": one_lines.drawn(LINE_SEEDS[fold::FOLD_COUNT], FRONT_PAGES, pool),
        }
        for kind in [kind for kind in made if kind in kinds]:
            for _, raw, gold in made[kind]:
                yield Sample(kind, gold["sha256"], fold, frozenset({fold}), raw, gold)


def _real(name: str, folds: Mapping[str, list[int]]) -> Iterator[Sample]:
    """The real pages of a set, once a flattener: what is not the body may be anything."""
    folder = LABELLED / "pages" / name
    for row in (folder / "meta.jsonl").read_text(encoding="utf-8").splitlines():
        meta = json.loads(row)
        body = (folder / f"{meta['id']}.gold.txt").read_text(encoding="utf-8")
        own: dict[str, Any] = {"position": 0, "zone": "primary", "title": meta["title"] or ""}
        own |= {"body": body, "body_alts": []}
        for flattener in FLATTENERS:
            raw = (folder / f"{meta['id']}.raw.{flattener}.txt").read_bytes()
            marks = (folder / f"{meta['id']}.lab.{flattener}.txt").read_text(encoding="utf-8").rstrip("\n")
            segments, at = [], 0
            for line, mark in zip(raw.split(b"\n"), marks, strict=False):
                label = {"1": ("primary", "body", 0), "0": ("page", "unknown", None), "-": ("page", "ws", None)}[mark]
                segments.append((at, at + len(line), *label))
                at += len(line) + 1
            key = f"{name}/{flattener}/{meta['id']}"
            (fold,) = folds[key]
            yield Sample("real", key, fold, frozenset({fold}), raw, {"segments": segments, "articles": [own]})


def cuts(pages: Sequence[Sample]) -> Iterator[Cut]:
    """Each page, cut with the scores of a line model that has not seen its publisher."""
    for fold in range(FOLD_COUNT):
        mine = [page for page in pages if page.fold == fold]
        with unseen(fold):
            for first in range(0, len(mine), BATCH):
                yield from _batch(mine[first : first + BATCH])


def _batch(some: Sequence[Sample]) -> Iterator[Cut]:
    raws = [sample.raw for sample in some]
    lexed = lex(raws)
    counts = measure(lexed)
    lines = read_lines(lexed, score_lines(lexed, counts), counts.words)
    pages = list(views(lines))
    parsed = parse.parse(pages)
    tables = read_tables(raws, lexed, lines, parsed, shown={})
    by_page = [
        {key[0]: part.to_dicts() for key, part in table.partition_by("page_id", as_dict=True).items()}
        for table in (tables.appearances, tables.segments)
    ]
    starts = lexed.lines["byte_start"].to_numpy()[lines.row]
    ends = lexed.lines["byte_end"].to_numpy()[lines.row]
    bounds = pairwise(lines.page_rows.tolist())
    for sample, page, labels, (first, last) in zip(some, pages, parsed, bounds, strict=True):
        line_bytes = [*starts[first:last].tolist(), *ends[last - 1 : last].tolist()]
        found = [rows.get(sha256(sample.raw).hexdigest(), []) for rows in by_page]
        yield Cut(sample, page, labels, line_bytes, *found)


def unseen(fold: int) -> AbstractContextManager[None]:
    """Where lines are scored by the model that has not seen a fold."""
    model = fold_models()[1][fold]
    return replaced(score_lines.__globals__, line_model=lambda: model)


@contextmanager
def replaced(names: dict[str, Any], **values: object) -> Iterator[None]:
    """The names of a module with other values."""
    kept = {name: names[name] for name in values}
    names.update(values)
    try:
        yield
    finally:
        names.update(kept)


@contextmanager
def recorded(module: ModuleType, name: str) -> Iterator[dict[int, list[tuple[tuple[Any, ...], Any]]]]:
    """The calls of a function whose first argument is a page, as (arguments, result), by the page's id."""
    calls: dict[int, list[tuple[tuple[Any, ...], Any]]] = defaultdict(list)
    function = getattr(module, name)

    def record(page: Page, *arguments: Any, **named: Any) -> Any:
        result = function(page, *arguments, **named)
        calls[id(page)].append(((page, *arguments), result))
        return result

    with replaced(vars(module), **{name: record}):
        yield calls
