"""What every spider of ours tells and obeys, whatever it is for."""

from __future__ import annotations

from scrapy.settings import BaseSettings


def be_polite(settings: BaseSettings, *, delay: float | None = None) -> None:
    """An honest name with the user's contact, a site's own delay; a replay waits for nobody and opens no connection."""
    if delay is not None:
        settings.set("DOWNLOAD_DELAY", delay, priority="spider")
    if contact := settings.get("CONTACT"):
        settings.set("USER_AGENT", f"{settings['USER_AGENT']} (+{contact})", priority="spider")
    if settings.get("REPLAY"):
        handler = "newswatch.archive.replay.ReplayHandler"
        settings.set("DOWNLOAD_HANDLERS", {**settings.getdict("DOWNLOAD_HANDLERS"), "http": handler, "https": handler}, "cmdline")
        for name, value in (("DOWNLOAD_DELAY", 0), ("AUTOTHROTTLE_ENABLED", False), ("RETRY_ENABLED", False), ("PROXY", None)):
            settings.set(name, value, "cmdline")
