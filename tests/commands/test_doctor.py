"""`scrapy doctor`, as a user starts it."""

from __future__ import annotations

import json
import os
import sqlite3
import ssl
import subprocess
from contextlib import closing
from datetime import timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from twisted.internet.ssl import Certificate

from newswatch.spiders.checkup import end_of
from newswatch.store import open_store
from newswatch.store.backup import back_up
from tests.conftest import NOW
from tests.crawling import FAST, crawl, folder_settings, scrapy, write_site
from tests.spiders.served import HTML, ServedSite

TEXT = "Der Rat der kleinen Stadt hat gestern lange beraten und am Ende zugestimmt, wie die Sprecherin sagte. " * 40
ARTICLE = f"<html><body><article><h1>Der Rat tagt</h1><p>{TEXT}</p></article></body></html>".encode()
DAY = timedelta(days=1)
SECTION = b'<html><body><main><a href="{home}/politik/1/ein-fall">Der Rat tagt</a></main></body></html>'


def doctor(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return scrapy("doctor", *folder_settings(folder), *FAST, *args)


def findings(folder: Path, *args: str) -> dict[str, Any]:
    """By what was looked at: (level, says); the gravest counts where there are several."""
    done = doctor(folder, "--json", *args)
    assert not done.stderr, done.stderr
    found = json.loads(done.stdout)
    assert done.returncode == (found["level"] == "alarm")
    return {f["what"]: (f["level"], f["says"]) for f in found["findings"]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A site that is on, and never was crawled."""
    write_site(tmp_path, "http://beispiel.example/")
    (tmp_path / "watchlists").mkdir()
    (tmp_path / "watch.toml").write_text('sites = ["beispiel"]\n')
    return tmp_path


def test_before_the_first_crawl_nothing_is_wrong_and_nothing_is_made(folder: Path) -> None:
    found = findings(folder, "--offline")
    assert found["database"][0] == "note" and found["last read"] == ("warning", "was never crawled")
    assert {found[what][0] for what in ("robots", "certificate", "clock of sites", "clock", "fields")} == {"not looked at"}
    assert not (folder / "news.db").exists()


def test_after_a_crawl_all_is_looked_at_and_well(tmp_path: Path) -> None:
    with ServedSite() as site:
        site.pages |= {"/politik/": (200, HTML, SECTION), "/politik/1/ein-fall": (200, HTML, ARTICLE)}
        site.pages["/robots.txt"] = (200, {"Content-Type": "text/plain"}, b"User-agent: *\nCrawl-delay: 9\n")
        write_site(tmp_path, site.url)
        (tmp_path / "watchlists").mkdir()
        (tmp_path / "watch.toml").write_text('sites = ["beispiel"]\n')
        assert crawl("beispiel", tmp_path).returncode == 0
        back_up(tmp_path / "news.db", tmp_path / "backups" / "newswatch.db")
        site.asked.clear()
        found = findings(tmp_path)
        assert site.asked == [("/robots.txt", 200)]
        shown = doctor(tmp_path)
        site.pages["/robots.txt"] = (200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /politik/\n")
        refused = findings(tmp_path)
    assert found["robots"][0] == "ok" and "9 s" in found["robots"][1]
    well = ["settings", "files", "integrity", "log", "clock", "permissions", "archive", "due", "silent"]
    for what in (*well, "last read", "clock of sites"):
        assert found[what][0] == "ok", (what, found[what])
    assert found["archive"][1] == "1 files, the newest page can be read"
    assert shown.returncode == 0 and "do: scrapy backup" in shown.stdout and "beispiel" in shown.stdout
    assert refused["robots"][0] == "warning" and "/politik/" in refused["robots"][1]


def test_a_site_that_does_not_answer_is_said(folder: Path) -> None:
    write_site(folder, "http://127.0.0.1:9/")
    found = findings(folder)
    assert found["robots"][0] == "warning" and found["clock of sites"][0] == "not looked at"


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.7"])
def test_a_certificate_that_nobody_vouches_for_or_of_another_host_is_an_alarm(folder: Path, host: str) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(host))]), critical=False)
    made = builder.not_valid_before(NOW - 9 * DAY).not_valid_after(NOW + 9 * DAY).sign(key, hashes.SHA256())
    pem = made.public_bytes(serialization.Encoding.PEM)
    assert end_of(Certificate.loadPEM(pem)) == NOW + 9 * DAY and end_of(None) is None
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "cert.pem").write_bytes(pem + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem")
    with ServedSite() as site:
        site._server.socket = context.wrap_socket(site._server.socket, server_side=True)
        write_site(folder, site.url.replace("http:", "https:"))
        found = findings(folder)
    said = "nobody vouches for it" if host == "127.0.0.1" else "is of another host"
    assert found["certificate"][0] == "alarm" and said in found["certificate"][1]


def test_files_that_are_wrong_are_alarms_and_the_rest_is_looked_at(folder: Path) -> None:
    (folder / "watchlists" / "w.toml").write_text("[ada-quint\n")
    (folder / "watch.toml").write_text('sites = ["beispeil"]\n')
    done = doctor(folder, "--offline")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    for words in ("w.toml: not valid TOML", "there is no site beispeil", "free on the disk", "alarm"):
        assert words in done.stdout


def test_without_a_contact_no_site_is_asked(folder: Path) -> None:
    found = findings(folder, "-s", "CONTACT=")
    assert found["settings"][0] == "alarm" and found["robots"][0] == "not looked at" and "CONTACT" in found["robots"][1]


def test_a_database_that_is_damaged_or_locked_is_a_sentence(folder: Path) -> None:
    (folder / "news.db").write_bytes(b"no database" * 1000)
    found = findings(folder, "--offline")
    assert found["database"][0] == "alarm" and found["last read"][0] == found["integrity"][0] == "not looked at"
    (folder / "news.db").unlink()
    open_store(folder / "news.db").close()
    with closing(sqlite3.connect(folder / "news.db", isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        other.execute("DELETE FROM runs")
        found = findings(folder, "--offline")
    assert found["database"][0] == "alarm" and "locked by another program" in found["database"][1]


def test_recipients_that_others_can_read_are_an_alarm(folder: Path) -> None:
    (folder / "mail.db").write_bytes(b"")
    (folder / "mail.db").chmod(0o644)
    (folder / "alerts.toml").write_text('[smtp]\npassword_file = "password"\n')
    (folder / "password").write_text("geheim")
    (folder / "password").chmod(0o644)
    done = doctor(folder, "--offline")
    assert done.returncode == 1 and f"chmod 600 {folder / 'mail.db'}" in done.stdout and f"chmod 600 {folder / 'password'}" in done.stdout
    for name in ("mail.db", "password"):
        (folder / name).chmod(0o600)
    assert findings(folder, "--offline")["permissions"][0] == "ok"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_database_that_may_not_be_read_is_a_sentence(folder: Path) -> None:
    open_store(folder / "news.db").close()
    (folder / "news.db").chmod(0)
    found = findings(folder, "--offline")
    assert found["database"][0] == "alarm" and found["permissions"][0] == "alarm"
