"""Pure: what differs between two revisions of a story, to the word.

old fields, new fields -> differences -> Differences -> a page, a terminal; in_words -> a mail

    values.py       what comes out
    tokens.py       a text as paragraphs, a paragraph as words
    alignment.py    two sequences: what they have in common, within a budget of steps
    pairing.py      paragraphs that are the same, moved, changed, split or merged
    compare.py      texts in, Differences out
    telling.py      the same in a few words
"""

from newswatch.differences.compare import differences
from newswatch.differences.telling import Told, in_words
from newswatch.differences.values import Block, Differences, FieldDifference, Piece

__all__ = ["Block", "Differences", "FieldDifference", "Piece", "Told", "differences", "in_words"]
