"""Pure: a page and its site in, links or a story out.

page -> structured (JSON-LD, meta, __NEXT_DATA__) --+
     -> site rules ---------------------------------+-> article -> Story
     -> body (rules, else trafilatura) -------------+
     -> links -> [Link]
"""

from newswatch.extraction.article import read_article
from newswatch.extraction.links import find_links

__all__ = ["find_links", "read_article"]
