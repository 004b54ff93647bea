"""One JSON line an event, on standard error.

A line holds what happened, never who wrote what: no bodies, no names, no query strings. Personal data that never
enters the logs need not be protected there. Elsewhere: `structlog.get_logger(__name__).info("sweep_done", warned=3)`.
"""

import json
import logging.config
import re
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from functools import cache
from typing import Any

import structlog
from django.http import HttpRequest
from django.http.response import HttpResponseBase

_NUMBER = re.compile(r"[A-Z]{2}[0-9]{10}|[0-9]{1,6}|", re.ASCII)
"""Parts of an address that say nothing of anybody: a case's number, a place in a list."""


def _place_of_error(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Keep an error's kind and place, drop its words: "Key (id_number)=(6501…)" would be personal data."""
    given = event.pop("exc_info", None)
    if not given:
        return event
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["error"] = type(error).__qualname__
        event["trace"] = [
            f"{frame.f_globals.get('__name__', '?')}.{frame.f_code.co_name}:{line}"
            for frame, line in traceback.walk_tb(error.__traceback__)
        ][-12:]
    return event


def _without_given_words(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Keep of a library's message what its programmer wrote: what is put into it may have come with a request.

    An address or header that couldn't be accepted is such: "Forbidden (%s): %s", "Invalid HTTP_HOST header: …".
    """
    record = event.get("_record")
    if record is not None:
        if record.name.startswith("django.security") and not record.args:
            event["event"] = "refused"  # put together already, from what was sent
        elif record.args and not all(isinstance(a, int | float) for a in _values(record.args)):
            event["event"] = str(record.msg)
    return event


def _values(args: Any) -> Iterable[Any]:
    return args.values() if isinstance(args, Mapping) else args


def _in_order(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    first = {key: event.pop(key) for key in ("timestamp", "level", "event") if key in event}
    return {"time": first.pop("timestamp", None), **first, **event}


_BEFORE: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="%Y-%m-%dT%H:%M:%S.%f%z", utc=False),
]


def configure(level: str) -> None:
    """Send our own events and every library's messages through the same line."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_BEFORE,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "line": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": [*_BEFORE, _without_given_words],
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        _place_of_error,
                        _in_order,
                        structlog.processors.JSONRenderer(serializer=json.dumps, ensure_ascii=False),
                    ],
                }
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
            "root": {"handlers": ["stderr"], "level": level},
            "loggers": {
                # Statements carry the values they were called with.
                "django.db.backends": {"level": "WARNING"},
                # Every refusal and missing page is already one line of the request log.
                "django.request": {"level": "ERROR"},
                # It announces itself at every command, and each good sign-in twice.
                "axes": {"level": "WARNING"},
                # So does it, in the middle of what a command prints.
                "pikepdf": {"level": "WARNING"},
            },
        }
    )


def address_for_log(path: str) -> str:
    """Return the path without what people may have typed into it.

    Somebody may write a name or an ID number in place of a case's number.
    """
    words = _words_of_addresses()
    return "/".join(part if part in words or _NUMBER.fullmatch(part) else "…" for part in path.split("/")[:9])


@cache
def _quiet_paths() -> tuple[str, str]:
    """Return the beginnings of paths that are asked so often that they are logged at the level DEBUG only."""
    from django.conf import settings  # settings configure the logs before there are any
    from django.urls import reverse

    return settings.STATIC_URL, reverse("healthz")


@cache
def _words_of_addresses() -> frozenset[str]:
    """Return the fixed parts of every address, and the codes of steps."""
    from django.urls import get_resolver  # settings configure the logs before there are addresses

    from xinfang.procedure.steps import STEPS

    def routes(patterns: Iterable[Any]) -> Iterator[str]:
        for p in patterns:
            yield str(p.pattern)
            yield from routes(getattr(p, "url_patterns", ()))

    found = {part for route in routes(get_resolver().url_patterns) for part in route.split("/") if "<" not in part}
    return frozenset(found | set(STEPS))


class RequestLogMiddleware:
    """One line a request: how, where, the answer, how long, and the number (not the name) of who asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.log = structlog.get_logger("xinfang.request")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request, and log it: method, path, status, milliseconds and the user's primary key."""
        started = time.perf_counter()
        response = self.get_response(request)
        # Only a user who was already looked up: logging must not ask the database, or touch the session.
        user = getattr(request, "_cached_user", None)
        write = self.log.debug if request.path.startswith(_quiet_paths()) else self.log.info
        write(
            "request",
            method=request.method,
            path=address_for_log(request.path),
            status=response.status_code,
            ms=round((time.perf_counter() - started) * 1000),
            user=getattr(user, "pk", None),
        )
        return response
