"""The download handler of pages that need a browser: scrapy-playwright, with limits.

request -> BrowserHandler -> a page, its View -> goto -> settle: (consent) -> take -> Response
    any redirect, by the server or by a script -> 302, for Scrapy to judge as that of a plain page
    anything else that fails -> ReadError, or the error that a plain download would have raised
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import urldefrag

from playwright.async_api import Browser, CDPSession, Page, Route
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Request as PlaywrightRequest
from playwright.async_api import Response as PlaywrightResponse
from playwright.async_api import TimeoutError as PlaywrightTimeoutError
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, DownloadConnectionRefusedError, DownloadFailedError, DownloadTimeoutError
from scrapy.http import HtmlResponse, Response
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
from scrapy_playwright.page import PageMethod
from scrapy_playwright.provider import PlaywrightBrowserProvider

from newswatch.errors import ReadError
from newswatch.politeness.connecting import check_host, is_allowed
from newswatch.sites import Consent
from newswatch.spiders.offsite import redirect_target
from newswatch.spiders.site import SiteSpider

LOAD_LIMIT, QUIET_LIMIT, WALL_LIMIT, CLOSE_LIMIT, STILL = 10.0, 3.0, 2.0, 5.0, 0.5
"""Seconds: for scripts to load, for their requests to end, for a wall to show, for a page to close; in which it must not grow."""
RELOADS = 3

_TAKE = """(() => {
    const page = document.documentElement?.outerHTML ?? "";
    return {size: page.length, url: location.href, page: page.length > LARGEST ? "" : page.toWellFormed()};
})()"""
"""Half characters, which no encoding takes, are replaced: scripts cut emoji in two."""

_NOT_OURS = ("etag", "last-modified", "content-length", "content-encoding", "transfer-encoding", "set-cookie")
"""Headers of the answer that say nothing of the page that scripts made of it."""


class OnDemand(PlaywrightBrowserProvider):  # type: ignore[misc]
    """PLAYWRIGHT_BROWSER_PROVIDER: Playwright's driver starts with the first page, not with the crawl."""

    async def start(self) -> None:
        """Nothing yet."""

    async def launch_browser(self) -> Browser:
        """The driver, then the browser."""
        if self.browser_type is None:
            await super().start()
        browser: Browser = await super().launch_browser()
        return browser


class BrowserHandler(ScrapyPlaywrightDownloadHandler):  # type: ignore[misc]
    """Requests with `playwright` in their meta through Chromium, all others as Scrapy does."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._spiders = crawler
        self._largest = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        # for a page in all: a script that never ends keeps the navigation's own limit from being seen
        self._limit = 2 * crawler.settings.getint("PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT") / 1000
        self._allows_private = is_allowed(crawler.settings)
        self._asks_plain = True
        self._turn = asyncio.Lock()  # one page at a time; Scrapy 2.19 lets several pass where DOWNLOAD_DELAY is 0

    async def download_request(self, request: Request) -> Response:
        """The page as its scripts left it. Raises ReadError and Scrapy's errors of downloads; the page is closed in every case."""
        if not request.meta.get("playwright"):
            plain: Response = await super().download_request(request)
            return plain
        if not self._allows_private:
            await check_host(request.url)
        async with self._turn:
            try:
                return await self._show(request)
            except PlaywrightError as error:
                if not self._asks_plain or "ERR_CONTENT_DECODING_FAILED" not in str(error):
                    raise _told(error, request.url, self._limit) from error
                self._asks_plain = False  # a server that compresses whatever it is asked
            try:
                return await self._show(request)
            except PlaywrightError as error:
                raise _told(error, request.url, self._limit) from error

    async def _show(self, request: Request) -> Response:
        """One try. Raises PlaywrightError too."""
        spider = self._spiders.spider
        assert isinstance(spider, SiteSpider)
        view = View(spider.site.consent, self._largest, asks_plain=self._asks_plain)
        request.meta.update(_meta(request, view, spider.site.language))
        shown: Response | None = None
        try:
            async with asyncio.timeout(self._limit) as limit:
                view.give_up = lambda: limit.reschedule(0)
                shown = await super().download_request(request)
        except (PlaywrightError, TimeoutError, RuntimeError) as error:
            view.is_stuck = isinstance(error, TimeoutError | PlaywrightTimeoutError)
            is_page = view.html and isinstance(error, RuntimeError)  # it also offered a file, which was refused
            if view.target is None and not is_page:
                if isinstance(error, PlaywrightError) and not view.is_cut:
                    raise
                raise (_cut(request.url) if view.is_cut else _told(error, request.url, self._limit)) from error
        finally:
            await view.close()
        if view.target is not None:
            return Response(request.url, status=302, headers={"Location": view.target})
        page = _whole(request, view, self._largest)
        return page.replace(ip_address=shown.ip_address) if shown is not None else page


class View:
    """One page of the browser while a request is answered: where it is led, the wall before it, what it shows in the end."""

    def __init__(self, consent: Consent | None, largest: int, *, asks_plain: bool) -> None:
        self.target: str | None = None
        """Where the page is redirected to, by the server or by a script; it does not go there."""
        self.url, self.html = "", ""
        """The page when it was done."""
        self.status, self.headers = 0, dict[str, str]()
        """Of the page's answer; names in lower case."""
        self.is_guarded = False
        self._consent = consent
        self._largest = largest
        self._page: Page | None = None
        self._first: str | None = None
        self._loads = 0
        self._asks_plain = asks_plain
        self.is_cut = False
        """The page ended early: a browser shows what came of it."""
        self.is_stuck = False
        """It did not come to an end in time: a script of it may run for ever."""
        self.give_up: Callable[[], None] = lambda: None

    async def prepare(self, page: Page, request: Request) -> None:
        """`playwright_page_init_callback`: before the page goes anywhere. Dialogs are dismissed by Playwright itself."""
        self._page, self._first, self._loads = page, None, 0
        page.on("popup", _close)
        page.on("requestfailed", self._on_failed)
        page.on("response", self._on_response)
        await page.route("**", self._on_route)
        self._cdp = await page.context.new_cdp_session(page)
        self._frame = (await self._cdp.send("Page.getFrameTree"))["frameTree"]["frame"]["id"]
        self._cdp.on("Fetch.requestPaused", self._on_answer)
        await self._cdp.send("Fetch.enable", {"patterns": [{"resourceType": "Document", "requestStage": "Response"}]})
        if self._asks_plain:  # Chromium takes a compressed page that ends early for a whole one
            await self._cdp.send("Network.enable")
            await self._cdp.send("Network.setExtraHTTPHeaders", {"headers": {"Accept-Encoding": "identity"}})
        self.is_guarded = True

    async def settle(self, page: Page) -> None:
        """A PageMethod: waits until the page is done, clicks the wall away where the site file says so, takes the page."""
        if not self.is_guarded:
            raise ReadError("internal", "the browser's page could not be guarded", url=page.url)
        await _quiet(page)
        if self._consent and self.target is None and await _click(page, self._consent):
            await _quiet(page)
            await _still(page)
        if self.is_cut:
            raise _cut(page.url)
        if self.target is None:
            await self._take()
        await page.goto("about:blank")  # scrapy-playwright waits for what still loads, and copies a page of any size

    async def close(self) -> None:
        """Closes the page, if there is one that is open; one that is stuck with its whole context, whose process the next would share."""
        if self._page is not None and (self.is_stuck or not self._page.is_closed()):
            with suppress(PlaywrightError, TimeoutError):
                await asyncio.wait_for(self._page.context.close() if self.is_stuck else self._page.close(), CLOSE_LIMIT)

    async def _on_route(self, route: Route) -> None:
        """A page that leaves for another address is stopped, and the address noted; whatever else goes on to the Guard."""
        request = route.request
        with suppress(PlaywrightError):
            if not _is_page(request):
                await route.fallback()
                return
            url, self._loads = urldefrag(request.url).url, self._loads + 1
            self._first = self._first or url
            if url == self._first and self._loads <= RELOADS:
                await route.fallback()
                return
            self.target = self.target or url
            await route.abort("blockedbyclient")

    async def _on_answer(self, event: Any) -> None:
        """A redirect of the page itself is not followed: Scrapy asks robots.txt and the site file first."""
        request_id, status = event["requestId"], event.get("responseStatusCode") or 0
        locations = [h["value"] for h in event.get("responseHeaders", []) if h["name"].lower() == "location"]
        with suppress(PlaywrightError):
            if event["frameId"] == self._frame and 300 <= status < 400 and locations:
                self.target = redirect_target(event["request"]["url"], locations[0])
                await self._cdp.send("Fetch.failRequest", {"requestId": request_id, "errorReason": "BlockedByClient"})
            else:
                await self._cdp.send("Fetch.continueResponse", {"requestId": request_id})
                if self._asks_plain and event["frameId"] == self._frame:
                    await self._cdp.send("Network.setExtraHTTPHeaders", {"headers": {}})  # its scripts may come compressed

    def _on_response(self, response: PlaywrightResponse) -> None:
        if _is_page(response.request):
            self.status, self.headers = response.status, dict(response.headers)

    def _on_failed(self, request: PlaywrightRequest) -> None:
        if _is_page(request) and request.failure in ("net::ERR_CONTENT_LENGTH_MISMATCH", "net::ERR_INCOMPLETE_CHUNKED_ENCODING"):
            self.is_cut = True
            self.give_up()

    async def _take(self) -> None:
        """Notes the page as it stands; in a world of its own, where the page's scripts cannot lie about it."""
        world = await self._cdp.send("Page.createIsolatedWorld", {"frameId": self._frame})
        script = _TAKE.replace("LARGEST", str(self._largest))
        arguments = {"expression": script, "contextId": world["executionContextId"], "returnByValue": True}
        found = (await self._cdp.send("Runtime.evaluate", arguments))["result"].get("value")
        if found is None or not found["url"].startswith("http"):
            return
        if found["size"] > self._largest:
            raise _too_large(found["url"], self._largest)
        self.url, self.html = found["url"], found["page"]

    _cdp: CDPSession
    _frame: str


def _meta(request: Request, view: View, language: str) -> dict[str, Any]:
    """What scrapy-playwright reads of a request. The context, and with it every cookie, ends with the crawl."""
    agent = (request.headers.get(b"User-Agent") or b"").decode("latin-1")
    return {
        "playwright_page_init_callback": view.prepare,
        "playwright_page_methods": [PageMethod(view.settle)],
        "playwright_page_goto_kwargs": {"wait_until": "domcontentloaded"},
        "playwright_context_kwargs": {
            "accept_downloads": False,
            "service_workers": "block",
            "locale": language,
            **({"user_agent": agent} if agent else {}),
        },
    }


def _is_page(request: PlaywrightRequest) -> bool:
    """Whether a request of the browser is for the page itself, not for something in it."""
    try:
        return request.is_navigation_request() and request.frame.parent_frame is None
    except PlaywrightError:  # a frame that is not there yet, or no more
        return False


async def _quiet(page: Page) -> None:
    """Waits until the page is loaded and asks for nothing more, or has had its time."""
    with suppress(PlaywrightTimeoutError):
        await page.wait_for_load_state("load", timeout=LOAD_LIMIT * 1000)
        await page.wait_for_load_state("networkidle", timeout=QUIET_LIMIT * 1000)


async def _still(page: Page) -> None:
    """Waits until the page does not grow any more, QUIET_LIMIT at most: after a click, "networkidle" is that of before it."""
    size, deadline = -1, asyncio.get_running_loop().time() + QUIET_LIMIT
    while asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(STILL)
        now = int(await page.evaluate("document.documentElement.outerHTML.length"))
        if now == size:
            return
        size = now


async def _click(page: Page, consent: Consent) -> bool:
    """Clicks the wall's button, if it shows within WALL_LIMIT; False where it does not: it was clicked before."""
    where = page.frame_locator(consent.frame) if consent.frame else page
    button = where.locator(consent.click).first
    try:
        await button.wait_for(state="visible", timeout=WALL_LIMIT * 1000)
        await button.click(timeout=LOAD_LIMIT * 1000)
        await button.wait_for(state="hidden", timeout=QUIET_LIMIT * 1000)
    except PlaywrightTimeoutError:
        return False
    return True


async def _close(page: Page) -> None:
    with suppress(PlaywrightError):
        await page.close()


def _cut(url: str) -> ReadError:
    return ReadError("truncated", "the page ended early", url=url)


def _too_large(url: str, largest: int) -> ReadError:
    return ReadError("too_large", f"the page that its scripts made is larger than DOWNLOAD_MAXSIZE ({largest} bytes)", url=url)


def _whole(request: Request, view: View, largest: int) -> Response:
    """The page as it was taken, in UTF-8, without headers that speak of another body. Raises ReadError (`not_html`, `too_large`)."""
    if not view.html:
        raise ReadError("error_page", "the browser shows no page", url=request.url)
    kind = view.headers.get("content-type", "")
    if kind and "html" not in kind.lower():  # a browser makes a page of anything: a viewer, a <pre>
        raise ReadError("not_html", f"not a web page ({kind})", url=view.url)
    body = f"<!DOCTYPE html>{view.html}".encode()
    if len(body) > largest:
        raise _too_large(view.url, largest)
    headers = {name: value for name, value in view.headers.items() if name not in _NOT_OURS}
    return HtmlResponse(view.url, status=view.status, headers=headers, body=body, encoding="utf-8", request=request, flags=["playwright"])


def _told(error: Exception, url: str, limit: float) -> Exception:
    """The error that a plain download would have raised."""
    text = str(error).splitlines()[0].removeprefix("Page.goto: ") if str(error) else "no answer"
    if isinstance(error, TimeoutError | PlaywrightTimeoutError):
        seconds = limit if isinstance(error, TimeoutError) else limit / 2
        return DownloadTimeoutError(f"the browser had no page after {seconds:g} s")
    if "ERR_NAME_NOT_RESOLVED" in text:
        return CannotResolveHostError(text)
    if "ERR_CONNECTION_REFUSED" in text:
        return DownloadConnectionRefusedError(text)
    if isinstance(error, RuntimeError) and "download" in text:
        return ReadError("not_html", "the browser was given a file to keep, not a page", url=url)
    return DownloadFailedError(f"the browser: {text}")
