"""A new installation: answered in a file or at the terminal, broken off and taken up again."""

import re
from pathlib import Path

import pytest
import xlsxwriter

from tests.operations.process import command, program
from xinfang.accounts.actions.staff_sheet import STAFF_COLUMNS
from xinfang.core.table_files import TableLayout, read_table
from xinfang.department.queries import SETTINGS
from xinfang.operations.new_installation.answers import Answers, WrongAnswers, read_answers, template
from xinfang.operations.new_installation.steps import people_template

HEAD = ("单位代码", "单位", "单位类型", "分管领导", "用户名", "姓名", "职务", "邮箱", "职责")
PEOPLE = [
    ("office", "办公室", "办公室", "", "hoff", "甲办", "主任", "", "办公室主任"),
    ("office", "", "", "", "clerk", "乙办", "", "", "办公室、接待登记"),
    ("lead", "厅领导", "厅领导", "", "boss", "丙厅", "厅长", "", "厅主要领导"),
    ("lead", "", "", "", "vice", "丁厅", "副厅长", "", "分管厅领导"),
    ("funds", "资源配置与经费处", "处室", "丁厅", "fhead", "戊处", "处长", "", "处室（单位）负责人"),
    ("funds", "", "", "", "fone", "己处", "", "", "承办人"),
]
ANSWERS = """
[系统管理员]
用户名 = wang
姓名 = 王某
[安全管理员]
用户名 = li
姓名 = 李某
[审计员]
用户名 = zhao
姓名 = 赵某
[人员表]
文件 = people.xlsx
[份额]
共几份 = 5
凑够几份 = 3
[备份]
文件夹 = {backups}
[设置]
复查机关 = 某自治区人民政府（某路2号）
厅地址 = 某路1号
"""
COUNT = """
import django; django.setup()
from xinfang.accounts.models import Duty, Staff, Unit
from xinfang.audit.models import AdminRecord
print(Unit.objects.count(), Staff.objects.count(), Duty.objects.count(), AdminRecord.objects.count())
print(Unit.objects.get(code="funds").leader.name)
"""


def write_people(file: Path, rows: list[tuple[str, ...]]) -> None:
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate([HEAD, *rows]):
            sheet.write_row(place, 0, row)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "backups").mkdir()
    (tmp_path / "answers.txt").write_text(ANSWERS.format(backups=tmp_path / "backups"), "utf-8")
    return tmp_path


def test_from_nothing_broken_off_by_a_faulty_row_to_a_system_that_is_ready(folder: Path) -> None:
    settings = {"XINFANG_DATA": str(folder / "data"), "XINFANG_MODE": "test"}
    faulty = [*PEOPLE[:4], ("funds", "资源配置与经费处", "科室", "", "", "", "", "", ""), *PEOPLE[5:]]
    write_people(folder / "people.xlsx", faulty)
    broken = command(folder, "setup", "--answers", "answers.txt", **settings)
    assert broken.returncode == 3, broken.stderr
    assert "第 6 行" in broken.stderr and "类型" in broken.stderr and "已经完成的不会重做" in broken.stderr
    assert broken.stdout.count("的一次性密码：") == 3, "what is shown once was shown"
    write_people(folder / "people.xlsx", PEOPLE)
    done = command(folder, "setup", "--answers", "answers.txt", **settings)
    assert done.returncode == 0, done.stderr
    assert "一次性密码" not in done.stdout, "nobody gets a second one"
    assert len(re.findall(r"^XF1", done.stdout, re.MULTILINE)) == 5
    assert "新增单位 3 个、人员 6 名、职责 7 项" in done.stderr
    assert "还缺" in done.stderr and "检举控告专管员" in done.stderr and "复查机关" not in done.stderr
    assert len(list((folder / "backups").iterdir())) == 1
    counted = program(COUNT, **settings).stdout.split()
    assert counted[:3] == ["3", "9", "10"] and counted[-1] == "丁厅"
    again = command(folder, "setup", "--answers", "answers.txt", **settings)
    assert again.returncode == 0 and again.stdout == "", "nothing is done twice"
    assert program(COUNT, **settings).stdout.split() == counted


def test_asked_at_the_terminal(tmp_path: Path) -> None:
    given = [
        "wang",
        "王某",
        "li",
        "李某",
        "zhao",
        "赵某",
        "某政府",
        "",
        "",
        "",
        "",
        "",
        "",
        "/no/such/file",
        "",
        "否",
        "",
        "",
    ]
    asked = command(
        tmp_path, "setup", given="\n".join(given) + "\n", XINFANG_DATA=str(tmp_path / "data"), XINFANG_MODE="test"
    )
    assert asked.returncode == 0, asked.stderr
    assert asked.stdout.count("的一次性密码：") == 3 and "不存在，请再写一次" in asked.stderr
    assert "已填写设置 1 项：复查机关" in asked.stderr and "还没有制作过密钥份额" in asked.stderr
    ended = command(tmp_path, "setup", given="", XINFANG_DATA=str(tmp_path / "data"), XINFANG_MODE="test")
    assert ended.returncode == 0 and "系统管理员的用户名" not in ended.stderr, "what is there isn't asked"


def test_the_templates_are_read_by_the_program_itself(tmp_path: Path) -> None:
    file = tmp_path / "answers.txt"
    file.write_text(template(), "utf-8")
    assert read_answers(file) == Answers(shares=(5, 3)), "nothing is answered but what it proposes"
    assert all(f"\n{spec.label} =" in template() for spec in SETTINGS.values())
    table = read_table(people_template(), STAFF_COLUMNS, TableLayout(("unit_code",)))
    assert [row.text("unit_code") for row in table.rows] == ["office", "funds"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[人员]", "没有名为“人员”的部分"),
        ("a = 1", "不是可以读取的答案文件"),
        ("[份额]\n共几份 = 3\n共几份 = 4", "不是可以读取的答案文件"),
        ("[人员表]\n文件 = no.xlsx", "不存在"),
        ("[份额]\n共几份 = 2\n凑够几份 = 3", "凑够几份"),
        ("[份额]\n共几份 = 五", "凑够几份"),
        ("[备份]\n文件夹 = here", "完整路径"),
        ("[设置]\n没有 = 1", "“设置”中没有“没有”这一项"),
        ("[审计员]\n用户名 = a", "审计员缺少用户名或姓名"),
        ("[审计员]\n用户名 = a\n姓名 = b\n[系统管理员]\n用户名 = A\n姓名 = c", "三个人"),
    ],
)
def test_a_wrong_answer_is_named(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "answers.txt"
    file.write_text(text, "utf-8")
    with pytest.raises(WrongAnswers, match=re.escape(says)):
        read_answers(file)
