"""One JSON line an event, on standard error.

A line holds what happened, never who wrote what: no bodies, no names, no query strings. Personal data that never
enters the logs need not be protected there. Elsewhere: `structlog.get_logger(__name__).info("sweep_done", warned=3)`.
"""

import json
import logging.config
import sys
import time
import traceback
from collections.abc import Callable, MutableMapping
from typing import Any

import structlog
from django.http import HttpRequest
from django.http.response import HttpResponseBase

_QUIET_PATHS = ("/static/", "/healthz")


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
                    "foreign_pre_chain": _BEFORE,
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
            },
        }
    )


class RequestLog:
    """One line a request: how, where, the answer, how long, and the number (not the name) of who asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.log = structlog.get_logger("xinfang.request")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        response = self.get_response(request)
        # Only a user who was already looked up: logging must not ask the database, or touch the session.
        user = getattr(request, "_cached_user", None)
        write = self.log.debug if request.path.startswith(_QUIET_PATHS) else self.log.info
        write(
            "request",
            method=request.method,
            path=request.path,
            status=response.status_code,
            ms=round((time.perf_counter() - started) * 1000),
            user=getattr(user, "pk", None),
        )
        return response
