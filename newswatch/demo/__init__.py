"""A demo newsstand: three papers of invented news that change as you crawl them, served over loopback."""
