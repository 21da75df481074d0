"""Pure: until when a server wants to be left alone (429 and 503 with Retry-After)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST = timedelta(days=1)
"""What asks for more is asked again after a day."""

SHORTEST = timedelta(minutes=1)
"""What asks for less, or names a time that has passed, is left alone for a minute."""

UNSAID = timedelta(minutes=10)
"""After a 429 that does not say how long."""


def wait_until(status: int, header: str | None, now: datetime) -> datetime | None:
    """Until when a host is not asked again, None where the answer asks for no such thing.

    `header` is the value of Retry-After: seconds or an HTTP date. Only 429 and 503 count; a 503 that does not say how long
    is an error like any.
    """
    if status not in (429, 503):
        return None
    told = _told(header.strip(), now) if header else None
    if told is None:
        return now + UNSAID if status == 429 else None
    return now + min(LONGEST, max(SHORTEST, told))


def _told(text: str, now: datetime) -> timedelta | None:
    if re.fullmatch(r"\d+(\.\d*)?", text):
        digits = text.partition(".")[0]
        return LONGEST if len(digits.lstrip("0")) > 9 else timedelta(seconds=float(text))
    try:
        at = parsedate_to_datetime(text)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)) - now
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
