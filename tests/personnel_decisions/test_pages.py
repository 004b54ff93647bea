"""奖惩记录: the list by year, the form, one record with its file; what isn't yours doesn't exist."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.attachments import made
from tests.personnel_decisions.recording import DISCIPLINE, NAME, PRAISE, SECRET, answered, confirmed, recorded, staff
from tests.urls import url
from tests.world import as_, register
from xinfang.audit.models import AdminRecord
from xinfang.core.clock import today
from xinfang.personnel_decisions.models import Decision
from xinfang.web.models import Draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]


def scan(name: str = NAME, data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data if data is not None else made.png())


def form(**changes: Any) -> dict[str, Any]:
    return {
        **PRAISE,
        "unit": "funds",
        "decided_on": today().isoformat(),
        "file": scan(),
        "key": "0123456789abcdef",
        **changes,
    }


def words(answer: Any) -> str:
    return answer.content.decode()


def test_it_is_recorded_confirmed_and_read_by_whom_it_concerns() -> None:
    head = as_("office_head")
    Draft(staff=staff("office_head"), form="decision", page="p1").save()
    page = head.get(url("reward-new"))
    assert "条例第四十六条（六）打击报复信访人" in words(page) and 'data-draft="decision"' in words(page)
    answer = head.post(
        url("reward-new"),
        form(unit="", person="handler", draft_rows="decision/p1", **{k: DISCIPLINE[k] for k in ("kind", "ground")}),
    )
    row = Decision.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, url("reward", row.number))
    assert not Draft.objects.filter(form="decision").exists()
    assert "等待一位厅领导确认" in words(head.get(answer["Location"]))
    assert 'name="agree"' not in words(head.get(answer["Location"]))
    assert as_("handler").get(answer["Location"]).status_code == 404

    leader = as_("leader")
    assert f'href="{url("rewards")}"' in words(leader.get(url("notices")))
    assert 'name="agree"' in words(leader.get(answer["Location"]))
    assert leader.post(answer["Location"], {"agree": "no"}).status_code == 422
    assert leader.post(answer["Location"], {"agree": "yes"}).status_code == 302

    mine = as_("handler")
    assert row.number in words(mine.get(url("rewards")))
    page = words(mine.get(answer["Location"]))
    assert SECRET in page and "追责问责决定" in page and "条例第四十五条（一）" in page
    file = mine.get(f"{answer['Location']}file/")
    assert b"".join(file.streaming_content) == made.png()
    assert "sandbox" in file["Content-Security-Policy"] and file["Cache-Control"] == "no-store"
    assert AdminRecord.objects.filter(what="打开奖惩决定文件", target=row.number, by__username="handler").count() == 1
    for username in ("head", "handler2", "clerk", "adviser", "admin", "security", "guard"):
        client = as_(username)
        for path in (answer["Location"], f"{answer['Location']}file/"):
            assert client.get(path).status_code == 404, (username, path)
        assert row.number not in words(client.get(url("rewards"))), username


def test_a_refusal_keeps_what_was_typed_and_names_the_article() -> None:
    head = as_("office_head")
    answer = head.post(url("reward-new"), form(person="handler", kind="discipline", decided_on="2099-01-01"))
    text = words(answer)
    assert answer.status_code == 422 and not Decision.objects.exists()
    assert "只选一项" in text and "规程第二十条" in text and "决定日期在今天之后" in text and "条例第四十六条" in text
    assert SECRET in text and 'href="#ground"' in text
    answer = head.post(url("reward-new"), form(body="", document_number=""))
    assert answer.status_code == 422 and "请填写“决定机关”" in words(answer)


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (None, "请选择决定文件"),
        (scan("a.docx", made.docx()), "应当是 PDF 或扫描图片"),
        (scan("a.pdf", b"MZ\0\0"), "内容却"),
    ],
)
def test_the_file_must_be_a_scan(file: SimpleUploadedFile | None, says: str) -> None:
    sent = form()
    del sent["file"]
    answer = as_("office_head").post(url("reward-new"), {**sent, **({"file": file} if file else {})})
    assert answer.status_code == 422 and says in words(answer) and 'href="#file"' in words(answer)
    assert not Decision.objects.exists()


def test_the_form_sent_twice_is_one_record() -> None:
    head = as_("office_head")
    first, second = (head.post(url("reward-new"), form(file=scan())) for _ in range(2))
    assert first["Location"] == second["Location"] and Decision.objects.count() == 1


def test_only_the_office_head_finds_the_form() -> None:
    for username in ("clerk", "leader", "principal", "admin", "auditor", "head"):
        assert as_(username).get(url("reward-new")).status_code == 404, username


def test_the_auditor_sees_that_it_exists_and_no_content() -> None:
    row = confirmed("handler", **DISCIPLINE)
    auditor = as_("auditor")
    for page in (auditor.get(url("rewards")), auditor.get(url("reward", row.number)), auditor.get(url("admin-log"))):
        text = words(page)
        assert row.number in text
        # 巴特尔 is also somebody who may be chosen in the filter of the log.
        seen = text.replace('<option value="handler">巴特尔</option>', "")
        assert not [w for w in (SECRET, "巴特尔", "责令改正", "条例第四十五条", NAME) if w in seen]
    assert row.file_digest in words(auditor.get(url("reward", row.number)))
    assert auditor.get(url("reward-file", row.number)).status_code == 404
    assert auditor.post(url("reward", row.number), {"agree": "yes"}).status_code == 404


def test_a_correction_leads_from_the_old_to_the_new_and_back() -> None:
    old = confirmed("handler")
    head = as_("office_head")
    page = head.get(f"{url('reward-new')}?corrects={old.number}")
    assert f'更正 <span class="keep">{old.number}</span>' in words(page)
    answer = head.post(url("reward-new"), form(corrects=old.number, reason="有关人员有误", unit="", person="handler2"))
    new = Decision.objects.latest("id")
    assert answer["Location"] == url("reward", new.number)
    assert "尚未确认" in words(head.get(url("reward", old.number)))
    answered(new.number)
    text = words(head.get(url("reward", old.number)))
    assert "已被更正" in text and url("reward", new.number) in text and "另记一条更正" not in text
    assert "有关人员有误" in words(head.get(url("reward", new.number)))
    # Whom the old one concerned learns that it was corrected, and not about whom the new one is.
    text = words(as_("handler").get(url("reward", old.number)))
    assert "已被更正" in text and new.number not in text


def test_what_it_is_about_is_linked_for_who_sees_it() -> None:
    number = register(today())
    row = confirmed("handler2", about=number)
    assert f'href="{url("petition", number)}"' in words(as_("principal").get(url("reward", row.number)))
    assert number not in words(as_("handler2").get(url("reward", row.number)))


def test_by_year_and_in_pages() -> None:
    last_year = date(today().year - 1, 3, 2)
    for _ in range(31):
        recorded("unit")
    old = recorded("unit", decided_on=last_year)
    client = as_("principal")
    page = client.get(url("rewards"))
    assert len(page.context["rows"]) == 30 and page.context["page"]["next_url"]
    further = client.get(page.context["page"]["next_url"])
    assert len(further.context["rows"]) == 1
    assert old.number not in {r["number"] for r in (*page.context["rows"], *further.context["rows"])}
    assert [r["number"] for r in client.get(f"{url('rewards')}?year={last_year.year}").context["rows"]] == [old.number]
    assert client.get(f"{url('rewards')}?year=1999").status_code == 404
    assert client.get(f"{url('rewards')}?year=x").status_code == 404
    assert client.get(f"{url('rewards')}?after=zzz").status_code == 200


def test_a_page_asks_little(django_assert_max_num_queries) -> None:
    for n in range(30):
        confirmed("unit" if n % 2 else "handler")
    client = as_("office_head")
    client.get(url("rewards"))
    with django_assert_max_num_queries(15):
        client.get(url("rewards"))
    number = Decision.objects.latest("id").number
    with django_assert_max_num_queries(16):
        client.get(url("reward", number))


def test_nothing_to_see_says_what_will_be_there() -> None:
    assert "还没有奖惩记录" in words(as_("office_head").get(url("rewards")))
    assert "与您或您所在单位有关的决定确认以后" in words(as_("handler").get(url("rewards")))
    assert f'href="{url("rewards")}"' in words(as_("handler").get(url("account")))


def test_no_page_counts_or_ranks() -> None:
    """No number of records for a person or unit, no order but that of time, no way to ask for one person's."""
    for _ in range(3):
        confirmed("handler")
    page = as_("principal").get(f"{url('rewards')}?who=handler&unit=funds&sort=who")
    assert len(page.context["rows"]) == 3
    text = words(page)
    assert not [w for w in ("3 项", "3 条", "3 次", "合计", "累计", "名次", "得分", "共 3") if w in text]
    assert "<select" not in text


def test_damage_is_said_and_gives_out_nothing(monkeypatch) -> None:
    from xinfang.core import file_store

    row = confirmed("unit")
    place = file_store.path_of(row.file_address)
    place.write_bytes(place.read_bytes()[:-4] + b"\0\0\0\0")
    answer = as_("principal").get(url("reward-file", row.number))
    assert answer.status_code == 500 and "从备份恢复" in words(answer)
