"""Pure: addresses that no page of a news site may lead to: one's own machine, one's own network, and what stands for them."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

_NAT64 = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")
_LOCAL_NAT64 = IPv6Network("64:ff9b:1::/48")

Address = IPv4Address | IPv6Address


def why_private(text: str) -> str | None:
    """What is wrong with an IP address, for people; None for one of the public internet. Raises ValueError for what is no address.

    IPv4 addresses within IPv6 ones (mapped, compatible, 6to4, Teredo, NAT64) are judged by what they stand for.
    """
    address = ip_address(text.partition("%")[0])
    for inner in (address, *_within(address)):
        if why := _why(inner):
            return why if inner == address else f"{why} ({inner}) in another form"
    return None


def _within(address: Address) -> list[IPv4Address]:
    """The IPv4 addresses that an IPv6 address leads to."""
    if isinstance(address, IPv4Address):
        return []
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64 or (address in _COMPATIBLE and int(address) > 1):
        found.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [a for a in found if a is not None]


def _why(address: Address) -> str | None:
    if address.is_loopback or address.is_unspecified:
        return "this machine"
    if address.is_link_local:
        return "a link-local address"
    if address.is_multicast:
        return "a multicast address"
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped or address.sixtofour or address.teredo or address in _NAT64:
            return None  # judged by the address within
        if address.is_site_local or address in _LOCAL_NAT64 or address in _COMPATIBLE:
            return "an address of a private network"
    return None if address.is_global else "an address of a private or reserved network"
