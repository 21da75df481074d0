"""README.txt of a bundle: for who gets it and has never heard of newswatch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_TEXT = """What is in this folder
======================

News stories that name {actors}{time}{sites}, as they were published and changed.
Collected with {made_by}; this copy was made at {made_at} (UTC).

  stories.jsonl     {stories:>9,}  stories: a line each, with all addresses they had
  revisions.jsonl   {revisions:>9,}  revisions: every state of their text that was seen, and when (seen_at)
  mentions.jsonl    {mentions:>9,}  places where the text names who was chosen: field, start and end count characters
  events.jsonl      {events:>9,}  what happened: appeared, moved into the headline, left, returned
  pages.jsonl       {pages:>9,}  for each revision where its page begins in pages.warc.gz, or why it is missing
  pages.warc.gz     {archived:>9,}  web pages as they came, with request, answer and digests (WARC 1.1, ISO 28500)
  manifest.json                what was chosen, and the SHA-256 digest of each file
  SHA256SUMS                   the same digests for sha256sum

{missing}
Lines are JSON, UTF-8. Times are UTC, ISO 8601. story_id and the number of a revision join the files. Revision 1 is what was seen first;
changed_fields says what a later one changed, notice whether the site said so (stated) or not (silent).

Has anything been changed since?
--------------------------------

    sha256sum -c SHA256SUMS                 (Linux; macOS: shasum -a 256 -c SHA256SUMS)
    scrapy export --verify THIS_FOLDER      (with newswatch; looks into the pages, too)

This shows that the files belong together. That nobody made new digests as well is shown by the SHA-256 of manifest.json only, if it was
noted somewhere else when the bundle was made: in an e-mail, with a notary, by a time stamp service.

To look at the pages as they were: open pages.warc.gz with ReplayWeb.page, pywb or any tool for web archives.
"""


def readme(manifest: Mapping[str, Any]) -> str:
    """The text for what a manifest says."""
    chosen, counts = manifest["chosen"], manifest["counts"]
    since, until = chosen["since"], chosen["until"]
    missing = counts["missing"]
    return _TEXT.format(
        actors=", ".join(f"{chosen['names'].get(actor, actor)} ({actor})" for actor in chosen["actors"]),
        time=(f" from {since}" if since else "") + (f" until {until}" if until else ""),
        sites=f" on {', '.join(chosen['sites'])}" if chosen["sites"] else "",
        made_at=manifest["made_at"],
        made_by=manifest["made_by"],
        missing=f"Of {missing:,} of {counts['revisions']:,} revisions the page is MISSING: pages.jsonl says why.\n" if missing else "",
        **{name: counts[name] for name in ("stories", "revisions", "mentions", "events", "pages", "archived")},
    )
