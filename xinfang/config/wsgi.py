"""What the web server calls."""

import gc
import os
from collections.abc import Iterable
from typing import Any

from xinfang.vault import data_folder

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinfang.config.settings")
# Another web server (gunicorn, granian) may load this without `xinfang serve`: it is refused in the same way,
# and nothing is left behind.
data_folder.defer_creation()

import structlog  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402

_pages = get_wsgi_application()

from django.conf import settings  # noqa: E402
from django.db import OperationalError, connections  # noqa: E402
from django.urls import reverse  # noqa: E402

from xinfang.core import installation  # noqa: E402
from xinfang.core.database import take_into_use  # noqa: E402

_log = structlog.get_logger(__name__)
_proven = False


def _prove() -> bool:
    """Tell whether the database is the one that the settings mean; False where it can't be asked at the moment.

    Raises:
        OtherMode: it is a database of another mode.
        NotSetUp: it isn't set up.
    """
    global _proven
    if not _proven and settings.PART == "window":
        take_into_use()
        _proven = True
    if not _proven:
        try:
            installation.require_this_installation()
            take_into_use()
            _proven = True
        except OperationalError:
            _log.error("database_away")
        finally:
            connections.close_all()
    return _proven


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer a request, once the database was there and has proven to be the right one; until then with 503."""
    # What watches the machine is told what is wrong, also while the database is away.
    if environ.get("PATH_INFO") == reverse("healthz") or _prove():
        return _pages(environ, start_response)
    start_response("503 Service Unavailable", [("Content-Type", "text/plain; charset=utf-8"), ("Retry-After", "10")])
    return ["数据库暂时连接不上，没有保存任何内容。请稍后再试。".encode()]


# A database of another mode ends the server here, before it has answered anybody.
_prove()

# The program's own objects live as long as the process: the collector need not look through them again and again,
# and a page's objects are mostly gone before it would look.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
