"""Is the program able to work? Asked by the machine's supervisor, not by people."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from xinfang.records.storage import room_left


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 if the database answers, every migration is applied and the disk has room; otherwise 503 and what is wrong."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return JsonResponse({"ok": False, "database": False}, status=503)
    if waiting:
        return JsonResponse({"ok": False, "database": True, "migrations_waiting": len(waiting)}, status=503)
    if not room_left():
        told = {"ok": False, "database": True, "migrations_waiting": 0, "disk": "full", "says": "磁盘空间不足"}
        return JsonResponse(told, status=503, json_dumps_params={"ensure_ascii": False})
    return JsonResponse({"ok": True, "database": True, "migrations_waiting": 0})
