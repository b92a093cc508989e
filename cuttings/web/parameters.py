"""Names of parameters in an analysts' page: Mosaic makes one of any name it meets, so a misspelt one filters nothing.

A name is right when `params` declares it, or when one place of the page sets it (`as: $pick`) and another reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import yaml

# A parameter in an expression of SQL, where no string or quoted name holds it; `$$` stands for a column.
_IN_SQL: Final = re.compile(r"""'[^']*'|"[^"]*"|\$\$?(\w+)""")


@dataclass(frozen=True, slots=True)
class _Use:
    """One place where a name stands; `is_set` where a selection or an input writes its value to it."""

    name: str
    line_no: int
    is_set: bool


def misspelt_parameter(text: str) -> str:
    """What is wrong with the first name that nothing declares, in a page that is a YAML mapping; empty if none is.

    >>> misspelt_parameter("params: {pick: {select: intersect}}\\nplot:\\n- {mark: dot, data: {filterBy: $pcik}}")
    'line 3: $pcik is no parameter of this page; known is $pick'
    """
    page = yaml.compose(text, Loader=yaml.SafeLoader)
    assert isinstance(page, yaml.MappingNode), "a page is a mapping"
    sections = {key.value: value for key, value in page.value}
    declared = sections.get("params")
    known = {key.value for key, _ in declared.value} if isinstance(declared, yaml.MappingNode) else set()
    uses = [use for key, value in sections.items() if key != "meta" for use in _uses(value)]
    known |= {use.name for use in uses if use.is_set} & {use.name for use in uses if not use.is_set}
    wrong = min((use for use in uses if use.name not in known), key=lambda use: use.line_no, default=None)
    if wrong is None:
        return ""
    names = ", ".join(f"${name}" for name in sorted(known))
    said = f"known {'are' if len(known) > 1 else 'is'} {names}" if known else "declare it under `params`"
    return f"line {wrong.line_no}: ${wrong.name} is no parameter of this page; {said}"


def _uses(root: yaml.Node) -> Iterator[_Use]:
    """Every name in a part of the page; what an alias repeats is looked at once."""
    pending, seen = [("", root)], {id(root)}
    while pending:
        key, node = pending.pop()
        if isinstance(node, yaml.ScalarNode):
            line_no = node.start_mark.line + 1
            if key == "sql":
                for found in _IN_SQL.finditer(node.value):
                    if found[1]:
                        yield _Use(found[1], line_no, is_set=False)
            elif key == "param":
                yield _Use(node.value, line_no, is_set=False)
            elif node.value.startswith("$"):
                yield _Use(node.value[1:], line_no, is_set=key == "as")
            continue
        pairs = node.value if isinstance(node, yaml.MappingNode) else [(None, item) for item in node.value]
        for name, value in pairs:
            if id(value) not in seen:
                seen.add(id(value))
                pending.append((key if name is None else str(name.value), value))
