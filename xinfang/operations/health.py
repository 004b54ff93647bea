"""Is the program able to work? Asked by the machine's supervisor, not by people."""

from collections.abc import Iterator
from pathlib import Path

import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from xinfang.audit.seals import misdated_seals
from xinfang.core.disk_full import has_room_left
from xinfang.proof.seal_places import seal_places
from xinfang.trusted_time import queries as trusted_time
from xinfang.vault import data_folder
from xinfang.vault.keys import KeyMissing, keyring_on_disk
from xinfang.vault.sm_ciphers import DecryptionFailed
from xinfang.vault.wrapped_keys import COLUMN, models_with_wrapped_keys, rows_with_keys

_log = structlog.get_logger(__name__)


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 if the program is able to work, otherwise 503 and what is wrong.

    It is if the database answers, every migration is applied, the master keys open what is in it, the clock is
    believed, nobody else can read the data folder, and its disk has room. Of keys and files the answer says neither
    names nor places, as anybody may ask. Those are in the log.
    """
    told: dict[str, object] = {"ok": False, "database": True}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
        executor = MigrationExecutor(connection)
        told["migrations_waiting"] = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if told["migrations_waiting"]:
            return _unwell(told)
        if wrong := _wrong_with_keys():
            return _unwell(told | {"keys": False, "says": wrong})
        told["keys"] = True
        places = seal_places()
        if remarks := [*misdated_seals(), *(place.late for place in places if place.late)]:
            # No reason to send people away: the next seals are made, and nothing can take a wrong one back.
            told["remarks"] = remarks
        told["seals_sent"] = max((p.sent_at for p in places if p.sent_at), default=None)
        if doubt := trusted_time.clock_doubt():
            return _unwell(told | {"clock": False, "says": doubt.sentence})
        told["clock"] = True
    except DatabaseError:
        return _unwell({"ok": False, "database": False})
    if found := data_folder.problem_with(Path(settings.DATA), besides=Path(settings.KEYS_DIR)):
        _log.error("data_folder_open", why=found[0])
        return _unwell(told | {"folder": False, "says": "数据文件夹或其中的文件对其他用户开放"})
    if not has_room_left():
        return _unwell(told | {"disk": "full", "says": "磁盘空间不足"})
    return JsonResponse(told | {"ok": True}, json_dumps_params={"ensure_ascii": False})


def _unwell(told: dict[str, object]) -> JsonResponse:
    return JsonResponse(told, status=503, json_dumps_params={"ensure_ascii": False})


def _wrong_with_keys() -> str:
    """Return why the personal data couldn't be read after the next start, or nothing.

    Of each table only the oldest and the newest key are tried, which takes no time; `xinfang key show` counts them all.
    """
    try:
        ring = keyring_on_disk()
        for label, wrapped in _samples():
            try:
                ring.unwrap(wrapped)
            except DecryptionFailed:
                _log.error("keys_do_not_fit", table=label)
                return "主密钥与数据库不符"
    except KeyMissing as e:
        _log.error("keys_missing", why=str(e))
        return "主密钥缺失或不能使用"
    return ""


def _samples() -> Iterator[tuple[str, bytes]]:
    """Yield wrapped record keys: the oldest and the newest of each kind of record."""
    for model in models_with_wrapped_keys():
        keys = rows_with_keys(model).values_list(COLUMN, flat=True)
        for order in ("pk", "-pk"):
            wrapped = keys.order_by(order).first()
            if wrapped is not None:
                yield model._meta.label, bytes(wrapped)
