"""How we run newswatch: every setting that is not Scrapy's own default, and why. Yours go into settings/local.py."""

import sys
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# --- yours
CONTACT = ""  # a URL or an e-mail address; a site's people can reach you there. Without it no live site is crawled.
DATABASE = ROOT / "data" / "newswatch.db"
WATCHLISTS_DIR = ROOT / "settings" / "watchlists"
SITES_DIR = ROOT / "settings" / "sites"
WATCH_FILE = ROOT / "settings" / "watch.toml"  # the sites that scrapy watch watches
ALERTS_FILE = ROOT / "settings" / "alerts.toml"  # who hears of whom: see docs/set-up-alerts.md
MAIL_DATABASE = None  # recipients and mails; None: mail.db beside DATABASE
PAGES_DIR = ROOT / "tests" / "pages"  # frozen pages: see scrapy freeze
REPLAY = None  # a WARC file, or a folder of them, to crawl from instead of the network
ARCHIVE = True  # every page that is read is kept as it came; a site file says `archive = false` for itself
ARCHIVE_DAYS = None  # after how many days kept pages are removed; None: never
WARC_DIR = None  # where they are kept; None: in the folder warc beside DATABASE
# Many sites reserve their texts from text and data mining (§ 44b (3) UrhG, Art. 4 (3) of Directive (EU) 2019/790): by a header,
# a meta tag, tdmrep.json, or a robots.txt that shuts out AI crawlers. Of what is reserved newswatch keeps title, dates and
# mentions with a short passage; no text, and no page in the archive. Whether you may keep more, only you can know: research
# organisations may for scientific research, reserved or not (§ 60d UrhG, Art. 3); others need a licence or the site's consent.
# Then write here on what ground, or for one site `legal_ground = "..."` into its file; for example
# TDM_GROUND = "§ 60d UrhG: research on ... at the university of ..."
TDM_GROUND = None
RENDER_EMPTY_SECTIONS = False  # True: a section page without links is tried once more in a browser before it is a fault

# --- the house
BOT_NAME = "newswatch"
USER_AGENT = "newswatch/0.1"
COMMANDS_MODULE = "newswatch.commands"
SPIDER_LOADER_CLASS = "newswatch.spiders.loader.SiteSpiderLoader"
SPIDER_MODULES: list[str] = []
ITEM_PIPELINES = {
    "newswatch.pipelines.check.CheckPipeline": 100,
    "newswatch.pipelines.revise.RevisePipeline": 200,
    "newswatch.pipelines.mention.MentionPipeline": 300,
    "newswatch.pipelines.save.SavePipeline": 400,
}
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,  # allows all where robots.txt fails, knows no Crawl-delay
    "newswatch.politeness.visiting.VisitingMiddleware": 570,  # hears a Retry-After before the answer is retried (550)
    "newswatch.politeness.reserving.ReservingMiddleware": 594,  # marks what must not be archived (593)
    "newswatch.politeness.connecting.AddressMiddleware": 620,  # judges an answer's address before a redirect is followed
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # drops in silence; ours says what it refused
    "newswatch.spiders.offsite.OffSiteMiddleware": 610,  # sees a redirect before it is followed (600)
    "newswatch.spiders.whole.WholeBodyMiddleware": 595,  # sees the body before it is unpacked (590)
    "newswatch.spiders.archiving.ArchiveMiddleware": 593,  # keeps what is whole, before it is unpacked
    "newswatch.spiders.budget.BudgetMiddleware": 950,  # next to the downloader: counts what is asked for
}

# --- polite
ROBOTSTXT_OBEY = True
DOWNLOAD_DELAY = 5
REQUESTS_AN_HOUR = 600  # of a site, at most; the rest waits for the next hour. 0: no limit. A site file says requests_an_hour
CONCURRENT_REQUESTS_PER_DOMAIN = 1
CONCURRENT_REQUESTS = 1  # none waits in a queue to be sent though the site has asked for patience meanwhile
TDM_ASK = True  # /.well-known/tdmrep.json, once a day and host
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 5
AUTOTHROTTLE_MAX_DELAY = 60
COOKIES_ENABLED = False
RETRY_HTTP_CODES = [500, 502, 503, 504, 522, 524, 408]  # not 429: who says "too many" is left alone
RETRY_EXCEPTIONS = [  # not CannotResolveHostError: no network is no network
    "scrapy.exceptions.DownloadConnectionRefusedError",
    "scrapy.exceptions.DownloadFailedError",
    "scrapy.exceptions.DownloadTimeoutError",
    "scrapy.exceptions.ResponseDataLossError",
]
RETRY_TIMES = 1

# --- safe
ALLOW_PRIVATE_ADDRESSES = False  # nothing in your own network is connected to, wherever a page may lead; True for tests
TWISTED_DNS_RESOLVER = "newswatch.politeness.connecting.GuardedResolver"
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_MAXSIZE = 10 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_HANDLERS = {"file": None, "data": None, "ftp": None, "s3": None}  # http and https only
REDIRECT_MAX_TIMES = 5
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
HTTPERROR_ALLOW_ALL = True  # 304, 404 and 410 are results

# --- quiet: what goes wrong stands in the run's summary; -L INFO shows Scrapy's own log
LOG_LEVEL = "ERROR"

try:
    from settings.local import *  # noqa: F403
except Exception as error:
    if not isinstance(error, ModuleNotFoundError) or error.name != "settings.local":
        line = error.lineno if isinstance(error, SyntaxError) else traceback.extract_tb(error.__traceback__)[-1].lineno
        print(f"settings/local.py: line {line}: {error}. Text stands in quotes, as in CONTACT = \"desk@example.org\"", file=sys.stderr)
        sys.exit(78)
