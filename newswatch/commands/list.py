"""`scrapy list`: the sites, one a line."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newswatch.sites import check_sites
from newswatch.store.runs import EXIT_CONFIG


class Command(ScrapyCommand):
    """Lists the sites; mistakes in site files go to stderr, with exit code 78."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def short_desc(self) -> str:
        """One line for `scrapy --help`."""
        return "List the sites that can be crawled"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Prints the names."""
        if args:
            raise UsageError("scrapy list takes no arguments")
        own = self.settings.get("SITES_DIR")  # type: ignore[union-attr]
        sites, problems = check_sites(Path(own) if own else None)
        print("\n".join(sites))
        for problem in problems:
            print(problem, file=sys.stderr)
        if problems:
            self.exitcode = EXIT_CONFIG
