"""The logical content of a database: ids, run ids and times of seeing aside."""

from __future__ import annotations

from pathlib import Path

from newswatch.store import open_store

QUERIES = {
    "stories": "SELECT site, site_key, url, canonical_url, title, lead, section, kind, access, language, published_at, modified_at,"
    " date_flags, revisions, etag, last_modified, gated_since IS NULL, silent_edits, empty_updates,"
    " missing_since IS NULL, gone_at IS NULL FROM stories",
    "urls": "SELECT u.site, u.url, s.site_key FROM story_urls u JOIN stories s ON s.id = u.story_id",
    "revisions": "SELECT s.site, s.site_key, r.number, r.content_hash, r.title, r.body, r.passages, r.changed_fields,"
    " r.words_added, r.words_removed, r.notice, r.access, r.unseen FROM revisions r JOIN stories s ON s.id = r.story_id",
    "suspects": "SELECT s.site, s.site_key, p.content_hash, p.why, p.fields FROM suspects p JOIN stories s ON s.id = p.story_id",
    "mentions": "SELECT s.site, s.site_key, r.number, m.actor, m.field, m.start, m.end, m.surface, m.name, m.rule, m.snippet,"
    " m.entry, m.is_ambiguous"
    " FROM mentions m JOIN revisions r ON r.id = m.revision_id JOIN stories s ON s.id = r.story_id",
    "events": "SELECT s.site, s.site_key, r.number, e.actor, e.kind, e.field FROM events e JOIN revisions r ON r.id = e.revision_id"
    " JOIN stories s ON s.id = r.story_id",
    "past": "SELECT s.site, s.site_key, r.number, e.actor, e.kind, e.past FROM events e JOIN revisions r ON r.id = e.revision_id"
    " JOIN stories s ON s.id = r.story_id",
    "actors": "SELECT id, name, kind, tags FROM actors",
    "watchlist": "SELECT actor, definition FROM definitions WHERE until IS NULL",
    "matched": "SELECT s.site, s.site_key, r.number, m.watchlist IS (SELECT max(number) FROM watchlists) FROM revisions r"
    " JOIN stories s ON s.id = r.story_id LEFT JOIN matched m ON m.revision_id = r.id",
    "named": "SELECT a.actor, a.site, s.site_key, a.sort_at = s.sort_at, a.place, a.mentions, a.is_named FROM story_actors a"
    " JOIN stories s ON s.id = a.story_id",
    "days": "SELECT actor, site, sum(stories), sum(mentions) FROM actor_days GROUP BY actor, site",
    "pairs": "SELECT actor, other, stories FROM actor_pairs",
    "site days": "SELECT site, sum(new_stories), sum(edits), sum(silent_edits) FROM site_days GROUP BY site",
    "sections": "SELECT site, name, url, etag, last_modified, links, next_check_at IS NULL, failures, lost_since IS NULL FROM sections",
    "waiting": "SELECT site, url FROM frontier",
    "scheduled": "SELECT site, site_key, next_check_at IS NULL, changed_at IS NULL FROM stories",
    "found": "SELECT rowid, 1 FROM stories_fts WHERE stories_fts MATCH 'der'",
}


def dump(database: Path) -> dict[str, list[tuple]]:
    """The rows of every table, sorted."""
    db = open_store(database)
    try:
        rows = {name: sorted(db.execute(sql).fetchall(), key=repr) for name, sql in QUERIES.items()}
        rows["found"] = [(len(rows["found"]),)]
        return rows
    finally:
        db.close()
