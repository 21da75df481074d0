"""The face: Datasette as a newspaper about actors. It only reads the store.

request -> views (what is asked) -> reading, story, actors, operator (SQL) -> templates -> a page without scripts
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent
"""Where datasette.yaml, plugins/, templates/ and static/ lie."""

DATABASE = "newswatch"
"""The name under which Datasette serves the database, whatever its file is called."""
