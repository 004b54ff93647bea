"""Who is at the window: one case, proven by number, code and second proof, for half an hour.

Kept in a signed cookie that names the case and nothing about a person; it reaches addresses of the window only, so it
opens nothing of the desk, and the desk's cookie opens nothing here.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from xinfang.procedure.facts import Actor, DutyHeld
from xinfang.procedure.step_schema import StaffCode
from xinfang.procedure.words import Role

from .submission import is_waiting_number

COOKIE = "xinfang_window"
MINUTES = 30
"""After so long without a request the proof is asked for once more."""
_SALT = "xinfang.window"


@dataclass(frozen=True, slots=True)
class ProvenCase:
    """The case that somebody proved to be theirs. `person`: as which of its people, counted from 1.

    `own_secret`: whether they know a secret that the office never saw. `form`: the key of the form by which they have
    just submitted it, so that its receipt can be shown again.
    """

    number: str
    person: int = 1
    own_secret: bool = False
    form: str = ""

    @property
    def waits(self) -> bool:
        """Whether it is the number of a submission, which may have no case yet."""
        return is_waiting_number(self.number)

    @property
    def actor(self) -> Actor:
        """The petitioner, as steps know them."""
        return petitioner(self.number, self.person, own_secret=self.own_secret)


def petitioner(number: str = "", person: int = 0, *, own_secret: bool = False) -> Actor:
    """Return a petitioner, of no case before they have submitted one."""
    duty = (DutyHeld(Role.PETITIONER),)
    return Actor(StaffCode(""), "信访人", duty, case=number, person=person, own_secret=own_secret)


def read(request: HttpRequest) -> ProvenCase | None:
    """Return the case that this browser has proven; None where it has none, or the time is over."""
    try:
        kept: list[Any] = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=MINUTES * 60)
        return ProvenCase(*kept)
    except (signing.BadSignature, TypeError):
        return None


def keep(response: HttpResponseBase, proven: ProvenCase) -> None:
    """Keep the proof for another half hour."""
    value = signing.dumps([proven.number, proven.person, proven.own_secret, proven.form], salt=_SALT)
    response.set_cookie(
        COOKIE,
        value,
        max_age=MINUTES * 60,
        path=reverse("window"),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Strict",
    )


def end(response: HttpResponseBase) -> None:
    """Take everything of the window off this browser: its cookie, what it cached, what was kept as a draft."""
    response.delete_cookie(COOKIE, path=reverse("window"), samesite="Strict")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
