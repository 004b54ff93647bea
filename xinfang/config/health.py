"""Is the program able to work? Asked by the machine's supervisor, not by people."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 if the database answers and every migration is applied; otherwise 503 and which of the two is missing."""
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
    return JsonResponse({"ok": True, "database": True, "migrations_waiting": 0})
