"""Raw pages as WARC, and reading them back."""
