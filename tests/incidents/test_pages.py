"""The pages of urgent events: the duty desk's phone, the board, one event and each of its steps."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.urls import url
from tests.world import as_, who
from xinfang.accounts.models import Staff
from xinfang.incidents.actions.act import take_incident_step
from xinfang.incidents.models import Incident
from xinfang.incidents.queries.incidents import incident_facts
from xinfang.procedure.incidents.replay import INCIDENT_STEPS
from xinfang.procedure.step_schema import load_step
from xinfang.vault.keys import keyring

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]


def do(which: str | None, code: str, by: str, now: datetime | None = None, **answers: Any) -> Incident:
    step = load_step(INCIDENT_STEPS[code], answers)
    return take_incident_step(step, which, by=who(by), staff=Staff.objects.get(username=by), now=now).incident


def gathering() -> Incident:
    return do(None, "report", "guard", kind="sudden_gathering", place="厅机关一楼大厅", people=12)


def codes(number: str) -> list[str]:
    return [line.code for line in incident_facts(Incident.objects.get(number=number)).lines]


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_who_only_has_the_duty_desk_lands_on_its_page() -> None:
    assert as_("guard").get(url("inbox"))["Location"] == url("duty")
    assert as_("clerk").get(url("inbox")).status_code == 200
    page = text(as_("guard").get(url("duty")))
    assert 'href="tel:120"' in page and "有人受伤、发病" in page and "多人聚集" in page


def test_one_press_reports_and_the_calls_come_first() -> None:
    guard = as_("guard")
    answer = guard.post(url("duty"), {"kind": "medical_emergency", "key": "k" * 12}, follow=True)
    page = text(answer)
    assert answer.redirect_chain == [(url("duty-reported", "TF2026-001"), 302)]
    assert page.index('href="tel:120"') < page.index("<h1>")
    assert "办公室还没有确认" in page and "已拨打120" in page
    guard.post(
        url("incident-step", "TF2026-001", "called"),
        {"number": "120", "next": url("duty-reported", "TF2026-001"), "key": "c" * 12},
    )
    assert codes("TF2026-001") == ["report", "called"]
    guard.post(url("duty"), {"kind": "medical_emergency", "key": "k" * 12})
    assert Incident.objects.count() == 1, "the same form sent twice is one report"
    do("TF2026-001", "confirm", "clerk")
    assert "办公室已于" in text(guard.get(url("duty-reported", "TF2026-001")))


def test_a_second_press_asks_whether_it_is_the_same_event() -> None:
    guard, red = as_("guard"), {"kind": "medical_emergency"}
    guard.post(url("duty"), {"kind": "sudden_gathering", "key": "a" * 12})
    asked = guard.post(url("duty"), {**red, "key": "b" * 12})
    assert asked["Location"] == f"{url('duty')}?same=medical_emergency" and Incident.objects.count() == 1
    page = text(guard.get(asked["Location"]))
    assert "已在处理，是同一件事吗？" in page and url("duty-reported", "TF2026-001") in page
    assert page.index('href="tel:120"') < page.index("<h1>"), "whatever it is, the calls come first"
    head = {"X-Outbox": "now"}
    assert guard.post(url("duty"), {**red, "key": "b" * 12}, headers=head).json()["url"] == asked["Location"]
    other = guard.post(url("duty"), {**red, "key": "c" * 12, "another": "on"})
    assert other["Location"] == url("duty-reported", "TF2026-002") and Incident.objects.count() == 2


def test_nothing_is_asked_where_nobody_could_answer() -> None:
    guard = as_("guard")
    guard.post(url("duty"), {"kind": "sudden_gathering", "key": "a" * 12})
    late = guard.post(url("duty"), {"kind": "medical_emergency", "key": "b" * 12}, headers={"X-Outbox": "later"})
    assert late.json()["url"] == url("duty-reported", "TF2026-002"), "what was kept while the network was down"
    Incident.objects.update(ended_at=timezone.now())
    page = text(guard.get(f"{url('duty')}?same=medical_emergency"))
    assert "有人受伤、发病" in page and "是同一件事吗" not in page, "what has ended isn't asked about"
    again = guard.post(url("duty"), {"kind": "medical_emergency", "key": "c" * 12})
    assert again["Location"] == url("duty-reported", "TF2026-003")


def test_what_a_broken_line_kept_back_comes_after_its_report() -> None:
    guard = as_("guard")
    head = {"X-Outbox": "later"}
    note = {"begun": "r" * 12, "step": "note", "text": "约十人在大厅。", "key": "n" * 12}
    assert guard.post(url("duty"), note, headers=head).status_code == 422, "the report comes first"
    typed = (timezone.now() - timedelta(minutes=7)).isoformat()
    report = {"kind": "sudden_gathering", "key": "r" * 12, "seen_at": typed}
    answer = guard.post(url("duty"), report, headers=head)
    assert answer.json() == {"url": url("duty-reported", "TF2026-001"), "words": "已报告：TF2026-001。"}
    for _ in range(2):
        assert guard.post(url("duty"), note, headers=head).status_code == 200
    assert codes("TF2026-001") == ["report", "note"]
    assert "离线填写于" in text(guard.get(url("incident", "TF2026-001")))
    bad = guard.post(url("duty"), {"kind": "report_to_bureau"}, headers=head)
    assert bad.status_code == 422 and "没有说明发生了什么" in bad.json()["errors"][0]["reason"]


@pytest.mark.parametrize("seen", ["", "yesterday", "9999-99-99T00:00", "2026-11-02T09:00", "2026-01-01T00:00+23:59"])
def test_a_time_that_is_none_is_left_out(seen: str) -> None:
    number = gathering().number
    data = {"text": "平稳。", "seen_at": seen}
    assert as_("guard").post(url("incident-step", number, "note"), data).status_code == 302
    assert incident_facts(Incident.objects.get(number=number)).lines[-1].seen_at is None


# ---- the board


def test_the_board_is_empty_and_says_so() -> None:
    page = text(as_("clerk").get(url("incidents")))
    assert "现在没有突发事件" in page and "还没有已经结束的突发事件" in page
    assert "现在没有突发事件" in text(as_("head").get(url("incidents"))), "a unit sees those it was called to"


def test_the_board_runs_the_chain_and_says_in_words_what_is_late() -> None:
    number = do(
        None, "report", "guard", timezone.now() - timedelta(minutes=7), kind="sudden_gathering", people=8
    ).number
    page = text(as_("clerk").get(url("incidents")))
    assert codes(number) == ["report", "remind"], "opening the board is enough"
    assert "已超时 2 分钟，无人确认" in page and "还缺：办公室" in page and "还没有人到场" in page


def test_the_board_refreshes_only_what_has_changed() -> None:
    number = gathering().number
    clerk = as_("clerk")
    for address in (url("incidents"), url("incident", number), url("duty"), url("duty-reported", number)):
        state = clerk.get(address).context["state"]
        unchanged = clerk.get(address, {"live": state})
        assert unchanged.status_code in (200, 204), "a minute may have gone by"
        fresh = text(clerk.get(address, {"live": "old"}))
        assert fresh.lstrip().startswith("<div data-fragment") and "<html" not in fresh, address
        assert 'data-state="' in fresh and "<textarea" not in fresh, "nobody types in what is exchanged"


def test_what_is_over_stands_below_in_pages() -> None:
    for _ in range(21):
        Incident.objects.create(
            number=f"TF2026-{Incident.objects.count() + 1:03d}",
            kind="disturbance",
            opened_at=timezone.now() - timedelta(days=9, hours=1),
            ended_at=timezone.now() - timedelta(days=9),
            opened_by=Staff.objects.get(username="clerk"),
            revision=1,
            wrapped_key=keyring().new_key()[1],
        )
    clerk = as_("clerk")
    page = clerk.get(url("incidents"))
    assert "TF2026-021" in text(page) and "TF2026-001" not in text(page)
    assert "TF2026-001" in text(clerk.get(page.context["page"]["next_url"]))
    assert "翻页位置不对" in text(clerk.get(f"{url('incidents')}?after=nonsense"))


def test_how_often_the_database_is_asked(django_assert_max_num_queries: Any) -> None:
    number = gathering().number
    do(number, "confirm", "clerk")
    clerk = as_("clerk")
    for address in (url("incidents"), url("incident", number)):
        clerk.get(address)  # what a worker remembers of a revision
    with django_assert_max_num_queries(17):
        clerk.get(url("incidents"))
    with django_assert_max_num_queries(20):
        clerk.get(url("incident", number))
    state = clerk.get(url("incidents")).context["state"]
    with django_assert_max_num_queries(17 if clerk.get(url("incidents"), {"live": state}).status_code == 200 else 7):
        clerk.get(url("incidents"), {"live": state})


# ---- who sees it


def test_who_may_not_see_an_event_finds_nothing_at_any_of_its_addresses() -> None:
    number = do(None, "report", "clerk", kind="group_visit", people=7).number
    for username in ("guard", "head", "auditor", "archivist"):
        browser = as_(username)
        for name, *more in (
            ("incident",),
            ("incident-log",),
            ("incident-file", 1),
            ("incident-report",),
            ("incident-report-page", 1),
        ):
            assert browser.get(url(name, number, *more)).status_code == 404, (username, name)
        for code in ("note", "end", "draft_report"):
            assert browser.get(url("incident-step", number, code)).status_code == 404, (username, code)
        assert browser.post(url("incident-step", number, "note"), {"text": "x"}).status_code == 404
    assert codes(number) == ["report"]
    assert (
        as_("auditor").get(url("incidents")).status_code == as_("auditor").get(url("incident-new")).status_code == 404
    )
    assert as_("head").get(url("duty")).status_code == 404
    assert as_("support").get(url("incident-report", number)).status_code == 404, "who attends doesn't read the report"
    clerk = as_("clerk")
    for code in ("remind", "tell_leaders", "report_up"):
        assert clerk.get(url("incident-step", number, code)).status_code == 404, code
    for place in (1, 99):
        assert clerk.get(url("incident-file", number, place)).status_code == 404, place


# ---- reporting and steps


def test_the_office_reports_what_needs_its_judgement_and_the_desk_does_not() -> None:
    desk = text(as_("guard").get(f"{url('incident-new')}?kind=disturbance"))
    assert "向信访主管部门报告事项" not in desk and 'value="disturbance" checked' in desk
    clerk = as_("clerk")
    refused = clerk.post(url("incident-new"), {"kind": "report_to_bureau", "text": ""})
    page = text(refused)
    assert refused.status_code == 422 and "信访人的权利" in page and "复查复核渠道的书面告知" in page
    assert clerk.post(url("incident-new"), {"kind": "group_visit", "people": "3"}).status_code == 422
    assert clerk.post(url("incident-new"), {"kind": "nonsense", "people": "-1"}).status_code == 422
    assert Incident.objects.count() == 0
    assert clerk.post(url("incident-new"), {"kind": "group_visit", "people": "7"})["Location"] == url(
        "incident", "TF2026-001"
    )


def test_what_was_typed_survives_a_refusal() -> None:
    number = gathering().number
    answer = as_("clerk").post(url("incident-step", number, "call_in"), {"unit": "nowhere"})
    assert answer.status_code == 422
    act_form = {"act": "violence", "text": "毁坏大厅座椅一把。", "witness": "", "answer": "asked_police"}
    answer = as_("clerk").post(url("incident-step", number, "record_act"), act_form)
    assert answer.status_code == 422 and "毁坏大厅座椅一把。" in text(answer)
    assert codes(number) == ["report"]


@pytest.mark.parametrize(
    ("code", "sent", "says"),
    [
        ("note", {"text": ""}, "情况"),
        ("note", {"text": "长" * 4001}, "4000"),
        ("count_people", {"people": "0"}, "人数应在"),
        ("count_people", {"people": "很多"}, "人数"),
        ("set_place", {"place": "长" * 61}, "60"),
        ("choose_representatives", {"representatives": "6"}, "代表应为"),
        ("told_by_phone", {"leader": "clerk"}, "不是厅领导"),
        ("register_on_the_spot", {"number": "LF2026999999"}, "没有找到信访件"),
        ("add_picture", {}, "没有选择照片"),
        ("called", {"number": "119"}, "拨打了"),
        ("draft_report", {"text": "没有抬头"}, ""),
    ],
)
def test_bad_answers_are_refused_with_a_sentence(code: str, sent: dict[str, str], says: str) -> None:
    number = gathering().number
    answer = as_("clerk").post(url("incident-step", number, code), sent)
    assert answer.status_code == 422 and says in text(answer)
    outbox = as_("clerk").post(url("incident-step", number, code), sent, headers={"X-Outbox": "now"})
    assert outbox.status_code == 422 and outbox.json()["errors"]
    assert codes(number) == ["report"]


def test_a_step_that_is_closed_says_why_and_what_to_do() -> None:
    number = gathering().number
    page = text(as_("clerk").get(url("incident", number)))
    assert "现在不能办理的" in page and "还没有厅领导确认收到报告" in page
    assert "这一步现在还不能办理" in text(as_("clerk").get(url("incident-step", number, "end")))
    assert "确认收到" not in text(as_("guard").get(url("incident", number))), "whose duty it isn't is not shown it"


def test_no_picture_but_a_picture_is_taken() -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from tests.attachments import made

    number = gathering().number
    guard = as_("guard")
    pdf = SimpleUploadedFile("名单.pdf", made.pdf(), content_type="image/png")
    assert "只接收照片" in text(guard.post(url("incident-step", number, "add_picture"), {"file": pdf}))
    png = SimpleUploadedFile("大厅.png", made.png())
    assert guard.post(url("incident-step", number, "add_picture"), {"file": png}).status_code == 302
    shown = guard.get(f"{url('incident-file', number, 1)}?small")
    assert shown["Content-Type"] == "image/jpeg" and "default-src 'none'" in shown["Content-Security-Policy"]
    assert as_("head").get(url("incident-file", number, 1)).status_code == 404


# ---- registration on the spot


def test_a_matter_registered_there_is_linked_in_the_same_request() -> None:
    from tests.fuzz.test_pages import _register

    number = gathering().number
    clerk = as_("clerk")
    form = clerk.get(f"{url('register')}?incident={number}")
    page = text(form)
    assert f'name="incident" value="{number}"' in page and "厅机关一楼大厅" in page
    sent = _register(timezone.localdate().isoformat()) | {
        "channel": ["visit"],
        "incident": [number],
        "told_orally": ["on"],
    }
    for _ in range(2):  # sent twice by a shaking line
        answer = clerk.post(url("register"), sent)
        assert answer["Location"] == url("incident", number)
    facts = incident_facts(Incident.objects.get(number=number))
    assert len(facts.petitions) == 1 and [line.code for line in facts.lines] == ["report", "register_on_the_spot"]
    other = clerk.post(url("register"), sent | {"key": ["another-key-01"], "incident": ["TF2026-999"]})
    assert other["Location"].startswith(url("petitions")), "an event that isn't there is no reason not to register"


# ---- what every page says until it is done


def test_the_banner_asks_whom_it_concerns_until_it_is_done() -> None:
    number = gathering().number
    assert f"突发事件 {number}" in text(as_("clerk").get(url("petitions")))
    for username in ("leader", "guard", "head", "auditor"):
        assert "event-banner" not in text(as_(username).get(url("notices")))
    do(number, "confirm", "office_head")
    assert "event-banner" not in text(as_("clerk").get(url("petitions")))
    assert "等待您确认" in text(as_("leader").get(url("notices")))
    as_("leader").post(url("incident-step", number, "confirm"), {"next": "https://example.invalid/"})
    assert "event-banner" not in text(as_("leader2").get(url("notices"))), "one leader's word is enough"


def test_the_banner_costs_one_query_and_nobody_else_anything(django_assert_num_queries: Any) -> None:
    from xinfang.incidents.queries.urgent_incidents import urgent_incidents

    clerk, head = who("clerk"), who("head")
    with django_assert_num_queries(1):
        assert urgent_incidents(clerk) == []
    with django_assert_num_queries(0):
        assert urgent_incidents(head) == []
    gathering()
    urgent_incidents(clerk)
    with django_assert_num_queries(1):
        assert len(urgent_incidents(clerk)) == 1


def test_a_notice_of_an_event_leads_to_it() -> None:
    number = gathering().number
    assert f'href="{url("incident", number)}"' in text(as_("clerk2").get(url("notices")))


# ---- the written report


def test_the_report_is_looked_at_before_it_is_sent_and_frozen_then() -> None:
    number = gathering().number
    clerk = as_("clerk")
    page = clerk.get(url("incident-step", number, "draft_report"))
    proposal = page.context["text"]
    typed = proposal.replace("# 经过", "# 经过和现场情况")
    looked = clerk.post(url("incident-step", number, "draft_report"), {"do": "preview", "text": typed}, follow=True)
    assert "# 经过和现场情况" in looked.context["text"] and codes(number) == ["report"]
    picture = clerk.get(f"{url('incident-report-page', number, 1)}?draft=1")
    assert picture["Content-Type"] == "image/jpeg"
    assert clerk.get(url("incident-report-page", number, 9)).status_code == 422
    assert clerk.post(url("incident-step", number, "draft_report"), {"do": "send", "text": typed}).status_code == 302
    assert "专报等待您签发" in text(as_("leader").get(url("notices")))
    as_("leader").post(url("incident-step", number, "sign_report"), {"agree": "no", "opinion": ""})
    assert codes(number) == ["report", "draft_report"], "sending back says why"
    as_("leader").post(url("incident-step", number, "sign_report"), {"agree": "yes", "opinion": ""})
    refused = clerk.post(url("incident-step", number, "send_report"), {"body": "自治区信访局"})
    assert refused.status_code == 422 and "专报中还有待填的内容" in text(refused), (
        "what is to be filled in can't be sent"
    )
    whole = typed.replace("【待填：报送机关】", "自治区信访局").replace("【待填：签发人姓名】", "白音")
    whole = "\n".join(line for line in whole.splitlines() if "待填" not in line) + "\n"
    clerk.post(url("incident-step", number, "draft_report"), {"do": "send", "text": whole})
    as_("leader").post(url("incident-step", number, "sign_report"), {"agree": "yes", "opinion": ""})
    assert clerk.post(url("incident-step", number, "send_report"), {"body": "自治区信访局"}).status_code == 302
    frozen = clerk.get(url("incident-report", number))
    assert frozen.content.startswith(b"%PDF") and frozen.content == clerk.get(url("incident-report", number)).content


# ---- the auditors' page


def test_the_auditor_reads_which_step_and_in_which_duty_and_never_the_text() -> None:
    number = gathering().number
    do(number, "note", "guard", text="一位老人身体不适，已请其坐下。")
    page = text(as_("auditor").get(f"{url('admin-log')}?kind=incidents"))
    assert number in page and "第2条 现场情况" in page and "以物业值班职责" in page and "文字已加密" in page
    assert "老人" not in page and "sealed " not in page and "摘要" not in page
    assert number not in text(as_("auditor").get(f"{url('admin-log')}?kind=changes"))
