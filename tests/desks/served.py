"""The desks served to a real browser: the test's own database behind them, the page's policy before them."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from unittest import mock
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright

from headless import launched
from live_database import override_settings, settings

PATIENCE = 30
"""Seconds that something may take on a busy machine; what is there sooner is seen sooner."""
expect.set_options(timeout=PATIENCE * 1000)


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's name
        del format, args


class _Kept(StaticFilesHandler):
    """Gives scripts and styles to be kept, as they are where their names tell their contents."""

    def serve(self, request: HttpRequest) -> HttpResponseBase:
        answer = super().serve(request)
        answer.headers["Cache-Control"] = "max-age=3600"
        return answer


@contextmanager
def served() -> Iterator[str]:
    """Serve until the block ends; gives the address. The block's database is whatever the test's fixture opened."""
    application = _Kept(get_wsgi_application())

    def answer(environ: dict[str, object], start: Callable[..., object]) -> object:
        try:
            return application(environ, start)
        finally:
            connections.close_all()

    with (
        override_settings(ALLOWED_HOSTS=["127.0.0.1", "testserver"]),
        make_server("127.0.0.1", 0, answer, server_class=_Server, handler_class=_Quiet) as server,  # type: ignore[arg-type]  # typed for plain WSGI
    ):
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def chromium(*args: str) -> Iterator[Browser]:
    """Debian's own. Playwright runs a loop in this thread, in which Django would ask a database nothing."""
    with mock.patch.dict(os.environ, {"DJANGO_ALLOW_ASYNC_UNSAFE": "1"}), sync_playwright() as playwright:
        browser = launched(playwright, *args)
        try:
            yield browser
            browser.close()
        finally:
            # The loop has connections of its own, which would stay open on a database that is gone for the next one.
            connections.close_all()


@contextmanager
def emptied(browser: Browser) -> Iterator[Browser]:
    """A browser of several tests, in which nothing of one is left for the next: the block's windows are closed."""
    try:
        yield browser
    finally:
        for context in browser.contexts:
            context.close()
        connections.close_all()


def context_of(browser: Browser, address: str, who: Client, **more: object) -> BrowserContext:
    """A window in which whoever is signed in in `who` is signed in."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN", **more)  # type: ignore[arg-type]  # playwright's words
    cookie = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": cookie, "value": who.cookies[cookie].value, "url": address}])
    return context


def watched(page: Page) -> list[str]:
    """Everything that the page's console complains of from now on."""
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    return faults


def _holds(page: Page, condition: str) -> bool:
    try:
        return bool(page.evaluate(condition))
    except Error as fault:
        # On the way from one page to the next there is none to be asked.
        if "context was destroyed" in str(fault):
            return False
        raise


def wait(page: Page, condition: str) -> None:
    """Until the script's condition holds; playwright's own way is refused by the page's policy, as eval is."""
    until = time.monotonic() + PATIENCE
    while not _holds(page, condition):
        assert time.monotonic() < until, condition
        page.wait_for_timeout(20)
