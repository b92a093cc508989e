"""The labelled pages as other tools would have flattened them: how much of the cut depends on where lines end.

    python -m benchmarks.flattened [--ways "one line,wrapped"]

Each way writes the same words otherwise. Real pages are scored by the text of their article (blocks on lines). Composed
ones are where each byte stays in its place, so that their labels still fit; `as they are` is what to compare with.
"""

from __future__ import annotations

import argparse
import html
import json
import random
import re
import shutil
import tempfile
import textwrap
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

from benchmarks.quality import LABELLED, call, report_of, tables_of

WIDTH: Final = 78  # columns, as html2text has it
FLATTENER: Final = "resi"
FIGURES: Final = (
    "primary shingle F1", "LEAK", "LOSS", "false primary", "blob F1", "primary title exact", "date right", "exact page",
)  # fmt: skip
# Shorter lines are entries of menus to the Markdown that is drawn here, longer ones without an end are headings.
ENTRY_CHARS, HEADING_CHARS = 40, 130
# Of the words of a paragraph so many begin a link or are bold.
LINKED_SHARE, BOLD_SHARE = 0.012, 0.008


def wrapped(text: str) -> str:
    """Line feeds for those spaces at which the next word would go beyond WIDTH columns; no byte moves."""
    return "\n".join(map(_wrapped_line, text.split("\n")))


def _wrapped_line(line: str) -> str:
    characters = list(line)
    start = space = 0
    for at, character in enumerate(characters):
        if at - start > WIDTH and space > start:
            characters[space] = "\n"
            start = space + 1
        if character == " " and 0 < at < len(line) - 1 and line[at - 1] != " " and line[at + 1] != " ":
            space = at
    return "".join(characters)


def on_one_line(text: str) -> str:
    """Spaces for line ends, as `get_text(" ")` leaves them; no byte moves."""
    return text.replace("\n", " ")


def with_no_break_spaces(text: str) -> str:
    """A no-break space for each space."""
    return text.replace(" ", "\u00a0")


def with_entities(text: str) -> str:
    """The entities of HTML left in the text."""
    return html.escape(text).replace("—", "&mdash;").replace("’", "&rsquo;")


def by_sentence(text: str) -> str:
    """A line a sentence."""
    return re.sub(r"(?<=[.!?])([\"”’»)]?) +(?=[A-ZÀ-ÞА-Я\"“«‘(])", r"\1\n", text)


def markdown(text: str) -> str:
    """A simple Markdown: a heading, links for short lines and in sentences, bold words; drawn by lot, always alike."""
    lot = random.Random(len(text))
    blocks = [_block(line.strip(), lot) for line in text.split("\n") if line.strip()]
    return "\n\n".join(blocks) + "\n"


def _block(line: str, lot: random.Random) -> str:
    if len(line) < ENTRY_CHARS and line[-1] not in ".!?。":
        return f"* {_link(line)}"
    if len(line) < HEADING_CHARS and line[-1] not in ".。":
        return f"## {line}" if lot.random() < 0.5 else f"### {_link(line)}"
    words = re.sub(r"([\\*_\[\]])", r"\\\1", line).split(" ")
    for at, word in enumerate(words):
        drawn = lot.random()
        if word and drawn < LINKED_SHARE:
            words[at] = _link(word)
        elif word and drawn < LINKED_SHARE + BOLD_SHARE:
            words[at] = f"**{word}**"
    return " ".join(words)


def _link(words: str) -> str:
    return f"[{words}](https://www.example.org/{sha256(words.encode()).hexdigest()[:8]})"


def markdown_wrapped(text: str) -> str:
    """That Markdown, its paragraphs wrapped."""
    fill = textwrap.TextWrapper(WIDTH, break_long_words=False, break_on_hyphens=False).fill
    blocks = markdown(text).split("\n\n")
    return "\n\n".join(block if block.startswith(("*", "#")) else fill(block) for block in blocks)


WAYS: Final[Mapping[str, Callable[[str], str]]] = {
    "as they are": str,
    "wrapped": wrapped,
    "one line": on_one_line,
    "a line a sentence": by_sentence,
    "no-break spaces": with_no_break_spaces,
    "entities": with_entities,
    "markdown": markdown,
    "wrapped markdown": markdown_wrapped,
}
# Those that leave each byte in its place.
IN_PLACE: Final = ("as they are", "wrapped", "one line")


def real_figures(way: Callable[[str], str], scratch: Path) -> str:
    """The F1 of each set, and how many of its pages have no article."""
    dump = scratch / "dump"
    call(LABELLED / "score_single.py", "dump", LABELLED / "pages", dump, "--flat", FLATTENER)
    for path in dump.glob("*.txt"):
        path.write_bytes(way(path.read_bytes().decode("utf-8", "replace")).encode())
    tables = tables_of(dump)
    report = report_of("score_single.py", "score", LABELLED / "pages", tables, "--flat", FLATTENER)
    return "  ".join(f"{name} {part['f1']:.3f} ({part['empty'] * part['n']:.0f})" for name, part in report.items())


def composed_figures(way: Callable[[str], str], scratch: Path) -> str:
    """Figures of the composed pages, in percent."""
    labelled, dump = scratch / "labelled", scratch / "dump"
    shutil.copytree(LABELLED / "multi", labelled)
    for path in labelled.glob("*.txt"):
        raw = path.read_bytes()
        written = way(raw.decode()).encode()
        assert len(written) == len(raw), f"{path.name}: a byte moved"
        path.write_bytes(written)
        gold_path = path.with_suffix(".gold.json")
        gold = json.loads(gold_path.read_text(encoding="utf-8"))
        gold_path.write_text(json.dumps(gold | {"sha256": sha256(written).hexdigest()}), encoding="utf-8")
    call(LABELLED / "dump_multi.py", labelled, dump)
    overall = report_of("score_pages.py", labelled, tables_of(dump), "--boot", "0")["overall"]
    return "  ".join(f"{figure} {100 * overall[figure][0]:.1f}" for figure in FIGURES if figure in overall)


def main() -> None:
    """Print the figures of each way."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ways", default=",".join(WAYS), help="names, with commas")
    for name in parser.parse_args().ways.split(","):
        way = WAYS[name]
        with tempfile.TemporaryDirectory() as scratch:
            print(f"{name}: {real_figures(way, Path(scratch))}", flush=True)
        if name in IN_PLACE:
            with tempfile.TemporaryDirectory() as scratch:
                print(f"  composed: {composed_figures(way, Path(scratch))}", flush=True)


if __name__ == "__main__":
    main()
