"""Notes on the author: "Ada Fenwick is a reporter in Aldern.", told by a name, a word for "is" and a trade, or by a
heading: "About the author".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from cuttings.pages.page import BODY_LIKE, Page

# Such notes are looked for among so many first and last lines of a text, and so many behind it: in the middle the line
# tells of somebody else. (Of the labelled pages' notes 44 of 49 at the ends were left out by hand, 3 of 9 elsewhere.)
HEAD_LINES: Final = 2
END_LINES: Final = 4
# A name has so many words at most, small ones like "van der" among them; it stands with a post on so many lines.
NAME_WORDS: Final = 6
NAME_LINES: Final = 2
# The trade stands within so many words behind the name, and the note has so many characters at most.
TRADE_WORDS: Final = 14
NOTE_CHARS: Final = 600
_PARTICLES: Final = frozenset((
    "van", "von", "der", "den", "de", "da", "do", "dos", "di", "del", "della", "du", "la", "le", "el", "al", "bin",
    "ibn", "ben", "ten", "ter", "zu", "y", "e",
))  # fmt: skip
_IS: Final = frozenset(("is", "ist", "est", "es", "è", "é", "er", "är", "jest", "este", "je", "–", "—", "-"))
# Nouns of the trades whose people sign texts, or their stems.
_TRADES: Final = (
    "reporter", "correspondent", "journalist", "editor", "columnist", "contributor", "freelance", "writer",
    "blogger", "redakteur", "korrespondent", "kolumnist", "volontär", "journaliste", "chroniqueu", "rédact",
    "periodista", "corresponsal", "redactor", "columnista", "giornalista", "corrispondente", "redattor",
    "caporedattor", "jornalista", "repórter", "colunista", "dziennikar", "redaktor", "publicyst", "verslaggever",
    "redacteur", "redaktør", "redaktör", "skribent", "novinář", "jurnalist",
    "журналист", "корреспондент", "обозреватель", "редактор", "кореспондент", "оглядач",
)  # fmt: skip
# Whole words: an authority is no author.
_AUTHORS: Final = frozenset(("author", "autor", "autorin", "autora", "autore", "autrice", "auteur", "auteure", "автор"))
# How a note begins in scripts without spaces.
_SPACELESS: Final = ("作者为", "作者系", "作者是", "作者為", "作者簡介", "作者简介", "筆者は", "著者は")
# How a note begins that names nobody: "The author is a lawyer in Aldern."
_AUTHOR_IS: Final = tuple(f"{words} " for words in (
    "the author is", "the writer is", "der autor ist", "die autorin ist", "unser autor ist", "unsere autorin ist",
    "l'auteur est", "l'auteure est", "l'autrice est", "el autor es", "la autora es", "o autor é", "a autora é",
    "l'autore è", "l'autrice è", "de auteur is", "autor jest", "autorka jest", "autor je", "autorka je",
    "kirjoittaja on", "författaren är", "skribenten är", "forfatteren er", "a szerző a", "a szerző az",
    "автор —", "автор является", "penulis adalah", "penulis merupakan", "tác giả là", "الكاتب هو",
))  # fmt: skip
# What stands in so many first characters tells whether a note begins so.
_AUTHOR_IS_CHARS: Final = max(map(len, _AUTHOR_IS))
_OPENING: Final = "(（[【*—–-• \u3000"
# The heading of a note has so many characters at most, without what stands around it, and so many lines of a text stand
# below it: more are no note.
HEADING_CHARS: Final = 30
HEADED_LINES: Final = 8
_AROUND: Final = " :：.·-–—()[]【】"
_HEADINGS: Final = frozenset((
    "about the author", "about the authors", "about the writer", "about the reporter", "about the journalist",
    "about the editor", "about the contributor", "about the columnist", "about the correspondent", "author bio",
    "meet the author", "über den autor", "über die autorin", "über die autoren", "zum autor", "zur autorin",
    "der autor", "die autorin", "à propos de l'auteur", "à propos de l'auteure", "à propos de l'autrice",
    "sobre el autor", "sobre la autora", "acerca del autor", "acerca de la autora", "sobre o autor", "sobre a autora",
    "sull'autore", "sull'autrice", "informazioni sull'autore", "l'autore", "over de auteur", "over de schrijver",
    "o autorze", "o autorce", "o autorovi", "om författaren", "om skribenten", "om forfatteren",
    "tietoa kirjoittajasta", "yazar hakkında", "editör hakkında", "muhabir hakkında", "despre autor", "a szerzőről",
    "об авторе", "про автора", "tentang penulis", "về tác giả", "عن الكاتب", "作者简介", "作者簡介", "关于作者",
    "關於作者", "著者プロフィール", "筆者プロフィール", "著者について", "この記事を書いた人", "기자 소개",
))  # fmt: skip
# The name of an author above a note: behind a word for "about", or alone where it stands above the text as well. The
# line below has a part of the name among so many of its first characters; of a word so many letters are compared.
_ABOUT: Final = (
    "about ", "über ", "à propos de ", "sobre ", "acerca de ", "informazioni su ", "su ", "over ", "om ", "o ",
    "despre ", "про ", "об ", "о ", "за ", "tentang ", "về ",
)  # fmt: skip
BYLINE_LINES: Final = 12
NAMED_CHARS: Final = 60
STEM_LETTERS: Final = 4
# Behind the author's name alone on its line, as it stands above the text, so many lines at most tell about him.
SIGNED_LINES: Final = 2
# The text is so many times as long as such a note, or longer: a name may head the last part of it, too.
NOTE_RATIO: Final = 3


def author_notes(page: Page, body: Sequence[int], behind: Iterable[int] = ()) -> set[int]:
    """The notes at the ends of a text, `body`, and of the lines `behind` it; none where nothing else would be left."""
    ends = body if len(body) < HEAD_LINES + END_LINES else [*body[:HEAD_LINES], *body[-END_LINES:]]
    notes = {i for first in ends for i in _note(page, first)} | _headed(page, body)
    if notes.issuperset(body):
        return set()
    return notes.union(*(_note(page, first) for first in behind if page.cls[first] in BODY_LIKE))


def heads_note(page: Page, start: int, end: int) -> bool:
    """True where the heading of a note is among some lines: what stands below tells of the author, and is no story."""
    return any(len(text) < HEADING_CHARS and _is_heading(text) for text in page.text[start:end])


def _is_heading(text: str) -> bool:
    return text.casefold().replace("’", "'").strip(_AROUND) in _HEADINGS


def is_post(text: str) -> bool:
    """Whether a short line tells what somebody is: it begins in small letters or has a trade among its words."""
    return text[:1].islower() or any(word.casefold().startswith(_TRADES) for word in text.split())


def _headed(page: Page, body: Sequence[int]) -> set[int]:
    """The last lines of a text from the heading of a note on, and the name and the post right above it."""
    last = body[-HEADED_LINES:]
    lines = range(last[0], last[-1] + 1) if last else ()
    short = [i for i in lines if page.units[i] <= NAME_WORDS or len(page.text[i]) < HEADING_CHARS]
    if not short:
        return set()
    most = sum([page.words[i] for i in body]) / (1 + NOTE_RATIO)

    def is_top(i: int) -> bool:
        is_named = _names_author(page, i, body[0]) or (
            sum(line > i for line in last) <= SIGNED_LINES and _is_byline(page, i, body[0])
        )
        is_named = is_named and sum([page.words[line] for line in last if line >= i]) <= most
        return is_named or (len(page.text[i]) < HEADING_CHARS and _is_heading(page.text[i]))

    top = next(filter(is_top, short), -1)
    if top < 0:
        return set()
    above = top
    for i in range(top - 1, max(-1, top - 1 - NAME_LINES), -1):
        if page.units[i] > NAME_WORDS or page.is_terminal[i]:
            break
        above = i
    return {i for i in body if i >= above}


def _is_byline(page: Page, i: int, start: int) -> bool:
    """True for a name on a line of its own that stands above the text that begins at line `start` in the same way."""
    words = page.text[i].split()
    is_name = 1 < len(words) <= NAME_WORDS and all(word[0].isupper() or word in _PARTICLES for word in words)
    return is_name and page.fold[i] in page.fold[max(0, start - BYLINE_LINES) : start]


def _names_author(page: Page, i: int, start: int) -> bool:
    """True for the name of the author of the text that begins at line `start`, with a line about him below it."""
    if page.units[i] > NAME_WORDS or i + 1 >= len(page.text) or page.continues(i + 1):
        return False
    text = page.text[i].strip(_AROUND)
    folded = text.casefold()
    about = next(filter(folded.startswith, _ABOUT)) if folded.startswith(_ABOUT) else ""
    name = text[len(about) :]
    words = name.split()
    if len(words) < 2 or not all(word[0].isupper() or word in _PARTICLES for word in words):
        return False
    if not about and not any(name in line for line in page.text[max(0, start - BYLINE_LINES) : start]):
        return False
    stems = tuple(word[:STEM_LETTERS] for word in words if word[0].isupper() and len(word) >= STEM_LETTERS)
    return any(word.startswith(stems) for word in page.text[i + 1][:NAMED_CHARS].split())


def _note(page: Page, first: int) -> range:
    """The lines of the note that begins with line `first`, none where it begins none: names are links, with the rest
    of the sentence on the next line.
    """
    end = first + 1
    if page.units[first] <= NAME_WORDS and page.continues(end):
        is_note = is_author_note(f"{page.text[first]} {page.text[end]}")
    else:
        is_note = is_author_note(page.text[first])
    while is_note and page.continues(end):
        end += 1
    return range(first, end if is_note else first)


def is_author_note(text: str) -> bool:
    """True for a line that says who its author is, and begins with the name."""
    if len(text) > NOTE_CHARS:
        return False
    bare = text.lstrip(_OPENING)
    begin = bare[:_AUTHOR_IS_CHARS].casefold().replace("’", "'")
    if bare.startswith(_SPACELESS) or begin.startswith(_AUTHOR_IS):
        return True
    words = bare.split(None, NAME_WORDS + 1)[: NAME_WORDS + 1]
    name = 0
    while name < min(len(words), NAME_WORDS) and (words[name][0].isupper() or words[name] in _PARTICLES):
        name += 1
    if name < 2 or name == len(words) or words[name] not in _IS:
        return False
    words = bare.split(None, NAME_WORDS + TRADE_WORDS)[: NAME_WORDS + TRADE_WORDS]
    behind = (word.rpartition("-")[2].casefold() for word in words[name + 1 : name + 1 + TRADE_WORDS])
    return any(word.startswith(_TRADES) or word.strip(".,;:'’") in _AUTHORS for word in behind)
