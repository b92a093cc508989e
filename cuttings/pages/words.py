"""What texts are compared by: their longer words, or pairs of characters where no spaces part the words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

# A word that is compared has at least so many letters.
WORD_CHARS: Final = 4
# Where words have more characters than this, in the mean, the script puts no spaces between them.
MOST_WORD_CHARS: Final = 16
_OUTER: Final = ".,:;!?\"'“”‘’«»()[]–—-|"

# The words of texts that were looked at before: how many there are, and the longer ones.
Seen = dict[str, tuple[int, set[str]]]


def pieces(text: str) -> set[str]:
    """What a text is compared by."""
    return pieces_of([text], {})


def pieces_of(texts: Sequence[str], seen: Seen) -> set[str]:
    """What some texts are compared by, taken as one; `seen` keeps their words, so that none is split twice."""
    words, chars, found = 0, len(texts) - 1, []
    for text in texts:
        known = seen.get(text)
        if known is None:
            known = seen[text] = _words(text)
        words += known[0]
        chars += len(text)
        found.append(known[1])
    if chars > MOST_WORD_CHARS * max(1, words):
        bare = "".join(" ".join(texts).split())
        return {bare[i : i + 2] for i in range(len(bare) - 1)}
    return set().union(*found)


def _words(text: str) -> tuple[int, set[str]]:
    words = text.casefold().split()
    bare = {word.strip(_OUTER) for word in words if len(word) >= WORD_CHARS}
    return len(words), {word for word in bare if len(word) >= WORD_CHARS}
