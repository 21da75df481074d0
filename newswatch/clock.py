"""The one clock of the house: only what drives looks at it; what decides gets its time as an argument."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Aware, in UTC, in whole seconds: as times are stored."""
    return datetime.now(UTC).replace(microsecond=0)
