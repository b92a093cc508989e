"""Twice the text costs about twice the time, whatever its shape: no rule searches the rest of the page each time."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.reliability.growth import lasting_fault

LONG = "The council said on Tuesday that the old bridge will be closed for the whole winter, as the wood is rotten. "
# Lines or words of the smaller page: enough that what a batch costs in any case does not hide how a shape grows.
COUNT = 4_000

SHAPES: dict[str, Callable[[int], str]] = {
    "one huge line": lambda n: LONG * n,
    "one huge word": lambda n: "x" * 100 * n,
    "empty lines": lambda n: "\n" * 100 * n,
    "repeated headings": lambda n: "Related Articles\n" * n,
    "repeated adverts": lambda n: "Advertisement\nWarm hats from the north\n" * n,
    "repeated ages": lambda n: "3 hours ago\n" * n,
    "cycles of a rail": lambda n: f"Gazette\n3 hours ago\nLost bell comes home\n{LONG}\n" * (n // 4),
    "heads between texts": lambda n: f"Lost bell comes home at last\n{LONG}\n" * (n // 2),
    "teasers": lambda n: "".join(f"Bell {i} comes home at last\nIt was bell {i} of many.\n" for i in range(n // 2)),
    "live times": lambda n: "".join(f"{h % 24:02}:{m:02}\n{LONG}\n" for h in range(n // 60) for m in range(60)),
    "also-read labels": lambda n: f"{LONG}\nAlso read: the bell is home again\n" * (n // 2),
    "nested quotes": lambda n: "“‘" * n + LONG + "’”" * n,
    "doubled advert phrases in a line": lambda n: "by Taboola by Taboola Sponsored Links Sponsored Links " * n,
    "the same title": lambda n: "Bridge stays closed for the winter\n" * n,
    "short lines": lambda n: "bridge\n" * n,
    "items on one line": lambda n: "".join(f"Lost bell {i} - Gazette - 2 May 2024 12:10" for i in range(n)),
    "the same source and date": lambda n: "The Daily Bell · 2022年9月8日\n" * (3 * n // 4),
    "blanks on a line of Markdown": lambda n: f"# Bell\n\n## Bell\n\n**Bell**\n\n# {' ' * 10 * n}|{' ' * 10 * n}#\n",
    "brackets of Markdown": lambda n: "# Bell\n\n## Bell\n\n**Bell**\n\n" + "[![a](b( [**_" * n,
    "escaped ends of lines": lambda n: rf"{LONG}\n\n\u00e9\"" * n,
    "links within a sentence": lambda n: "The council said that\nFerrylink\n's boats will\n" * (n // 3),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_twice_the_text_takes_about_twice_the_time(shape: str) -> None:
    assert lasting_fault(lambda size, _: SHAPES[shape](size), COUNT) is None
