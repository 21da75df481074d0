"""A store and an archive with a secret in them, and a look at every byte for it."""

from __future__ import annotations

import zlib
from pathlib import Path

from tests.rereading import FIRST, HOME, Kept, html, write_files

SECRET = "Zwölfteichgraben"
"""A word of the texts that go; it stands nowhere else."""
TITLE = "Harmsen verkauft Zwölfteichgraben"
URL = f"{HOME}politik/17/ein-fall"


def fill(folder: Path) -> None:
    """Story 17 names Ole Harmsen and holds the secret in two revisions on two days; 18 to 20 stay. A listing tells of it, one does not."""
    write_files(folder)
    with Kept(folder) as kept:
        kept.save(17, TITLE, (*FIRST, f"Ole Harmsen schwieg zum {SECRET} am Abend und ging."))
        kept.save(18, "Siel bleibt vorerst zu", FIRST)
        listing = f"<a href='/politik/17/ein-fall'>{TITLE}</a>".encode()
        place = kept.keep(f"{HOME}politik/", listing)
        kept.keep(f"{HOME}politik/alt/", b"<a href='/politik/17/ein-fall-zwei'>Anderes</a>")
        kept.save(17, TITLE, (*FIRST, f"Ole Harmsen sprach zum {SECRET} am Morgen und blieb."), day=1)
        kept.save(19, "Mole wird saniert im Herbst", FIRST, day=1)
        kept.keep(f"{URL}?seite=2", html(TITLE, FIRST), day=1)
        kept.save(20, "Lotsin geht in Rente im Mai", FIRST, day=3)
        kept.db.execute(
            "INSERT INTO sections (site, name, url, links, last_checked_at, last_changed_at, archive_file, archive_offset)"
            " VALUES ('beispiel', 'politik', ?, ?, '', '', ?, ?)",
            [f"{HOME}politik/", f'[{{"url": "{URL}", "headline": "{TITLE}", "place": 0, "updated": null}}]', place.file, place.offset],
        )
        run = kept.db.execute("INSERT INTO runs (site, started_at, outcome, counts) VALUES ('beispiel', '', 'ok', '{}')").lastrowid
        kept.db.execute(
            "INSERT INTO faults (run_id, site, kind, url, detail, at) VALUES (?, 'beispiel', 'coverage', ?, ?, '')", [run, URL, SECRET]
        )
        kept.db.execute(
            "INSERT INTO suspects (story_id, content_hash, seen_at, why, fields) VALUES (1, '', '', '', ?)", [f'{{"title": "{SECRET}"}}']
        )


def traces(folder: Path) -> list[str]:
    """Files that hold the secret, archive files unpacked; the index of words has it in small letters, without accents."""
    words = [SECRET.encode(), SECRET.lower().encode(), b"zwolfteichgraben", b"zw\\u00f6lfteich"]
    found = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix not in (".txt", ".lock")):
        data = members(path.read_bytes()) if path.name.endswith(".warc.gz") else path.read_bytes()
        if any(word in data for word in words):
            found.append(str(path.relative_to(folder)))
    return found


def members(data: bytes) -> bytes:
    """Records and the gzip bodies within them, unpacked."""
    out = b""
    while data:
        member = zlib.decompressobj(31)
        record = member.decompress(data)
        data = member.unused_data
        out += record
        if (at := record.find(b"\x1f\x8b")) >= 0:
            out += zlib.decompressobj(31).decompress(record[at:])
    return out
