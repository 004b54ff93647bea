"""Is the program able to work? Asked by the machine's supervisor, not by people."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from xinfang.audit.seals import misdated_seals
from xinfang.proof.seal_places import seal_places

from .check import Check, Severity
from .queries import checks

_REGULAR = ("sweep", "seal", "backup", "rehearsal")


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 if the program is able to work, otherwise 503 and what is wrong.

    It is if the database answers, every migration is applied, the master keys open what is in it, the clock is
    believed, nobody else can read the data folder, and its disk has room. What has stopped beside the pages (a sweep,
    a seal, a backup, mail …) sends nobody away: `faults` names it, `seconds_since` says how long ago each was. Of keys
    and files the answer says neither names nor places, as anybody may ask. Those are in the log.
    """
    found = {check.code: check for check in checks()}
    told: dict[str, object] = {"ok": False, "database": not _is_fault(found, "database")}
    if not told["database"]:
        return _answer(told, 503)
    told["migrations_waiting"] = found["migrations"].measured
    if _is_fault(found, "migrations"):
        return _answer(told, 503)
    for code in ("keys", "clock", "folder"):
        if _is_fault(found, code):
            return _answer(told | {code: False, "says": found[code].says}, 503)
        told[code] = True
    places = seal_places()
    if remarks := [*misdated_seals(), *(place.late for place in places if place.late)]:
        # No reason to send people away: the next seals are made, and nothing can take a wrong one back.
        told["remarks"] = remarks
    told["seals_sent"] = max((p.sent_at for p in places if p.sent_at), default=None)
    if _is_fault(found, "disk"):
        return _answer(told | {"disk": "full", "says": "磁盘空间不足"}, 503)
    told["faults"] = [code for code in found if _is_fault(found, code)]
    told["seconds_since"] = {
        code: round(found[code].measured or 0) for code in _REGULAR if found[code].measured is not None
    }
    return _answer(told | {"ok": True}, 200)


def _is_fault(found: dict[str, Check], code: str) -> bool:
    return code in found and found[code].level is Severity.FAULT


def _answer(told: dict[str, object], status: int) -> JsonResponse:
    return JsonResponse(told, status=status, json_dumps_params={"ensure_ascii": False})
