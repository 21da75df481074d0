"""Which addresses are private, in any form; how names that lead there are told."""

from __future__ import annotations

import asyncio

import pytest

from newswatch.errors import ReadError
from newswatch.politeness.addresses import why_private
from newswatch.politeness.connecting import check_host

PRIVATE = (
    *"127.0.0.1 127.255.255.254 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 100.64.0.1 100.127.255.255 169.254.169.254".split(),  # noqa: SIM905
    *"0.0.0.0 255.255.255.255 224.0.0.1 239.1.2.3 240.0.0.1 ::1 :: fe80::1%eth0 fc00::1 fd12:3456::1 fec0::1 ff02::1".split(),  # noqa: SIM905
    *"::ffff:127.0.0.1 ::ffff:10.0.0.1 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b::192.168.1.1 64:ff9b:1::1 2002:7f00:1::".split(),  # noqa: SIM905
    "2001:0:53aa:64c:0:fbff:80ff:fffe",  # Teredo: its client's address is in it, turned over
)
PUBLIC = "9.9.9.9 172.32.0.1 100.128.0.1 2620:fe::fe ::ffff:9.9.9.9 64:ff9b::909:909 2002:909:909::".split()  # noqa: SIM905


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_of_a_private_network_is_known_in_any_form(address: str) -> None:
    assert why_private(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_public_internet_is_none(address: str) -> None:
    assert why_private(address) is None


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "0x7f000001", "0177.0.0.1", "2130706433", "localhost", "[::1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]"]
)
def test_every_spelling_of_a_host_is_judged_by_what_it_resolves_to(host: str) -> None:
    with pytest.raises(ReadError) as caught:
        asyncio.run(check_host(f"http://{host}:8080/politik/"))
    assert caught.value.kind == "private" and "ALLOW_PRIVATE_ADDRESSES" in str(caught.value)


def test_a_host_without_an_address_is_not_private() -> None:
    asyncio.run(check_host("http://no-such-host.invalid/"))
