"""What Scrapy would log though our commands tell it."""

from __future__ import annotations

import logging

from scrapy.settings import BaseSettings

_TOLD_BY_THE_COMMAND = (
    "scrapy.downloadermiddlewares.robotstxt",
    "scrapy.downloadermiddlewares.retry",
    "scrapy.downloadermiddlewares.httpcompression",
    "scrapy.core.downloader.handlers.http11",
    "scrapy.utils._download_handlers",
)
"""Loggers whose errors the command shows itself."""


def hush(settings: BaseSettings) -> None:
    """Keeps Scrapy's log quiet about what the command tells anyway; not where the user asked for the log."""
    if settings["LOG_LEVEL"] == "ERROR":
        for name in _TOLD_BY_THE_COMMAND:
            logging.getLogger(name).setLevel(logging.CRITICAL)
