"""Scrapy commands: thin, each a sentence in, a report out, and an exit code that is true."""
