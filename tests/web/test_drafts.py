"""Drafts: a row for each showing of a form, only for the person who typed it, of a bearable size.

Gone when thrown away or accepted.
"""

import json

import pytest
from django.test import Client

from tests.urls import url
from xinfang.accounts.models import Staff
from xinfang.accounts.page_owner import owner_mark
from xinfang.web.actions import drafts
from xinfang.web.models import Draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]
FORM = url("drafts", "register-new")
PAGE = f"{FORM}p1/"


def staff(username="clerk"):
    return Staff.objects.get(username=username)


def as_(username):
    client = Client()
    client.force_login(staff(username))
    return client


def save(client, fields, address=PAGE, **more):
    body = fields if isinstance(fields, str) else json.dumps({"fields": fields, **more})
    return client.post(address, body, content_type="application/json")


def kept(client, address=FORM):
    return [(row["page"], row["fields"]) for row in client.get(address).json()["rows"]]


def test_saved_read_replaced_and_thrown_away():
    clerk = as_("clerk")
    assert kept(clerk) == []
    assert "saved_at" in save(clerk, {"subject": ["补助"], "person-0-name": ["𠅤㛃"]}).json()
    assert kept(clerk) == [("p1", {"subject": ["补助"], "person-0-name": ["𠅤㛃"]})]
    save(clerk, {"subject": ["科技特派员补助"]}, turn=1)
    assert kept(clerk) == [("p1", {"subject": ["科技特派员补助"]})]
    assert kept(as_("clerk2")) == [], "nobody reads another's draft"
    as_("clerk2").delete(PAGE)
    assert len(kept(clerk)) == 1
    assert clerk.delete(PAGE).status_code == 204
    assert kept(clerk) == []


def test_another_page_of_the_same_form_writes_nothing_over():
    clerk = as_("clerk")
    save(clerk, {"body": ["写了一下午的内容"]})
    save(clerk, {"body": ["新"]}, f"{FORM}p2/")
    assert kept(clerk) == [("p2", {"body": ["新"]}), ("p1", {"body": ["写了一下午的内容"]})]


def test_a_saving_that_arrives_late_does_not_replace_a_later_one():
    clerk = as_("clerk")
    save(clerk, {"body": ["第一句。第二句。"]}, turn=2)
    assert save(clerk, {"body": ["第一句。"]}, turn=1).status_code == 200
    assert kept(clerk) == [("p1", {"body": ["第一句。第二句。"]})]


def test_as_much_as_a_form_may_hold_is_kept():
    clerk, text = as_("clerk"), "草" * 400_000
    assert save(clerk, {"body": [text]}).status_code == 200
    assert kept(clerk)[0][1]["body"] == [text]


def test_too_large_is_said_and_nothing_lost(settings):
    clerk = as_("clerk")
    save(clerk, {"body": ["短"]})
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2**20
    answer = save(clerk, {"body": ["x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE]}, turn=1)
    assert answer.status_code == 413 and "1 MB" in answer.json()["message"]
    assert kept(clerk) == [("p1", {"body": ["短"]})]


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", '{"fields": []}', '{"fields": {"a": "b"}}', '{"fields": {"a": [1]}}', "[" * 90_000, "\xff",
     '{"fields": {}, "turn": -1}', '{"fields": {}, "turn": "1"}', '{"fields": {}, "turn": 9007199254740992}'],
)  # fmt: skip
def test_what_is_no_draft_is_refused(body):
    assert save(as_("clerk"), body).status_code == 400
    assert not Draft.objects.exists()


def test_a_draft_sent_as_a_form_is_refused():
    assert as_("clerk").post(PAGE, {"fields": "{}"}).status_code == 400


@pytest.mark.parametrize("key", ["-x", "a b", "表单", "x" * 81, "a%00b"])
def test_the_name_of_a_form_is_checked(key):
    assert save(as_("clerk"), {}, url("draft", key, "p1")).status_code == 400
    assert as_("clerk").get(url("drafts", key)).status_code == 400


@pytest.mark.parametrize("page", ["a.b", "a b", "页", "x" * 41])
def test_the_name_of_a_page_is_checked(page):
    assert save(as_("clerk"), {}, f"{FORM}{page}/").status_code == 400


def test_characters_that_cannot_be_kept_are_left_out():
    clerk = as_("clerk")
    assert save(clerk, {"a\x00": ["b\x00c\ud800d"]}).status_code == 200
    assert kept(clerk) == [("p1", {"a": ["bcd"]})]


def test_the_eleventh_page_of_a_form_takes_the_place_of_the_oldest_and_says_so():
    clerk = as_("clerk")
    answers = [save(clerk, {"a": [str(n)]}, f"{FORM}p{n}/").json()["dropped"] for n in range(12)]
    assert answers == [0] * drafts.MAX_ROWS_PER_FORM + [1, 1]
    assert [page for page, _ in kept(clerk)] == [f"p{n}" for n in range(11, 1, -1)]


def test_old_drafts_of_one_person_make_room():
    clerk = as_("clerk")
    Draft.objects.bulk_create(Draft(staff=staff(), form=f"old-{i}") for i in range(drafts.MAX_ROWS_PER_PERSON))
    Draft.objects.bulk_create([Draft(staff=staff("clerk2"), form="theirs")])
    assert save(clerk, {"a": ["b"]}).json()["dropped"] == 1
    assert (
        Draft.objects.filter(staff=staff()).count() == drafts.MAX_ROWS_PER_PERSON
        and Draft.objects.filter(form="theirs").exists()
    )
    assert len(kept(clerk)) == 1


def test_all_drafts_of_one_person_have_a_size_together_and_the_newest_is_never_the_one_to_go(monkeypatch):
    monkeypatch.setattr(drafts, "MAX_BYTES_PER_PERSON", 3000)
    clerk = as_("clerk")
    for n in range(3):
        save(clerk, {"a": ["x" * 1200]}, url("draft", f"f{n}", "p"))
    assert Draft.objects.count() == 2 and not kept(clerk, url("drafts", "f0"))
    assert save(clerk, {"a": ["x" * 5000]}, url("draft", "f9", "p")).json()["dropped"] == 2
    assert len(kept(clerk, url("drafts", "f9"))) == 1


def test_a_row_of_an_earlier_release_is_offered_and_can_be_thrown_away():
    Draft.objects.create(staff=staff(), form="register-new", fields={"a": ["b"]})
    clerk = as_("clerk")
    assert kept(clerk) == [("-", {"a": ["b"]})]
    clerk.delete(f"{FORM}-/")
    assert kept(clerk) == []


def test_a_row_that_cannot_be_opened_hides_no_other():
    clerk = as_("clerk")
    save(clerk, {"a": ["b"]})
    save(clerk, {"a": ["c"]}, f"{FORM}p2/")
    Draft.objects.filter(page="p2").update(fields_sealed=b"broken")
    assert kept(clerk) == [("p1", {"a": ["b"]})]


def test_an_accepted_form_removes_only_the_rows_it_names_and_only_of_its_sender():
    for who in ("clerk", "clerk2"):
        for page in ("p1", "p2", "", drafts.PREVIEW_PAGE):
            Draft.objects.create(staff=staff(who), form="register", page=page)
    drafts.delete_accepted(staff(), drafts.drafts_named_by("register/p1 register/- ../x register/\x00 other"))
    assert set(Draft.objects.filter(staff=staff()).values_list("page", flat=True)) == {"p2", drafts.PREVIEW_PAGE}
    drafts.delete_accepted(staff(), [], "register")
    assert set(Draft.objects.filter(staff=staff()).values_list("page", flat=True)) == {"p2"}
    assert Draft.objects.filter(staff=staff("clerk2")).count() == 4


# ---- who is signed in


def test_without_a_session_a_script_is_told_so_and_led_nowhere(client):
    for headers in ({"Accept": "application/json"}, {"HX-Request": "true"}, {"X-Live": "1"}, {"X-Outbox": "now"}):
        answer = client.get(FORM, headers=headers)
        assert answer.status_code == 401 and "登录已结束" in answer.json()["message"] and "HX-Redirect" not in answer
    assert client.get(FORM).status_code == 302
    assert as_("clerk").put(PAGE).status_code == 405


def test_nothing_is_kept_read_or_removed_for_another_person_than_the_page_was_made_for():
    clerk, other = as_("clerk"), {"X-Made-For": owner_mark(staff("clerk2")), "Accept": "application/json"}
    save(clerk, {"a": ["b"]})
    for method in ("get", "post", "delete"):
        address = FORM if method == "get" else PAGE
        body = {} if method != "post" else {"data": '{"fields": {"a": ["x"]}}', "content_type": "application/json"}
        answer = getattr(clerk, method)(address, headers=other, **body)
        assert answer.status_code == 409 and "另一位同事" in answer.json()["message"]
    assert kept(clerk) == [("p1", {"a": ["b"]})]
    assert clerk.get(FORM, headers={"X-Made-For": owner_mark(staff())}).status_code == 200


def test_a_form_made_for_another_person_is_refused_and_nothing_happens():
    answer = as_("clerk2").post(url("register"), {"made_for": owner_mark(staff()), "subject": "x"})
    assert answer.status_code == 409 and "没有办理" in answer.content.decode()
    assert (
        as_("clerk2").post(url("register"), {"made_for": owner_mark(staff("clerk2")), "subject": ""}).status_code == 422
    )


def test_the_mark_says_nothing_about_a_person():
    marks = {owner_mark(s) for s in Staff.objects.all()}
    assert len(marks) == Staff.objects.count() and all(len(m) == 24 for m in marks)
    assert f'data-made-for="{owner_mark(staff())}"' in as_("clerk").get(url("register")).content.decode()


@pytest.mark.parametrize(("kept", "words"), [("1", "已存为草稿"), ("", "")])
def test_the_sign_in_page_after_a_form_says_why_and_leads_back_to_it(client, kept, words):
    sent = {"subject": "补助", "draft_kept": kept}
    came = f"http://testserver{url('petition', 'LX2026000001')}?a=b"
    answer = client.post(url("register"), sent, headers={"Referer": came})
    assert answer["Location"] == f"{url('login')}?next={url('petition', 'LX2026000001')}%3Fa%3Db"
    page = client.get(answer["Location"]).content.decode()
    assert "刚才提交的内容没有办理" in page and ("已存为草稿" in page) is bool(words)
    for elsewhere in ("http://example.invalid/x/", "", "nonsense"):
        answer = client.post(url("register"), sent, headers={"Referer": elsewhere})
        assert answer["Location"] == f"{url('login')}?next={url('register')}"
