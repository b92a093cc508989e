"""The labelled pages that the line model is fitted on, their folds, and the invented variants of them.

Folds are by publisher: all pages of a domain are in one fold. A composed page belongs to the fold of its primary and is
kept out of the training of every fold that holds one of its articles or the site of its furniture.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cuttings.contract import BODY_ROLES
from cuttings.pages.lines import lex
from cuttings.pages.measures import measure

FOLD_COUNT = 5
SETS = ("aeb", "fundus_tests", "wcxb", "magic")
FLATTENERS = ("resi", "bs4nl")


@dataclass(frozen=True)
class LabelledPage:
    """Lines of one page, and for each: 1 article text, 0 something else, -1 blank."""

    set: str
    flattener: str
    name: str
    lines: list[str]
    labels: list[int]
    gold: str  # the body; empty for composed pages
    fold: int
    out_of_folds: frozenset[int]  # folds whose model must not see this page

    @property
    def raw(self) -> bytes:
        return "".join(line + "\n" for line in self.lines).encode("utf-8", "replace")


def read_pages(root: Path) -> list[LabelledPage]:
    """All labelled pages below `root` (the folder with `pages/` and `multi/`)."""
    return [*(single := _read_single(root / "pages")), *_read_composed(root / "multi", single)]


def digest(root: Path) -> str:
    """SHA-256 over the names and contents of the labelled files, in the order of their names."""
    total = hashlib.sha256()
    for path in sorted([*root.glob("pages/*/*"), *root.glob("multi/*")]):
        total.update(path.relative_to(root).as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _number(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16)


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text.lower())


def _read_single(root: Path) -> list[LabelledPage]:
    metas = {}
    for name in SETS:
        for line in (root / name / "meta.jsonl").read_text(encoding="utf-8").splitlines():
            meta = json.loads(line)
            metas[name, meta["id"]] = (meta["domain"] or meta["id"]).removeprefix("www.")
    domains = sorted(set(metas.values()), key=_number)
    fold_of = {domain: index % FOLD_COUNT for index, domain in enumerate(domains)}
    pages = []
    for (name, page_id), domain in sorted(metas.items()):
        for flattener in FLATTENERS:
            raw = (root / name / f"{page_id}.raw.{flattener}.txt").read_bytes()
            marks = (root / name / f"{page_id}.lab.{flattener}.txt").read_text().rstrip("\n")
            lexed = lex([raw])
            # The labels go by LF; a lone CR makes two lines of ours out of one of theirs.
            feeds = np.concatenate([[0], np.cumsum(np.frombuffer(raw, np.uint8) == 0x0A)])
            numbers = feeds[lexed.lines["byte_start"].to_numpy()].tolist()
            labels = [{"1": 1, "0": 0, "-": -1}[marks[number]] for number in numbers]
            gold = (root / name / f"{page_id}.gold.txt").read_text(encoding="utf-8")
            fold = fold_of[domain]
            pages.append(
                LabelledPage(
                    name, flattener, page_id, lexed.lines["text"].to_list(), labels, gold, fold, frozenset({fold})
                )
            )
    return pages


def _read_composed(root: Path, single: list[LabelledPage]) -> list[LabelledPage]:
    bodies = [(_letters(page.gold), page.fold) for page in single if page.flattener == FLATTENERS[0]]
    sites: dict[str, set[int]] = defaultdict(set)
    for page in single:
        for line in page.lines:
            if len(line.strip()) >= 16:
                sites[line.strip()].add(page.fold)
    fold_of_body: dict[str, int] = {}
    pages = []
    for path in sorted(root.glob("*.gold.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        raw = path.with_name(gold["name"] + ".txt").read_bytes()
        fold, folds = _number(gold["name"]) % FOLD_COUNT, set()
        for article in gold["articles"]:
            key = _letters(article.get("body") or "")[:60]
            if key:
                if key not in fold_of_body:
                    fold_of_body[key] = next((f for body, f in bodies if key in body), _number(key) % FOLD_COUNT)
                folds.add(fold_of_body[key])
                if article["position"] == 0:
                    fold = fold_of_body[key]
        furniture = Counter[int]()
        is_body = np.zeros(len(raw) + 1, np.int64)
        for start, end, zone, role, _ in gold["segments"]:
            if zone == "page":
                furniture.update(sites.get(raw[start:end].decode("utf-8", "replace").strip(), ()))
            if role in BODY_ROLES:
                is_body[start:end] = 1
        folds |= {fold} | {site for site, count in furniture.items() if count >= 4}
        lexed = lex([raw])
        starts, ends = lexed.lines["byte_start"].to_numpy(), lexed.lines["byte_end"].to_numpy()
        sums = np.concatenate([[0], np.cumsum(is_body)])
        labels = np.where(measure(lexed).is_blank, -1, 2 * (sums[ends] - sums[starts]) > ends - starts).astype(int)
        lines = lexed.lines["text"].to_list()
        pages.append(
            LabelledPage("multi", gold["family"], gold["name"], lines, labels.tolist(), "", fold, frozenset(folds))
        )
    return pages


# --- variants: other sites, other flatteners, other scripts ---------------------------------------------------------

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
# First letter of a script without case, its full stop, its comma, its question mark.
_CASELESS = (
    (0x5D0, ".", ",", "?"), (0x627, ".", "،", "؟"), (0x627, "۔", "،", "؟"), (0x915, "।", ",", "?"),
    (0x985, "।", ",", "?"), (0x10D0, ".", ",", "?"), (0xAC00, ".", ",", "?"),
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")


def variants(pages: list[LabelledPage], rounds: int, seed: int) -> list[LabelledPage]:
    """Invented pages, `rounds` for each page: furniture of other sites of the fold, cropped pages, other blank lines,
    paragraphs joined to long lines, and the letters of other scripts."""
    draw = random.Random(seed)
    donors: dict[tuple[int, str], list[LabelledPage]] = defaultdict(list)
    for page in pages:
        if page.gold:
            donors[page.fold, page.flattener].append(page)
    result = []
    for _ in range(rounds):
        for page in pages:
            flattener = page.flattener if page.gold else FLATTENERS[0]
            lines, labels = _vary(page, donors[page.fold, flattener], draw)
            result.append(
                LabelledPage(page.set, page.flattener, page.name, lines, labels, "", page.fold, page.out_of_folds)
            )
    return result


def _vary(page: LabelledPage, donors: list[LabelledPage], draw: random.Random) -> tuple[list[str], list[int]]:
    rows = list(zip(page.lines, page.labels, strict=True))
    if page.gold and 1 in page.labels and draw.random() < 0.5:
        rows = _with_other_furniture(rows, draw.choice(donors), draw.choice(donors), draw)
    if draw.random() < 0.35:
        rows = _cropped(rows, draw)
    spacing = draw.random()
    if spacing < 0.3:
        rows = [row for row in rows if row[1] >= 0]
    if 0.15 <= spacing < 0.3:
        rows = [row for filled in rows for row in (filled, ("", -1))]
    if draw.random() < 0.15:
        rows = _joined(rows, draw.choice((0.3, 0.6, 1.0)), draw)
    script = draw.random()
    if script < 0.22:
        table = _caseless_table(*draw.choice(_CASELESS))
        rows = [(line.translate(table), label) for line, label in rows]
    elif script < 0.36:
        has_kana = draw.random() < 0.5
        rows = [(_in_han(line, has_kana), label) for line, label in rows]
    elif script < 0.40:
        rows = [(_in_thai(line), label) for line, label in rows]
    return [line for line, _ in rows], [label for _, label in rows]


Rows = list[tuple[str, int]]


def _span(rows: Rows) -> tuple[int, int]:
    body = [index for index, (_, label) in enumerate(rows) if label == 1]
    return (body[0], body[-1] + 1) if body else (0, 0)


def _with_other_furniture(rows: Rows, above: LabelledPage, below: LabelledPage, draw: random.Random) -> Rows:
    first, last = _span(rows)
    kept = rows[max(0, first - draw.choice((2, 6, 12, 24))) : last + draw.choice((1, 4, 10))]
    top, bottom = (list(zip(donor.lines, donor.labels, strict=True)) for donor in (above, below))
    top = top[: max(0, _span(top)[0] - draw.choice((2, 6)))]
    bottom = bottom[_span(bottom)[1] + draw.choice((1, 4)) :]
    return [*top, *kept, *bottom]


def _cropped(rows: Rows, draw: random.Random) -> Rows:
    first, last = _span(rows)
    if not last:
        return rows
    return rows[draw.randint(0, first) : draw.randint(last, len(rows))]


def _joined(rows: Rows, share: float, draw: random.Random) -> Rows:
    """Some paragraphs on one line, as flatteners do that know no blocks."""
    result: Rows = []
    for line, label in rows:
        before = next((index for index in range(len(result) - 1, -1, -1) if result[index][1] != -1), None)
        if label == 1 and before is not None and result[before][1] == 1 and draw.random() < share:
            del result[before + 1 :]
            result[before] = (result[before][0] + " " + line, 1)
        else:
            result.append((line, label))
    return result


def _caseless_table(first: int, stop: str, comma: str, question: str) -> dict[int, str]:
    table = {ord("."): stop, ord(","): comma, ord("?"): question}
    for index, letter in enumerate(_LETTERS):
        table[ord(letter)] = table[ord(letter.upper())] = chr(first + index)
    return table


def _in_han(line: str, has_kana: bool) -> str:
    def word(match: re.Match[str]) -> str:
        letters = match.group()
        han = [chr(0x4E00 + (ord(letter) * 131 + index) % 3000) for index, letter in enumerate(letters)]
        if not has_kana:
            return "".join(han[: max(1, round(len(letters) / 3.2))])
        kana = [chr(0x3042 + ord(letter) * 7 % 70) for letter in letters]
        return "".join(kana[i] if i % 2 else han[i] for i in range(max(1, round(len(letters) / 3.2))))

    line = _WORD.sub(word, line)
    line = re.sub(r"(?<=[\u3040-\u9fff,.:;!?\"”’)]) (?=[\u3040-\u9fff\"“‘(])", "", line)
    line = re.sub(r"\.(?=\D|$)", "。", line)
    return re.sub(r", ?(?=\D|$)", "、" if has_kana else "，", line).replace("? ", "？").replace("! ", "！")


def _in_thai(line: str) -> str:
    line = _WORD.sub(lambda match: "".join(chr(0xE01 + ord(letter) * 5 % 40) for letter in match.group()), line)
    return re.sub(r"(?<=[\u0e00-\u0e7f]) (?=[\u0e00-\u0e7f])", "", line).replace(".", "")
