"""The tables of what is counted while stories are saved: see counters.py."""


def _triggers(table: str, name: str, columns: str, add: str, take: str) -> tuple[str, ...]:
    """Whoever writes rows of a table, they are counted: `add` is a statement with {r} for the row, `take` one for a row that goes."""
    into, off = add.format(r="new"), take.format(r="old")
    return (
        f"CREATE TRIGGER {table}_into_{name} AFTER INSERT ON {table} BEGIN {into}; END",
        f"CREATE TRIGGER {table}_out_of_{name} AFTER DELETE ON {table} BEGIN {off}; END",
        f"CREATE TRIGGER {table}_again_in_{name} AFTER UPDATE OF {columns} ON {table} BEGIN {off}; {into}; END",
    )


_ADDED = (
    " ON CONFLICT DO UPDATE SET new_stories = new_stories + excluded.new_stories, edits = edits + excluded.edits,"
    " silent_edits = silent_edits + excluded.silent_edits, faults = faults + excluded.faults"
)


def _revision(sign: str) -> str:
    counts = f"{sign}({{r}}.number = 1), {sign}({{r}}.number > 1), {sign}({{r}}.notice = 'silent'), 0"
    return f"INSERT INTO site_days SELECT site, substr({{r}}.seen_at, 1, 10), {counts} FROM stories WHERE id = {{r}}.story_id{_ADDED}"


def _fault(sign: str) -> str:
    return f"INSERT INTO site_days VALUES ({{r}}.site, substr({{r}}.at, 1, 10), 0, 0, 0, {sign}1){_ADDED}"


COUNTER_TABLES = (
    """
    CREATE TABLE story_actors (
        story_id    INTEGER NOT NULL,       -- of stories; no reference, so that a story may go before it is counted anew
        actor       TEXT NOT NULL,          -- any revision names it
        site        TEXT NOT NULL,
        sort_at     TEXT NOT NULL,          -- of the story
        place       TEXT NOT NULL,          -- title | kicker | lead | body | caption | sources: the most prominent
        mentions    INTEGER NOT NULL,       -- place and mentions are of the newest revision that names it
        is_named    INTEGER NOT NULL,       -- 1: the newest revision of the story names it; 0: it left
        PRIMARY KEY (story_id, actor)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX story_actors_newest ON story_actors(actor, sort_at)",  # the newest stories of an actor
    "CREATE INDEX story_actors_of_site ON story_actors(actor, site, sort_at)",  # and of a site
    """
    CREATE TABLE actor_days (
        actor       TEXT NOT NULL,
        day         TEXT NOT NULL,          -- of the stories' sort_at, UTC
        site        TEXT NOT NULL,
        stories     INTEGER NOT NULL,
        mentions    INTEGER NOT NULL,
        PRIMARY KEY (actor, day, site)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX actor_days_by_day ON actor_days(day, actor, stories, mentions)",  # who is named most of late
    """
    CREATE TABLE actor_pairs (
        actor       TEXT NOT NULL,
        other       TEXT NOT NULL,          -- each pair stands here twice, either way round
        stories     INTEGER NOT NULL,       -- that name both
        PRIMARY KEY (actor, other)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX actor_pairs_by_stories ON actor_pairs(actor, stories)",  # beside whom an actor stands most
    """
    CREATE TABLE site_days (
        site            TEXT NOT NULL,
        day             TEXT NOT NULL,      -- when it was seen, UTC
        new_stories     INTEGER NOT NULL,
        edits           INTEGER NOT NULL,   -- revisions after the first, silent ones among them
        silent_edits    INTEGER NOT NULL,
        faults          INTEGER NOT NULL,
        PRIMARY KEY (site, day)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX site_days_by_day ON site_days(day)",  # what all sites did of late
    *_triggers("revisions", "days", "story_id, number, seen_at, notice", _revision(""), _revision("-")),
    *_triggers("faults", "days", "site, at", _fault(""), _fault("-")),
    "INSERT INTO site_days SELECT site, day, sum(n), sum(e), sum(q), sum(f) FROM ("
    "SELECT s.site AS site, substr(r.seen_at, 1, 10) AS day, r.number = 1 AS n, r.number > 1 AS e,"
    " r.notice = 'silent' AS q, 0 AS f FROM revisions r JOIN stories s ON s.id = r.story_id"
    " UNION ALL SELECT site, substr(at, 1, 10), 0, 0, 0, 1 FROM faults) GROUP BY site, day",
    """
    CREATE TABLE fillings (
        what    TEXT PRIMARY KEY,           -- `counters`, `search`: what stories of an older version still lack
        after   INTEGER NOT NULL            -- the last story that has it
    ) WITHOUT ROWID
    """,
)

NAMED_BY_DAY = (
    """
    CREATE TABLE named_by_day (
        day         TEXT NOT NULL,          -- as in actor_days
        actor       TEXT NOT NULL,
        stories     INTEGER NOT NULL,       -- of all sites
        PRIMARY KEY (day, actor)            -- who is named most of late
    ) WITHOUT ROWID
    """,
    "INSERT INTO named_by_day SELECT day, actor, sum(stories) FROM actor_days GROUP BY day, actor",
    *_triggers(
        "actor_days",
        "named",
        "actor, day, stories",
        "INSERT INTO named_by_day SELECT {r}.day, {r}.actor, {r}.stories WHERE {r}.stories > 0"
        " ON CONFLICT DO UPDATE SET stories = stories + excluded.stories",
        "UPDATE named_by_day SET stories = stories - {r}.stories WHERE (day, actor) = ({r}.day, {r}.actor);"
        " DELETE FROM named_by_day WHERE (day, actor) = ({r}.day, {r}.actor) AND stories <= 0",
    ),
    "DROP INDEX actor_days_by_day",
)
