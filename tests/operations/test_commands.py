"""The command line: what programs read, what people read, and every way to be refused."""

import argparse
import json
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from tests.urls import url
from tests.world import LETTER, PASSWORD, make_department, register, take, walk
from xinfang.accounts.models import Staff
from xinfang.audit.models import AdminRecord
from xinfang.cases.models import AccessLogEntry, Event, Petition
from xinfang.categories.models import Category
from xinfang.notifications.models import Notification
from xinfang.operations.main import main, parser
from xinfang.procedure.step_codes import StepCode
from xinfang.trusted_time.actions import set_trusted_time

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
MONDAY = date(2026, 3, 2)


@pytest.fixture
def run(capsys: pytest.CaptureFixture):
    """`run("due", …)` gives the exit code, the JSON (or text) on standard output, and standard error."""

    def call(*args: str):
        capsys.readouterr()
        code = main(args)
        out, err = capsys.readouterr()
        return code, (json.loads(out) if "--json" in args and out else out), err

    return call


def step(run, code: str, *number: str, by: str, key: str = "", **data):
    extra = ("--key", key) if key else ()
    return run("step", code, *number, "--by", by, "--data", json.dumps(data), "--json", *extra)


def test_explain_speaks_json_tables_and_a_diagram(run) -> None:
    code, data, _ = run("explain", "--json")
    assert code == 0 and {"articles", "steps", "clocks", "nothing_to_compute"} <= set(data)
    assert "| " in run("explain")[1] and "<svg" in run("explain", "--diagram")[1]


def test_explain_writes_the_whole_print_as_pdf_and_word(run, tmp_path) -> None:
    for option, name, begins in (("--pdf", "规程.pdf", b"%PDF-"), ("--word", "规程.docx", b"PK")):
        code, said, _ = run("explain", option, str(tmp_path / name))
        assert code == 0 and name in said
        assert (tmp_path / name).read_bytes().startswith(begins)
    code, _, wrong = run("explain", "--pdf", str(tmp_path / "nowhere" / "规程.pdf"))
    assert code != 0 and "nowhere" in wrong


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-02-13", "2026-02-27"),
        ("2026-02-14", "2026-02-28"),
        ("2026-04-30", "2026-05-11"),
        ("2026-09-18", "2026-09-24"),
        ("2026-09-29", "2026-10-12"),
    ],
)
def test_due_gives_the_vectors_of_the_procedure(run, received: str, due: str) -> None:
    code, data, _ = run("due", "objection", "--from", received, "--json")
    assert code == 0
    assert (data["clock"], data["from"], data["due"], data["provisional"]) == ("objection", received, due, False)
    assert data["cites"] == ["H8", "N23"]
    assert sum(d["counted"] for d in data["derivation"]) == 5 and all(d["why"] for d in data["derivation"])


def test_due_beyond_the_published_years_is_provisional_and_says_so(run) -> None:
    assert run("due", "objection", "--from", "2026-12-25", "--json")[1]["provisional"]
    assert "暂定" in run("due", "objection", "--from", "2026-12-25")[1]


def test_due_with_days_added_and_with_a_stated_day(run) -> None:
    assert run("due", "handling", "--from", "2026-08-02", "--json")[1]["due"] == "2026-10-01"
    assert run("due", "handling", "--from", "2026-08-02", "--days", "30", "--json")[1]["due"] == "2026-10-31"
    assert (
        run("due", "promised_reply", "--from", "2026-08-03", "--to", "2026-08-10", "--json")[1]["due"] == "2026-08-10"
    )


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("due", "nothing", "--from", "2026-01-01"), "没有名为“nothing”的期限"),
        (("due", "notice", "--from", "2026-02-30"), "不是有效日期"),
        (("due", "promised_reply", "--from", "2026-01-01"), "--to"),
        (("due", "notice", "--from", "2026-01-01", "--to", "2026-02-01"), "不用 --to"),
        (("due", "notice", "--from", "2026-01-01", "--days", "3"), "不能另加天数"),
        (("due", "incident_office", "--from", "2026-01-01"), "按分钟计"),
        (("due", "notice"), "缺少参数"),
        (("nonsense",), "没有这一项"),
        ((), "缺少参数"),
    ],
)
def test_a_wrong_call_ends_with_a_chinese_sentence(run, args: tuple[str, ...], says: str) -> None:
    code, _, err = run(*args)
    assert code == 2 and says in err and "Traceback" not in err


def test_step_walks_a_case_and_shows_its_clocks(run) -> None:
    make_department()
    today = date.today()
    code, made, _ = step(
        run, StepCode.REGISTER, by="clerk", key="k1", **{**LETTER, "received_on": str(today - timedelta(days=1))}
    )
    assert code == 0 and made["state"] == "registered" and made["papers"] == ["registration_sheet", "receipt"]
    assert {"code", "due", "provisional", "stopped"} == set(made["clocks"][0])
    again = step(run, StepCode.REGISTER, by="clerk", key="k1", **{**LETTER, "received_on": str(today)})[1]
    assert again["number"] == made["number"] and Petition.objects.count() == 1
    number = made["number"].lower()
    assert step(run, StepCode.CLASSIFY, number, by="clerk", matter_class="claim", route="six", purpose="claim")[0] == 0


def test_a_step_with_a_second_person_is_confirmed_by_the_same_command(run) -> None:
    make_department()
    number = register(MONDAY)
    assert step(run, StepCode.RECUSE, number, by="clerk", person="leader", reason="亲属")[0] == 0
    code, data, _ = step(run, StepCode.RECUSE, number, by="principal", agree=False)
    assert code == 3 and "理由" in data["refused"][0]["reason"]
    assert step(run, StepCode.RECUSE, number, by="principal", agree=True)[0] == 0
    assert Event.objects.filter(code=StepCode.RECUSE).values_list("stage", flat=True).last() == "confirmed"


def test_a_refusal_gives_every_reason_with_its_article(run) -> None:
    make_department()
    number = register(MONDAY)
    code, data, err = step(
        run,
        StepCode.SERVE,
        number,
        by="clerk",
        method="post",
        receiver="其木格",
        mail_number="XA0000000151",
        served_on="2026-03-03",
    )
    assert code == 3 and all(set(r) >= {"reason", "cites", "todo"} for r in data["refused"]) and "请" in err
    code, data, _ = step(run, StepCode.REGISTER, by="clerk", channel="pigeon", received_on="2026-13-40")
    assert code == 3 and {r["field"] for r in data["refused"]} == {"channel", "received_on", "subject"}
    assert "H5" in data["refused"][0]["cites"]


def test_what_one_may_not_see_does_not_exist(run) -> None:
    make_department()
    number = register(MONDAY)
    for missing in (number, "LX2026999999"):
        code, data, err = step(run, StepCode.TALK, missing, by="handler2", place="x", who_was_there="x", said="x")
        assert code == 4 and data == {"error": "没有这个编号的信访件"} and err == f"没有编号为“{missing}”的信访件。\n"
        assert run("show", missing, "--by", "handler2", "--json")[0] == 4


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("step", "fly", "LX2026000001", "--by", "clerk"), "没有代码为“fly”的步骤"),
        (("step", StepCode.ACCEPT, "LX2026000001", "--by", "nobody"), "没有用户名为“nobody”"),
        (("step", StepCode.ACCEPT, "LX2026000001", "--by", "clerk", "--data", "{"), "不是有效的 JSON"),
        (("step", StepCode.ACCEPT, "LX2026000001", "--by", "clerk", "--data", "[1]"), "JSON 对象"),
        (("step", StepCode.ACCEPT, "LX2026000001", "--by", "clerk", "--data", "@no-such-file"), "无法读取文件"),
        (("step", StepCode.ACCEPT, "--by", "clerk"), "请填写要办理"),
        (("step", StepCode.REGISTER, "LX2026000001", "--by", "clerk"), "不用填写编号"),
        (("step", StepCode.REGISTER, "--by", "clerk", "--data", '{"subjct": "x"}'), "没有这些字段：subjct"),
    ],
)
def test_step_called_wrongly(run, args: tuple[str, ...], says: str) -> None:
    make_department()
    code, _, err = run(*args)
    assert code == 2 and says in err


def test_data_comes_from_a_file_too(run, tmp_path: Path) -> None:
    make_department()
    file = tmp_path / "letter.json"
    file.write_text(json.dumps({**LETTER, "received_on": "2026-03-02"}), encoding="utf-8")
    assert run("step", StepCode.REGISTER, "--by", "clerk", "--data", f"@{file}", "--json")[0] == 0


def test_show_tells_the_operator_how_far_and_the_clerk_what(run) -> None:
    make_department()
    number = register(MONDAY)
    walk(number, "accepted", MONDAY)
    code, plain, _ = run("show", number, "--json")
    assert code == 0 and plain["state"] == "handling" and plain["clocks"][0]["derivation"] and plain["tasks"]
    text = json.dumps(plain, ensure_ascii=False)
    assert "其木格" not in text and "15000000001" not in text and LETTER["subject"] not in text
    full = run("show", number, "--by", "clerk", "--json")[1]
    assert full["persons"][0]["name"] == "其**" and full["body"] and full["events"][0]["says"]
    plain = run("show", number, "--by", "clerk", "--reason", "电话通知领取意见书", "--json")[1]
    assert plain["persons"][0]["name"] == "其木格" and plain["persons"][0]["phone"] == "15000000001"
    looks = AccessLogEntry.objects.order_by("seq").values_list("what", "by__username", "reason")
    assert list(looks) == [
        ("command", None, ""),
        ("command", "clerk", ""),
        ("unmask", "clerk", "电话通知领取意见书"),
    ]
    assert "办理中" in run("show", number)[1]


def test_show_knows_no_sealed_case_without_the_named_officer(run) -> None:
    make_department()
    number = register(MONDAY)
    take(number, StepCode.CLASSIFY, "clerk", MONDAY, matter_class="report")
    assert run("show", number, "--json")[0] == 4 and run("show", number, "--by", "clerk", "--json")[0] == 4
    assert run("show", number, "--by", "sealed", "--json")[0] == 3
    assert run("show", number, "--by", "sealed", "--reason", "研究移送事宜", "--json")[0] == 0
    assert list(AccessLogEntry.objects.values_list("what", "reason")) == [("unmask", "研究移送事宜")]


def test_sweep_says_what_it_did(run) -> None:
    make_department()
    register(MONDAY)
    set_trusted_time(timezone.now())
    code, data, _ = run("sweep", "--json")
    assert code == 0 and data["overdue"] == 2 and data["failed"] == 0
    assert "提醒 0" in run("sweep")[1]


def test_a_calendar_and_categories_are_imported(run, tmp_path: Path) -> None:
    year = tmp_path / "2027.csv"
    year.write_text(
        "日期,类型,名称\n2027-01-01,放假,元旦\n2027-05-01,放假,劳动节\n2027-10-01,放假,国庆节\n", encoding="gb18030"
    )
    assert run("calendar", "import", str(year), "--json")[0] == 3, "a year without a day worked instead is asked about"
    code, data, _ = run("calendar", "import", str(year), "--json", "--confirmed")
    assert code == 0 and data["years"] == [2027] and data["used"] == data["account"]["rows"] == 3
    assert run("calendar", "list", "--json")[1]["years"][-1]["year"] == 2027
    assert run("calendar", "import", str(tmp_path / "none.csv"), "--json")[0] == 3
    tree = tmp_path / "c.csv"
    tree.write_text("一级分类,二级分类,三级分类\n科研,经费,拨付\n,,报销\n,成果,\n", encoding="utf-8")
    code, data, _ = run("categories", "import", str(tree), "--json")
    assert code == 0 and data["added"] == 5
    assert list(Category.objects.values_list("code", "name"))[-3:] == [
        ("010101", "拨付"),
        ("010102", "报销"),
        ("0102", "成果"),
    ]
    assert run("categories", "import", str(tree), "--json")[1]["added"] == 0


def test_every_import_says_where_its_rows_went(run, tmp_path: Path) -> None:
    board = tmp_path / "2019年留言.csv"
    board.write_text(
        "留言编号,留言用户,留言主题,留言时间,留言详情,答复意见,点赞数\n"
        "1,甲,主题,2019-04-25,内容,已答复,3\n2,甲,主题,2019-04-26,内容二,,\n3,甲,主题,昨天,内容,,\n\n合计,,,,,,3\n",
        encoding="utf-8",
    )
    code, data, _ = run("import-messages", str(board), "--dry-run", "--json")
    assert code == 3 and data["dry_run"] and not Petition.objects.exists()
    code, data, _ = run("import-messages", str(board), "--json")
    assert data["rows"] == data["registered"] + data["already"] + data["refused"] + data["left_out"] == 5
    assert (data["registered"], data["history"], data["open"], data["refused"], data["left_out"]) == (2, 2, 0, 1, 2)
    assert data["columns_not_taken"] == [{"heading": "点赞数", "filled": 1}]
    assert data["history_without_reply"] == ["2"]
    assert data["next_sweep"] == {"alerts": 0, "overdue": 0, "escalated": 0, "notices": 0}
    code, text, err = run("import-messages", str(board))
    assert "共 5 行 = 登记 0 + 已登记过 2 + 未登记 1 + 略去 2（空行 1 行（第 5 行）；合计行 1 行（第 6 行））。" in text
    assert "没有采用的列：点赞数（1 格）。" in err and "下一次期限巡查将：" in text
    assert run("import-messages", str(board), "--sheet", "旧", "--json")[0] == 3
    tree = tmp_path / "c.csv"
    tree.write_text("一级分类,二级分类,备注\n科研,经费,旧\n\n成果,,\n", encoding="utf-8")
    code, data, _ = run("categories", "import", str(tree), "--json")
    assert data["account"]["rows"] == data["used"] + data["account"]["left_out"] == 3
    assert data["account"]["columns_not_taken"] == [{"heading": "备注", "filled": 1}]
    table = tmp_path / "安排.csv"
    table.write_text("节日,放假时间,调休上班\n元旦,1月1日至3日放假,1月9日上班\n,,\n", encoding="utf-8")
    assert run("calendar", "import", str(table), "--json")[0] == 3, "no year is named"
    code, text, err = run("calendar", "import", str(table), "--year", "2027")
    assert code == 0 and "共 1 行 = 采用 1 + 略去 0。" in text and "没有列出劳动节" in err


def test_messages_that_cannot_be_read_end_with_a_sentence(run, tmp_path: Path) -> None:
    file = tmp_path / "x.xlsx"
    file.write_bytes(b"PK\x03\x04")
    code, data, err = run("import-messages", str(file), "--json")
    assert code == 3 and data["refused"] and "损坏" in err


def given(said: str) -> str:
    """The one-time password that `staff passwd` has printed."""
    return said.split("：", 1)[1].split()[0]


def test_the_first_accounts_of_an_installation(run) -> None:
    assert run("unit", "add", "office", "办公室", "--kind", "office")[0] == 0
    assert run("staff", "add", "gaowa", "--name", "高娃")[0] == 0
    assert run("staff", "duty", "gaowa", "office_head", "office")[0] == 0
    for name, role in (("admin", "系统管理员"), ("safe", "安全管理员"), ("audit", "审计员")):
        assert run("staff", "add", name, "--name", role)[0] == 0
        assert run("staff", "duty", name, role)[0] == 0
        code, said, _ = run("staff", "passwd", name)
        assert code == 0 and "24 小时" in said
        first = Staff.objects.get(username=name)
        assert first.check_password(given(said)) and first.one_time_until
    code, _, err = run("staff", "passwd", "gaowa")
    assert code == 3 and "系统管理员在人员页面提出" in err, "everybody else gets theirs by two people"
    code, _, err = run("staff", "duty", "gaowa", "系统管理员")
    assert code == 3 and "办公室主任" in err, "who administers sees no cases"
    code, _, err = run("staff", "duty", "admin", "审计员")
    assert code == 3 and "同一人" in err
    assert run("staff", "unlock", "gaowa")[0] == run("staff", "forget-phone", "gaowa")[0] == 0
    assert "办公室主任" in run("staff", "list")[1]
    assert run("staff", "add", "gaowa", "--name", "高娃")[0] == 3
    assert run("staff", "duty", "gaowa", "nothing")[0] == 3
    assert run("staff", "passwd", "nobody")[0] == 2


def test_once_two_administrators_can_do_it_the_server_needs_a_reason_and_tells(run) -> None:
    make_department()
    for username in ("admin", "security"):
        Client().post(url("login"), {"username": username, "password": PASSWORD})
    said = AdminRecord.objects.count()
    attempts = (
        ("staff", "passwd", "security"),
        ("staff", "forget-phone", "security"),
        ("staff", "duty", "support", "handler", "funds"),
    )
    for attempt in attempts:
        code, _, err = run(*attempt)
        assert code == 3 and "--recovery" in err, attempt
    for attempt in (("staff", "passwd", "sealed"), ("staff", "forget-phone", "sealed")):
        code, _, err = run(*attempt, "--recovery", "手机丢失")
        assert code == 3 and "系统管理员在人员页面提出" in err, "only an administrator is recovered here"
    assert AdminRecord.objects.count() == said and not Notification.objects.exists()
    for attempt in attempts:
        assert run(*attempt, "--recovery", "安全管理员因病住院")[0] == 0
    assert {e.detail["reason"] for e in AdminRecord.objects.order_by("id")[said:]} == {"安全管理员因病住院"}
    for told, count in (("auditor", 3), ("admin", 3), ("security", 1)):
        assert Notification.objects.filter(staff__username=told, kind="at_the_server").count() == count
    assert Notification.objects.filter(staff__username="security", kind="account").count() == 2
    assert Notification.objects.filter(staff__username="support", kind="account").count() == 1


def test_a_password_given_but_not_changed_does_not_count_as_an_administrator(run) -> None:
    for name, role in (("admin", "系统管理员"), ("safe", "安全管理员")):
        run("staff", "add", name, "--name", role)
        run("staff", "duty", name, role)
        assert run("staff", "passwd", name)[0] == 0
    assert run("staff", "passwd", "admin")[0] == 0, "lost before it was used: given again"


def test_numbers_have_no_gap(run) -> None:
    make_department()
    register(MONDAY)
    assert run("numbers", "--json")[1] == {
        "series": [{"prefix": "LX", "year": 2026, "last": 1, "missing": []}],
        "missing": 0,
    }


def installed(*args: str, **settings: str) -> subprocess.CompletedProcess:
    env = {k: v for k, v in os.environ.items() if not k.startswith("XINFANG_")} | settings
    command = [sys.executable, "-m", "xinfang.operations.main", *args]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def test_a_fresh_folder_becomes_a_database_and_nothing_is_written_outside(tmp_path: Path) -> None:
    data = tmp_path / "data"
    done = installed("migrate", XINFANG_DATA=str(data), XINFANG_MODE="production")
    assert done.returncode == 0 and "数据库已就绪" in done.stdout
    assert [p.name for p in tmp_path.iterdir()] == ["data"]
    assert "执行 0 项升级，放入 0 个" in installed("migrate", XINFANG_DATA=str(data)).stdout


def test_a_wrong_setting_stops_with_one_sentence(tmp_path: Path) -> None:
    done = installed("sweep", XINFANG_DATA=str(tmp_path), XINFANG_MODE="live")
    assert done.returncode == 2 and "XINFANG_MODE" in done.stderr and len(done.stderr.splitlines()) == 1


def test_no_demo_in_production(tmp_path: Path) -> None:
    done = installed("demo", XINFANG_DATA=str(tmp_path), XINFANG_MODE="production")
    assert done.returncode == 2 and "演示" in done.stderr and not (tmp_path / "xinfang.sqlite3").exists()


def commands(of: argparse.ArgumentParser, path: str = "") -> list[str]:
    groups = [a for a in of._actions if isinstance(a, argparse._SubParsersAction)]
    if not groups:
        return [path.strip()]
    return [name for g in groups for n, p in g.choices.items() for name in commands(p, f"{path} {n}")]


def test_every_command_has_chinese_help_and_is_written_down() -> None:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8").partition("\n## Commands\n")[2]
    for name in commands(parser()):
        assert f"`{name}" in text, f"docs/operations.md does not tell of `{name}`"


def test_help_is_chinese(capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(SystemExit):
        main(["step", "--help"])
    text = capsys.readouterr().out
    assert "用法" in text and "办理" in text and "usage" not in text and "show this" not in text
