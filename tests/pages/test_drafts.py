"""Drafts: kept for who typed them, of a bearable size, gone when thrown away."""

import json

import pytest
from django.test import Client

from tests.world import make_department
from xinfang.desk.views.drafts import MOST_BYTES, MOST_DRAFTS
from xinfang.people.models import Staff
from xinfang.records.models import Draft

pytestmark = pytest.mark.django_db
ADDRESS = "/drafts/register-new/"


@pytest.fixture(autouse=True)
def department():
    make_department()


def as_(username):
    client = Client()
    client.force_login(Staff.objects.get(username=username))
    return client


def save(client, fields, address=ADDRESS):
    body = fields if isinstance(fields, str) else json.dumps({"fields": fields})
    return client.post(address, body, content_type="application/json")


def test_saved_read_replaced_and_thrown_away():
    clerk = as_("clerk")
    assert clerk.get(ADDRESS).status_code == 204
    assert "saved_at" in save(clerk, {"subject": ["补助"], "person-0-name": ["𠅤㛃"]}).json()
    assert clerk.get(ADDRESS).json()["fields"] == {"subject": ["补助"], "person-0-name": ["𠅤㛃"]}
    save(clerk, {"subject": ["科技特派员补助"]})
    assert clerk.get(ADDRESS).json()["fields"] == {"subject": ["科技特派员补助"]}
    assert as_("clerk2").get(ADDRESS).status_code == 204, "nobody reads another's draft"
    as_("clerk2").delete(ADDRESS)
    assert clerk.get(ADDRESS).status_code == 200
    assert clerk.delete(ADDRESS).status_code == 204
    assert clerk.get(ADDRESS).status_code == 204


def test_too_large_is_said_and_nothing_lost():
    clerk = as_("clerk")
    save(clerk, {"body": ["短"]})
    answer = save(clerk, {"body": ["x" * MOST_BYTES]})
    assert answer.status_code == 413 and "200 KB" in answer.json()["message"]
    assert clerk.get(ADDRESS).json()["fields"] == {"body": ["短"]}


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", '{"fields": []}', '{"fields": {"a": "b"}}', '{"fields": {"a": [1]}}', "[" * 90_000, "\xff"],
)
def test_what_is_no_draft_is_refused(body):
    assert save(as_("clerk"), body).status_code == 400
    assert not Draft.objects.exists()


@pytest.mark.parametrize("key", ["-x", "a b", "表单", "x" * 81, "a%00b"])
def test_the_name_of_a_form_is_checked(key):
    assert save(as_("clerk"), {}, f"/drafts/{key}/").status_code == 400


def test_characters_that_cannot_be_kept_are_left_out():
    clerk = as_("clerk")
    assert save(clerk, {"a\x00": ["b\x00c\ud800d"]}).status_code == 200
    assert clerk.get(ADDRESS).json()["fields"] == {"a": ["bcd"]}


def test_old_drafts_make_room():
    clerk = as_("clerk")
    staff = Staff.objects.get(username="clerk")
    Draft.objects.bulk_create(Draft(staff=staff, form=f"old-{i}") for i in range(MOST_DRAFTS))
    save(clerk, {"a": ["b"]})
    assert Draft.objects.filter(staff=staff).count() == MOST_DRAFTS
    assert clerk.get(ADDRESS).status_code == 200


def test_only_for_who_is_signed_in(client):
    assert client.get(ADDRESS).status_code == 302
    assert as_("clerk").put(ADDRESS).status_code == 405
