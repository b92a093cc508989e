"""The cutter on publishers that its line model has not seen: the figures to work on.

    OMP_NUM_THREADS=1 python -m benchmarks.held_out [--worst N]

The line model was fitted on the labelled pages that `benchmarks.quality` cuts. Here each page is cut with the model of
a fold without its publisher, and judged by the scorers of the labelled set: what other publishers will give. All other
weights are those that are shipped. `--worst N` names the N worst pages of each set and flattener.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator, Sequence
from hashlib import sha256
from statistics import mean
from typing import Any, Final

from benchmarks.fit_line_model import load
from benchmarks.labelled_cuts import BATCH, Sample, samples, unseen
from benchmarks.layouts import judged
from benchmarks.line_model_pages import FOLD_COUNT
from benchmarks.quality import LABELLED
from cuttings.pages import cut_pages

COMPOSED: Final = ("primary shingle F1", "LEAK", "LOSS", "blob F1", "primary title exact", "exact page")


def bodies(pages: Sequence[Sample]) -> Iterator[str]:
    """The body of the primary of each page, cut in batches."""
    for first in range(0, len(pages), BATCH):
        raws = [page.raw for page in pages[first : first + BATCH]]
        rows = cut_pages(raws).appearances.select("page_id", "zone", "body").rows()
        body_of = {page_id: body or "" for page_id, zone, body in rows if zone == "primary"}
        yield from (body_of.get(sha256(raw).hexdigest(), "") for raw in raws)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worst", type=int, default=0, help="name so many of the worst pages of each set")
    worst = parser.parse_args().worst
    judge, judge_composed = (load(LABELLED / f"score_{kind}.py") for kind in ("single", "pages"))
    real: dict[str, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
    composed = []
    pages = list(samples(("real", "composed")))
    for fold in range(FOLD_COUNT):
        mine = [page for page in pages if page.fold == fold]
        single = [page for page in mine if page.kind == "real"]
        with unseen(fold):
            composed += judged(judge_composed, [(page.raw, page.gold) for page in mine if page.kind == "composed"])
            for page, body in zip(single, bodies(single), strict=True):
                verdict = judge.judge(page.gold["articles"][0]["body"], body)
                real[page.name.rpartition("/")[0]].append((page.name, verdict))
    f1 = {name: judge.summary([verdict for _, verdict in rows])["f1"] for name, rows in sorted(real.items())}
    for name, value in f1.items():
        print(f"{name:29} {value:.4f}")
        for page_name, verdict in sorted(real[name], key=lambda row: row[1]["f1"])[:worst]:
            print(f"    {verdict['f1']:.3f} {page_name}")
    print(f"{'mean of the real pages':29} {mean(f1.values()):.4f}")
    figures = judge_composed.aggregate(composed, 0)[0]
    for figure in COMPOSED:
        print(f"{'composed: ' + figure:29} {figures[figure][0]:.4f}")


if __name__ == "__main__":
    main()
