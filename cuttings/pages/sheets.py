"""Sheets: pages of figures, as of the weather, of results and of standings, with a sentence or two between them."""

from __future__ import annotations

import re
from typing import Final

from cuttings.pages.page import DATE, TEXT, Page
from cuttings.pages.primary import Run

# So many of a page's lines, and no fewer than so many, hold a figure and little else: of the labelled pages whose text
# is as short none has .25 (one .23), of forecasts and tables of results .35 to .6.
FIGURE_SHARE: Final = 0.25
LEAST_FIGURES: Final = 5
# A sentence of a forecast has so many words at most, and all of them together; a short report has a longer text.
PROSE_WORDS: Final = 40
ALL_WORDS: Final = 150
# A figure with what it is of has so many characters and words; of the words of a longer line half hold digits.
FIGURE_CHARS, FIGURE_WORDS = 24, 4
_DIGIT: Final = re.compile(r"\d")


def is_sheet(page: Page, run: Run, masked: bytearray) -> bool:
    """Whether figures take a page of which a run is the text: no text of it is as long as a paragraph, and many lines
    hold a figure, dates and what the rails hold not counted.
    """
    longest = prose = block = 0
    for i in range(run.start, run.end):
        is_text = page.cls[i] in TEXT and not masked[i] and not _is_figure(page.text[i])
        block = block + page.words[i] if is_text else 0
        prose += page.words[i] * is_text
        if block > PROSE_WORDS or prose > ALL_WORDS:
            return False
        longest = max(longest, block)
    if not longest:
        return False
    free = [i for i, c in enumerate(page.cls) if c != DATE and not masked[i]]
    figures = sum(_is_figure(page.text[i]) for i in free)
    return figures >= max(LEAST_FIGURES, FIGURE_SHARE * len(free))


def _is_figure(text: str) -> bool:
    """Whether a line holds a figure and little else: "Wind 14 km/h", "2 Lakers 42 24 8 10 130:101".

    >>> [_is_figure(text) for text in ("18° / 9°", "Rain on 3 May, says the harbour", "4. Lakers 42 24 8 10 130:101")]
    [True, False, True]
    """
    if not _DIGIT.search(text):
        return False
    words = text.split()
    if len(words) <= FIGURE_WORDS:
        return len(text) <= FIGURE_CHARS
    return 2 * sum(_DIGIT.search(word) is not None for word in words) >= len(words)
