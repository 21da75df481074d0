"""Lists that others keep, from a file into a watchlist.

file -> lines -> wikidata | opensanctions -> Found -> names -> Stage (on disk) -> watchlist file
                       |                       |        |
                       +--- Skipped, BadRow ---+--------+----> Report
"""

from newswatch.importing.importer import Report, import_file
from newswatch.importing.wanted import Wanted, wanted

__all__ = ["Report", "Wanted", "import_file", "wanted"]
