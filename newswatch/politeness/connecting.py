"""No connection into one's own network: names are resolved once, judged, and that very address is connected to.

name -> GuardedResolver (TWISTED_DNS_RESOLVER) -> an address of the public internet, or no connection
answer -> AddressMiddleware -> the address it came from, once more; and why there was none

`http://127.1/`, `http://0x7f000001/` and `http://2130706433/` are names like any: what they resolve to is judged.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Any, Self
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, NotConfigured
from scrapy.http import Response
from scrapy.resolver import CachingThreadedResolver
from scrapy.settings import BaseSettings
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from newswatch.errors import ReadError
from newswatch.politeness.addresses import why_private

SETTING = "ALLOW_PRIVATE_ADDRESSES"


class GuardedResolver(CachingThreadedResolver):
    """Resolves names to addresses of the public internet only; the user's own proxy may stand anywhere."""

    def __init__(self, reactor: ReactorBase, cache_size: int, timeout: float, *, allows: bool = False) -> None:
        super().__init__(reactor, cache_size, timeout)
        self._allows = allows
        self._proxies = proxy_hosts()

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        """Reads the settings ALLOW_PRIVATE_ADDRESSES and those of Scrapy's own resolver."""
        settings = crawler.settings
        size = settings.getint("DNSCACHE_SIZE") if settings.getbool("DNSCACHE_ENABLED") else 0
        return cls(reactor, size, settings.getfloat("DNS_TIMEOUT"), allows=settings.getbool(SETTING))

    def getHostByName(self, name: str, timeout: Any = ()) -> Deferred[str]:
        """The address of a name; DNSLookupError where it has none, or a private one."""
        found = super().getHostByName(name, timeout)
        return found if self._allows or name in self._proxies else found.addCallback(_checked, name)


class AddressMiddleware:
    """Refuses answers that came from a private address after all, and says of names that lead to one what they are."""

    def __init__(self, proxies: frozenset[str]) -> None:
        self._proxies = proxies

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Off with ALLOW_PRIVATE_ADDRESSES, and for a replay, which connects to nobody."""
        if is_allowed(crawler.settings):
            raise NotConfigured
        return cls(proxy_hosts())

    def process_response(self, request: Request, response: Response) -> Response:
        """The answer as it is. Raises ReadError (`private`)."""
        if response.ip_address is not None and not request.meta.get("proxy") and (why := why_private(str(response.ip_address))):
            raise _refused(request.url, str(response.ip_address), why)
        return response

    async def process_exception(self, request: Request, exception: Exception) -> None:
        """Raises ReadError (`private`) in place of an error that says the name has no address."""
        if isinstance(exception, CannotResolveHostError) and not request.meta.get("proxy"):
            await check_host(request.url)


def is_allowed(settings: BaseSettings) -> bool:
    """Whether private addresses may be connected to."""
    return settings.getbool(SETTING) or bool(settings.get("REPLAY"))


async def check_host(url: str) -> None:
    """Raises ReadError (`private`) where the host of a URL has any private address; a host without an address passes."""
    try:
        host = urlsplit(url).hostname or ""
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, ValueError):
        return
    for *_, place in found:
        if why := why_private(str(place[0])):
            raise _refused(url, str(place[0]), why)


def proxy_hosts() -> frozenset[str]:
    """The hosts of the proxies that the environment names."""
    hosts = []
    for address in getproxies().values():
        try:
            hosts.append(urlsplit(address if "://" in address else f"http://{address}").hostname)
        except ValueError:
            continue
    return frozenset(h for h in hosts if h)


def _checked(address: str, name: str) -> str:
    if why := why_private(address):
        raise DNSLookupError(f"{name} is {address}, {why}")
    return address


def _refused(url: str, address: str, why: str) -> ReadError:
    host = urlsplit(url).hostname
    name = address if host == address else f"{host} is {address}"
    return ReadError("private", f"{name}: {why}; not connected to (setting {SETTING})", url=url)
