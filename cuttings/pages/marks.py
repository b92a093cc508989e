"""Markdown and entities that a page's text was written with: where they stand, and what a reader sees in their place.

Tools that save pages for machines to read write them as Markdown, others leave the entities of HTML in the text. Only a
page that surely has such marks is read so: a text may hold a hash, a star or an ampersand of its own. Every search is
linear in the page.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from html.entities import html5
from typing import Final, NamedTuple

from cuttings.pages.wrapping import wraps_of

# So many links make a page Markdown, or so many marks of two or more kinds: of the 1,412 labelled pages one has five
# links, and none has marks of two kinds.
SURE_LINKS: Final = 8
SURE_MARKS: Final = 3
# So many entities were left in a text, in lines that show no brackets of markup: those show how markup is written.
SURE_ENTITIES: Final = 4
# So many lines that the next word did not fit on tell that paragraphs of several lines were wrapped.
LEAST_WRAPS: Final = 3
# The text of a link or an image has so many characters at most, and what is bold or slanted.
LINK_CHARS: Final = 2_000
EMPHASIS_CHARS: Final = 1_000
# A mark at the beginning of a page stands in so many bytes.
HEAD_BYTES: Final = 16
# The head that a tool writes above a page has so many lines at most.
HEAD_LINES: Final = 24
# From here on scripts have no spaces between words, so that a mark may stand between two letters.
_SPACELESS: Final = "\u2e80"


class Edit(NamedTuple):
    """Characters `start` to `end` of a page, and what is shown for them; none where something is put in between."""

    start: int
    end: int
    shown: str


_TARGET: Final = r"""\([ \t]*(?:<[^<>\n]*>|(?:[^()\s]|\([^()\s]*\))*)(?:\s+(?:"[^"\n]*"|'[^'\n]*'))?[ \t]*\)"""
_ENTITY: Final = r"&(?:amp;)?(?:#\d{2,6}|#[xX][0-9a-fA-F]{2,5}|[a-zA-Z]{2,8}\d{0,2});"
_LINKS: Final = re.compile(rb"\]\((?:https?:|/|#|mailto:|tel:|javascript:|<http)")
_HEADINGS: Final = re.compile(rb"\n#{1,6} +\S")
# Those of the first level, which name a page.
HEADINGS: Final = re.compile(r"(?m)^(?:#[ \t]+(?=\S)|\S.*\n={3,}[ \t\r]*$)")
_BOLD: Final = re.compile(rb"\*\*[^\s*][^*\n]{0,200}\*\*")
_UNDERLINES: Final = re.compile(rb"[^\s]\r?\n(?:={3,}|-{3,})[ \t\r]*\n")
# Those that stand in prose, which no code needs: a variable behind an ampersand has a name of its own.
_ENTITIES: Final = re.compile(
    rb"&(?:amp;)?(?:amp|quot|apos|nbsp|#\d{2,4}|#x[0-9a-fA-F]{2,4}|[lr][sd]quo|[nm]dash|hellip|[lr]aquo|bull|middot|euro"
    rb"|[A-Za-z](?:acute|grave|circ|uml|cedil|tilde|ring|slash)|szlig|aelig|oelig|shy|copy|trade|reg);"
)
_TOKENS: Final = re.compile(
    rf"(?P<escape>\\(?=[\\`*_{{}}\[\]()#+.!|<>~\n-]))(?s:.)"
    rf"|(?P<open>!?\[)|(?P<close>\](?:{_TARGET}|\[[^\[\]\n]{{0,60}}\])?)"
    r"|(?P<emphasis>\*{1,3}|_{1,3}|~~|`{1,2})|(?P<address><https?://[^\s<>]+>)"
    rf"|(?P<hashes>(?:(?<=\[)|(?<=\) ))#{{1,6}} +)|(?P<entity>{_ENTITY})|(?P<blank>\n[ \t\r]*\n)"
)
_ENTITY_TEXT: Final = re.compile(_ENTITY)
# What stands before the text of a line: of a heading, an item, a quotation; a quotation may hold the others.
_LEAD: Final = re.compile(r"[ \t]*+(?P<lead>(?:(?:>|(?:[*+-]|#{1,6})(?=[ \t]|$))[ \t]*)+)")
_CLOSING_HASHES: Final = re.compile(r"(?<![ \t])[ \t]++#++[ \t]*+$")
_NUMBERED: Final = re.compile(r"[ \t]*+\d{1,3}\\?[.)] ")
# Lines without any text: rules and the lines below headings, those below the head of a table, fences of code, and
# where links lead to.
_TABLE_HEAD: Final = r"(?=[^-]*-)(?=[^|]*\|)[ \t:|-]+"
_BELOW_TABLE_HEAD: Final = re.compile(rf"{_TABLE_HEAD}$")
_TEXTLESS: Final = re.compile(
    rf"[ \t]*+(?:(?:[-*_=][ \t]*){{3,}}|```\w*|~~~\w*|\[[^\[\]]+\]:[ \t]*<?(?:https?:|/|#).*|{_TABLE_HEAD})$"
)
_BAR: Final = re.compile(r"(?<![ \t])[ \t]*+(?<!\\)\|[ \t]*+")
# What a tool says of the page above it: what is shown of it, and what is not.
_HEAD_SHOWN: Final = re.compile(r"(?:Title: |title: |author: |date: )[\"']?(?=\S)")
_HEAD_HIDDEN: Final = re.compile(r"URL Source:|Published Time:|Markdown Content:|[a-z_]+: |---\s*$")


def marks_of(raw: bytes) -> tuple[bool, bool]:
    """Whether a page surely is Markdown, and whether entities were left in it; cheap where it is neither."""
    has_entities = raw.count(b"&") >= SURE_ENTITIES and _entities(raw) >= SURE_ENTITIES
    links = _count(_LINKS, raw, SURE_LINKS) if b"](" in raw else 0
    if links >= SURE_LINKS:
        return True, has_entities
    headings = int(_HEADINGS.match(b"\n" + raw[:HEAD_BYTES]) is not None)
    headings += _count(_HEADINGS, raw, SURE_MARKS) if b"\n#" in raw else 0
    bold = _count(_BOLD, raw, SURE_MARKS) if b"**" in raw else 0
    kinds = [links, headings, bold]
    if any(kinds) and (b"\n===" in raw or b"\n---" in raw):
        kinds.append(_count(_UNDERLINES, raw, 1))
    return sum(map(bool, kinds)) > 1 and sum(kinds) >= SURE_MARKS, has_entities


def _entities(raw: bytes) -> int:
    """How many entities of text a page has, in lines that show no markup."""
    if not _ENTITIES.search(raw):
        return 0
    lines = (line for line in raw.splitlines() if b"&" in line and b"&lt;" not in line)
    return sum(len(_ENTITIES.findall(line)) for line in lines)


def _count(pattern: re.Pattern[bytes], raw: bytes, most: int) -> int:
    """How often a pattern is found, up to `most`."""
    return sum(1 for _, _ in zip(range(most), pattern.finditer(raw), strict=False))


def edits_of(text: str, *, is_markdown: bool, has_entities: bool) -> list[Edit]:
    """What a reader does not see as it is written, in order and apart.

    >>> page = "# Ferry is back\\n\\nIt [floats](https://a.example), **said** Tom &amp; Ada."
    >>> [page[edit.start : edit.end] for edit in edits_of(page, is_markdown=True, has_entities=True)]
    ['# ', '[', '](https://a.example)', '**', '**', '&amp;']
    """
    if not is_markdown:
        return [*_unescaped(text)] if has_entities else []
    return apart([*_of_lines(text), *_within_lines(text)])


def apart(edits: Iterable[Edit]) -> list[Edit]:
    """Edits in order, without those that begin within another."""
    found: list[Edit] = []
    for edit in sorted(edits, key=_order):
        if not found or edit.start >= found[-1].end:
            found.append(edit)
    return found


def _order(edit: Edit) -> tuple[int, bool, int]:
    """What is put between two characters comes first, then what holds other edits."""
    return edit.start, edit.end > edit.start, -edit.end


def _unescaped(text: str) -> Iterator[Edit]:
    for match in _ENTITY_TEXT.finditer(text):
        shown = _character(match[0])
        if shown:
            yield Edit(match.start(), match.end(), shown)


def _character(entity: str) -> str:
    """What an entity stands for, also where it was escaped twice; nothing where it is none."""
    name = entity.removeprefix("&amp;") or "amp;"
    name = name.removeprefix("&")
    if name[0] != "#" and name not in html5:
        return ""
    shown = html.unescape("&" + name)
    return shown if shown.isprintable() or shown == "\u00a0" else " "


def _of_lines(text: str) -> Iterator[Edit]:
    """The marks that a line begins or ends with, and the lines that are nothing else."""
    lines = text.split("\n")
    bare = [line.rstrip("\r") for line in lines]
    head = _head(bare, is_named=HEADINGS.search(text) is not None)
    is_wrapped = _is_wrapped(bare)
    is_table = False
    at = 0
    for number, line in enumerate(bare):
        following = bare[number + 1] if number + 1 < len(bare) else ""
        begins_table = "|" in line and "-" in following and _BELOW_TABLE_HEAD.match(following.strip()) is not None
        is_table = begins_table or (is_table and "|" in line)
        end = at + len(line)
        if number in head:
            yield Edit(at, at + head[number], "") if head[number] else Edit(at, end, "")
        elif _TEXTLESS.match(line):
            yield Edit(at, end, "")
        elif is_table:
            yield from _cells(line, at)
        else:
            lead = _LEAD.match(line)
            if lead:
                is_item = lead["lead"].rstrip()[-1] in "*+-"  # shown as other flatteners show it
                yield Edit(at + lead.start("lead"), at + lead.end(), "• " if is_item else "")
                closing = _CLOSING_HASHES.search(line, lead.end()) if "#" in lead["lead"] else None
                if closing:
                    yield Edit(at + closing.start(), end, "")
            if is_wrapped and _goes_on(line, following):
                indent = len(following) - len(following.lstrip())
                yield Edit(end, end + 1 + len(lines[number]) - len(line) + indent, " ")
        at += len(lines[number]) + 1


def _is_wrapped(lines: list[str]) -> bool:
    """Whether paragraphs of several lines were wrapped; what leads elsewhere or begins with a mark may be longer."""
    prose = ["" if "](" in line or _LEAD.match(line) else line for line in lines]
    is_blank = [True, *(not line.strip() for line in prose), True]
    alone = (before and behind for before, behind in zip(is_blank, is_blank[2:], strict=False))
    paragraphs = ["" if is_alone else line for line, is_alone in zip(prose, alone, strict=True)]
    return len(wraps_of(paragraphs, LEAST_WRAPS)) > 0


def _goes_on(line: str, following: str) -> bool:
    """Whether a line of a wrapped page goes on in the next: no blank, no break that was meant, nothing that begins."""
    if not line.strip() or not following.strip() or line.endswith(("  ", "\\")):
        return False
    return not any(pattern.match(following) for pattern in (_LEAD, _NUMBERED, _TEXTLESS)) and not _TEXTLESS.match(line)


def _cells(line: str, at: int) -> Iterator[Edit]:
    """The bars of a line of a table: a tab between two cells, as other flatteners have it."""
    for bar in _BAR.finditer(line):
        is_inner = bar.start() > 0 and bar.end() < len(line)
        yield Edit(at + bar.start(), at + bar.end(), "\t" if is_inner else "")


def _head(lines: list[str], *, is_named: bool) -> dict[int, int]:
    """The lines of the head that a tool wrote above the page, with the characters of each that are not shown; 0 for
    all of them. The name of the window is not shown where the page has a heading of its own.
    """
    begin = next((number for number, line in enumerate(lines[:HEAD_LINES]) if line.strip()), 0)
    is_jina = lines[begin].startswith("Title: ")
    is_front = lines[begin].rstrip() == "---"
    ends = ("Markdown Content:",) if is_jina else ("---",)
    last = next((n for n in range(begin + 1, min(len(lines), begin + HEAD_LINES)) if lines[n].rstrip() in ends), None)
    if last is None or not (is_jina or is_front):
        return {}
    head = {}
    for number in range(begin, last + 1):
        shown = _HEAD_SHOWN.match(lines[number])
        if shown and not (is_jina and is_named):
            head[number] = shown.end()
        elif shown or _HEAD_HIDDEN.match(lines[number]):
            head[number] = 0
    return head


def _within_lines(text: str) -> Iterator[Edit]:
    """Links, images, emphasis, escapes and entities."""
    brackets: list[re.Match[str]] = []
    emphasis: dict[str, re.Match[str]] = {}
    has_references = "]: " in text
    for match in _TOKENS.finditer(text):
        kind, start, end = match.lastgroup, match.start(), match.end()
        if kind == "escape":
            yield Edit(start, start + 1, "")
        elif kind == "open":
            brackets.append(match)
        elif kind == "close":
            opened = brackets.pop() if brackets else None
            is_link = match[0].startswith("](") or (has_references and len(match[0]) > 1)
            if opened is None or not is_link or start - opened.end() > LINK_CHARS:
                continue
            if opened[0] == "![":
                yield Edit(opened.start(), end, "")
            else:
                yield from _around(text, opened.start(), opened.end(), start, end)
        elif kind == "emphasis":
            before, behind = text[start - 1 : start], text[end : end + 1]
            opened = emphasis.get(match[0])
            closes = before.strip() and not _in_word(behind)
            if opened and closes and start - opened.end() <= EMPHASIS_CHARS:
                del emphasis[match[0]]
                yield Edit(opened.start(), opened.end(), "")
                yield Edit(start, end, "")
            elif behind.strip() and not _in_word(before):
                emphasis[match[0]] = match
        elif kind == "hashes":
            yield Edit(start, end, "")
        elif kind == "address":
            yield Edit(start, start + 1, "")
            yield Edit(end - 1, end, "")
        elif kind == "entity":
            shown = _character(match[0])
            if shown:
                yield Edit(start, end, shown)
        else:
            emphasis.clear()


def _around(text: str, start: int, inner: int, outer: int, end: int) -> Iterator[Edit]:
    """The brackets around the text of a link from `inner` to `outer`, with blanks there that double those around."""
    if not text[start - 1 : start].strip():
        inner += len(text[inner:outer]) - len(text[inner:outer].lstrip(" "))
    if not text[end : end + 1].strip():
        outer -= len(text[inner:outer]) - len(text[inner:outer].rstrip(" "))
    if text[start - 1 : start].islower() and text[inner : inner + 1].isupper():  # html2text loses the blank in "by Ada"
        yield Edit(start, start, " ")
    yield Edit(start, inner, "")
    yield Edit(outer, end, "")
    if text.startswith("[", end):  # links that touch are those of a menu
        yield Edit(end, end, "\n")


def _in_word(character: str) -> bool:
    return character.isalnum() and character < _SPACELESS
