"""The owner of an account is told of what happens to it, in words that help nobody else.

In 提醒 (by e-mail: tests/operations).
"""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.urls import url
from tests.world import PASSWORD, fresh_code, give_password
from xinfang.accounts.actions import accounts, owner_notices, people, second_factor, server_console
from xinfang.accounts.models import Authenticator, Staff, Unit
from xinfang.core.clock import today
from xinfang.notifications.models import Notification

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]
OWN = "Only-mine-2027"
DAY = timedelta(days=1)


def staff(username: str) -> Staff:
    return Staff.objects.get(username=username)


def told(username: str = "clerk") -> list[str]:
    """What this person was told about their account, oldest first, without the advice at the end."""
    texts = (
        Notification.objects.filter(staff=staff(username), kind=owner_notices.KIND)
        .order_by("id")
        .values_list("text", flat=True)
    )
    assert all("请立即告诉安全管理员和审计员" in t for t in texts)
    return [t.split("。")[0] for t in texts]


def come(username: str = "clerk", *, address: str = "10.1.2.3", agent: str = "Edg Windows") -> Client:
    client = Client(REMOTE_ADDR=address, headers={"user-agent": agent})
    assert client.post(url("login"), {"username": username, "password": PASSWORD}).status_code == 302
    return client


def test_of_a_password_of_their_own_and_of_one_that_was_given() -> None:
    people.set_password(staff("clerk"), OWN, by=staff("clerk"))
    assert told() == [owner_notices.OWN_CHOSEN]
    whole = give_password("clerk")
    assert told()[1:] == [owner_notices.PROPOSED, owner_notices.GIVEN]
    server_console.give_one_time_password(staff("auditor"), recovery="遗失")
    assert told("auditor") == [owner_notices.GIVEN_AT_THE_SERVER]
    kept = str(list(Notification.objects.values_list("text", flat=True)))
    assert whole not in kept and whole[:8] not in kept and whole[8:] not in kept


def test_of_the_second_factor_and_the_recovery_codes() -> None:
    client = come()
    second_factor.begin_setup(staff("clerk"))
    Authenticator.objects.update(confirmed_at=timezone.now())
    accounts.renew_recovery_codes(staff("clerk"))
    accounts.disable_own_second_factor(staff("clerk"))
    accounts.reset_second_factor(staff("clerk"), by=None)
    assert told() == [
        owner_notices.RECOVERY_CODES,
        owner_notices.AUTHENTICATOR_OFF,
        owner_notices.AUTHENTICATOR_CLEARED,
    ]
    assert client.get(url("inbox")).status_code == 302, "every session has ended"


def test_of_an_authenticator_set_up_and_of_a_recovery_code_used(app_shows) -> None:
    second_factor.begin_setup(staff("clerk"))
    accounts.set_up_second_factor(staff("clerk"), app_shows("clerk"))
    client = come()
    client.post(url("login-code"), {"code": fresh_code("clerk")})
    assert told() == [owner_notices.AUTHENTICATOR_ON, owner_notices.RECOVERY_CODE_USED]


def test_of_a_sign_in_from_somewhere_new_and_of_no_other() -> None:
    come()
    come()
    come(address="10.1.99.7")  # the same network
    assert told() == [], "the first time there is nothing to compare with"
    come(agent="Firefox Linux")
    assert told() == [owner_notices.NEW_DEVICE]
    come(agent="Firefox Linux", address="192.0.2.9")
    come(address="2001:db8:1:2::3")
    come(address="2001:db8:1:9::4")
    assert told() == [owner_notices.NEW_DEVICE] * 3
    text = Notification.objects.filter(staff=staff("clerk")).first().text
    assert "192.0.2" not in text and "Firefox" not in text


def test_not_in_the_demo_where_everybody_enters_as_anybody(settings) -> None:
    settings.MODE = "demo"
    for agent in ("Edg Windows", "Firefox Linux"):
        Client(headers={"user-agent": agent}).post(url("login-demo"), {"username": "clerk"})
    assert told() == []


def test_of_duties_deputies_leaving_and_details() -> None:
    admin, security = staff("admin"), staff("security")
    people.change_staff(staff("clerk"), title="科员", by=admin)
    people.change_staff(staff("clerk"), left_on=today() + 30 * DAY, by=admin)
    people.change_staff(staff("clerk"), title="科员", by=admin)  # nothing new
    duty = people.add_duty(staff("clerk"), role="duty_desk", by=admin, confirmed_by=security)
    people.end_duty(duty, until=today(), by=admin, confirmed_by=security)
    people.add_absence(
        staff("clerk"), deputy=staff("clerk2"), since=today(), until=today(), by=admin, confirmed_by=security
    )
    assert told() == [
        owner_notices.ABOUT,
        owner_notices.LEAVING,
        owner_notices.DUTY_GIVEN,
        owner_notices.DUTY_ENDED,
        owner_notices.ABSENCE,
    ]
    assert told("clerk2") == [owner_notices.DEPUTY]
    people.add_absence(staff("head"), deputy=staff("handler"), since=today(), until=today(), by=staff("head"))
    assert told("head") == [], "what one does oneself"
    people.change_unit(Unit.objects.get(code="funds"), leader=staff("leader2"), by=admin, confirmed_by=security)
    assert told("leader") == told("leader2") == [owner_notices.UNIT]


def test_of_a_door_that_was_opened_again() -> None:
    accounts.end_lockout(staff("clerk"), by=staff("security"))
    assert told() == [owner_notices.DOOR_OPENED]


def test_a_notice_leads_to_the_own_account() -> None:
    people.change_staff(staff("clerk"), title="科员", by=staff("admin"))
    client = come()
    assert f'href="{url("account")}"' in client.get(url("notices")).content.decode()
    page = client.get(url("account")).content.decode()
    assert "修改人员" in page and "管理员" in page
