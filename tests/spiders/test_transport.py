"""Servers that never finish, that lead in circles, that are not who they say: faults, and the other pages are read."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlite_utils import Database

from tests.crawling import FAST, crawl, folder_settings, scrapy, write_site
from tests.spiders.hostile import HTML, good
from tests.spiders.timed import DRIP, SILENCE, TimedSite


def kinds(folder: Path) -> dict[str, str]:
    """Kinds of faults by the last part of the address."""
    return {row["url"].rstrip("/").rsplit("/", 1)[-1]: row["kind"] for row in Database(folder / "news.db")["faults"].rows}


def test_silence_and_a_body_that_drips_for_ever_are_timeouts_and_the_good_page_is_read(tmp_path: Path) -> None:
    with TimedSite() as site:
        site.lists("/politik/1/silence", "/politik/2/drip", "/politik/3/gut")
        site.pages |= {"/politik/1/silence": SILENCE, "/politik/2/drip": DRIP, "/politik/3/gut": (200, HTML, good(3))}
        write_site(tmp_path, site.url)
        began = time.monotonic()
        done = crawl("beispiel", tmp_path, "-s", "DOWNLOAD_TIMEOUT=2")
        assert time.monotonic() - began < 30
    assert kinds(tmp_path) == {"silence": "timeout", "drip": "timeout"}, done.stdout
    assert done.returncode == 1 and Database(tmp_path / "news.db")["stories"].count == 1


def test_a_chain_of_twenty_redirects_is_followed_five_times(tmp_path: Path) -> None:
    with TimedSite() as site:
        site.lists("/politik/1/chain", "/politik/2/gut")
        site.pages["/politik/1/chain"] = (302, {"Location": "/kette/0"}, b"")
        site.pages |= {f"/kette/{n}": (302, {"Location": f"/kette/{n + 1}"}, b"") for n in range(20)}
        site.pages["/politik/2/gut"] = (200, HTML, good(2))
        write_site(tmp_path, site.url)
        crawl("beispiel", tmp_path)
        chain = [path for path in site.paths() if path.startswith("/kette/")]
    assert kinds(tmp_path) == {"chain": "redirect"}
    assert len(chain) == 5 and Database(tmp_path / "news.db")["stories"].count == 1


# --- certificates


def certificate(folder: Path, name: str, age: timedelta, issuer: tuple | None = None) -> tuple:
    """(path of key and certificate, key, certificate) of one that was issued so long ago, for 30 days; by itself without an issuer."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begun = datetime.now(UTC) - age
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[2].subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begun)
        .not_valid_after(begun + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    )
    signed = builder.sign(issuer[1] if issuer else key, hashes.SHA256())
    path = folder / f"{name}-{age.days}-{bool(issuer)}.pem"
    plain = serialization.NoEncryption()
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path, key, signed


def visit(folder: Path, path: Path, trusted: Path, name: str = "localhost") -> tuple[CompletedProcess[str], TimedSite]:
    """A crawl of a site that shows a certificate."""
    with TimedSite(path, name) as site:
        site.lists("/politik/1/gut")
        site.pages["/politik/1/gut"] = (200, HTML, good(1))
        write_site(folder, site.url)
        env = {"SSL_CERT_FILE": str(trusted), "SSL_CERT_DIR": str(folder / "none")}
        return scrapy("crawl", "beispiel", *folder_settings(folder), *FAST, env=env), site


@pytest.mark.parametrize("which", ["good", "self-signed", "expired", "for-another-host"])
def test_only_a_certificate_that_is_trusted_valid_and_the_hosts_own_is_accepted(which: str, tmp_path: Path) -> None:
    authority = certificate(tmp_path, "authority", timedelta(days=1))
    trusted = tmp_path / "trusted.pem"
    trusted.write_bytes(authority[2].public_bytes(serialization.Encoding.PEM))
    shown = {
        "good": lambda: certificate(tmp_path, "localhost", timedelta(days=1), authority),
        "self-signed": lambda: certificate(tmp_path, "localhost", timedelta(days=1)),
        "expired": lambda: certificate(tmp_path, "localhost", timedelta(days=60), authority),
        "for-another-host": lambda: certificate(tmp_path, "elsewhere.invalid", timedelta(days=1), authority),
    }[which]()
    done, site = visit(tmp_path, shown[0], trusted)
    if which == "good":
        assert done.returncode == 0 and Database(tmp_path / "news.db")["stories"].count == 1, done.stdout + done.stderr
    else:
        assert done.returncode == 69 and not site.asked, done.stdout + done.stderr
        assert set(kinds(tmp_path).values()) == {"unreachable"} and not Database(tmp_path / "news.db")["stories"].count
