"""On a real PostgreSQL: sign-in, lockout, a code used once, sessions under their hash, and a change by two people."""

import pytest
from django.core.management import call_command
from django.db import connections
from django.test import Client

from tests import postgres
from tests.urls import url
from tests.world import PASSWORD, confirm_changes, fresh_code, give_password, make_department, set_up_authenticators
from xinfang.accounts.actions import two_persons
from xinfang.accounts.models import SignIn, Staff, Unit
from xinfang.accounts.queries.actors import actor_of
from xinfang.core.clock import today
from xinfang.procedure.words import Role


@pytest.fixture(scope="module")
def server():
    with postgres.server() as description:
        yield description


def test_the_same_rules_hold(server, django_db_blocker) -> None:
    with django_db_blocker.unblock(), postgres.as_default(server):
        postgres.migrate()
        make_department()
        set_up_authenticators()
        guessing = [
            Client().post(url("login"), {"username": "clerk", "password": "wrong"}).status_code for _ in range(5)
        ]
        assert guessing == [422] * 4 + [429]
        admin, code = Client(), fresh_code("admin")
        for expected in (url("login-code"), url("inbox")):
            where = url("login") if expected == url("login-code") else url("login-code")
            answer = admin.post(where, {"username": "admin", "password": PASSWORD, "code": code})
            assert answer["Location"] == expected
        again = Client()
        again.post(url("login"), {"username": "admin", "password": PASSWORD})
        assert again.post(url("login-code"), {"code": code}).status_code == 422
        duty = {"do": "add-duty", "role": "handler", "unit": "funds", "since": today().isoformat()}
        assert admin.post(url("staff", "support"), duty).status_code == 302
        with pytest.raises(two_persons.AdminChangeRefused, match="正在等待"):
            data = {"role": "handler", "unit": "funds", "since": today().isoformat(), "until": ""}
            by = Staff.objects.get(username="admin")
            two_persons.propose_change("add_duty", Staff.objects.get(username="support"), by=by, **data)
        confirm_changes()
        assert actor_of(Staff.objects.get(username="support")).has(Role.HANDLER)
        half = give_password("handler")
        assert Client().post(url("login"), {"username": "handler", "password": half[:8]}).status_code == 422
        assert Client().post(url("login"), {"username": "handler", "password": half}).status_code == 302
        unit = {"unit": "funds", "leader": "leader2"}
        two_persons.propose_change("unit", Staff.objects.get(username="leader"), by=by, **unit)
        confirm_changes()
        assert Unit.objects.get(code="funds").leader.username == "leader2"
        stolen = Client()
        stolen.cookies = admin.cookies.copy()
        assert stolen.get(url("account")).status_code == 200
        admin.post(url("logout"))
        assert stolen.get(url("account")).status_code == 302
        assert SignIn.objects.get(staff__username="admin").ended_why == "left"
        call_command("check")
        assert connections["default"].vendor == "postgresql"
