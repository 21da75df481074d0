"""Pure: what a search looks for and how what was found is shown. No database here.

query -> parse -> Query -> (its words in the vocabulary: Forms) -> expression -> FTS5
text  -> tokens -> what is indexed;  text, wanted words -> mark, snippet -> what a page shows
"""
