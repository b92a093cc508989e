"""One page of text, cut into segments and articles; pure: no file, no clock, no network."""

from cuttings.pages.cut import cut_pages
from cuttings.pages.reading import CutTables

__all__ = ["CutTables", "cut_pages"]
