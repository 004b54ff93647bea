"""卷皮 and 卷内备考表: what the system knows of a volume, on its first and on its last leaf."""

import io
import re
from dataclasses import replace
from pathlib import Path

import pdfplumber
import pytest
from django.conf import settings

from tests.archive.test_contents_list import listed
from tests.archive.test_package import CAME, exported, photograph
from tests.archive.test_volume_number import CODES, set_codes
from tests.world import make_department, noon, register, take, walk, who
from xinfang.archive.dossier import printed_leaves
from xinfang.archive.dossier.gathering import DossierPart, gather_dossier
from xinfang.archive.titles import volume_title
from xinfang.attachments.actions.attach import attach_checked
from xinfang.cases.models import Petition
from xinfang.core.clock import today
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import Material

pytestmark = pytest.mark.django_db


def file_of(*, codes: bool = True, recording: bool = False) -> str:
    make_department()
    if codes:
        set_codes(CAME, **CODES, archive_unit="办公室")
    number = register(CAME)
    attach_checked(number, photograph(), "照片.jpg", "jpg", what=Material.EVIDENCE, by=who("clerk"), now=noon(CAME))
    if recording:
        attach_checked(
            number,
            b"#!AMR\n" + b"\x3c" * 64,
            "录音.amr",
            "amr",
            what=Material.RECORDING,
            by=who("clerk"),
            now=noon(CAME),
        )
    walk(number, "archived", CAME, 0)
    return number


def leaf(pdf: Path, page: int) -> dict[str, str]:
    """The rows of the table on a page, by their labels."""
    with pdfplumber.open(pdf) as opened:
        found = opened.pages[page].extract_table() or []
    return {re.sub(r"\s", "", row[0] or ""): re.sub(r"\s", "", row[1] or "") for row in found}


def test_the_cover_says_what_the_book_asks_for(tmp_path: Path) -> None:
    target = exported(file_of(), tmp_path)
    cover, rows = leaf(target / "data/卷宗.pdf", 0), listed(target / "data/卷宗.pdf")
    assert cover == {
        "档号": f"A012-WS·{CAME.year}-D30-BGS-0001",
        "全宗号": "A012",
        "全宗名称": settings.DEPARTMENT,
        "年度": str(CAME.year),
        "机构（问题）": "办公室（BGS）",
        "编号": "LX2026000001",
        "题名": "关于其木格请求说明科技特派员补助发放情况的信访案卷",
        "起止日期": f"{CAME:%Y%m%d}—{CAME:%Y%m%d}",
        "密级": "无",
        "保管期限": "30年",
        "立卷人": "巴特尔",
        "件数": str(len(rows)),
        "页数": rows[-1]["页次"].split("—")[-1],
    }


def test_what_is_not_set_is_said_on_the_cover(tmp_path: Path) -> None:
    number = file_of(codes=False)
    cover = leaf(exported(number, tmp_path) / "data/卷宗.pdf", 0)
    assert (cover["全宗号"], cover["机构（问题）"], cover["档号"]) == ("尚未设置", "尚未设置", f"{CAME.year}-D30-0001")
    set_codes(CAME)
    (tmp_path / "again").mkdir()
    again = leaf(exported(number, tmp_path / "again") / "data/卷宗.pdf", 0)
    assert (again["全宗号"], again["档号"]) == ("尚未设置", cover["档号"]), "a number that was given stays as it is"


def test_open_and_sealed_volume_are_told_apart(tmp_path: Path) -> None:
    target = exported(file_of(), tmp_path, DossierPart.BOTH)
    opened, sealed = leaf(target / "data/卷宗.pdf", 0), leaf(target / "data/sealed/密封卷.pdf", 0)
    assert sealed["档号"] == opened["档号"] + "-MF" and sealed["密级"] == "内部"
    assert sealed["题名"] == "关于LX2026000001号信访事项的信访案卷（密封卷）"
    (tmp_path / "alone").mkdir()
    alone = exported("LX2026000001", tmp_path / "alone", DossierPart.SEALED)
    assert f"External-Identifier: {sealed['档号']}\n" in (alone / "bag-info.txt").read_text()


def test_the_last_leaf_tells_who_made_and_checked_the_volume_and_what_was_printed_again(tmp_path: Path) -> None:
    target = exported(file_of(recording=True), tmp_path)
    rows = listed(target / "data/卷宗.pdf")
    closing = leaf(target / "data/卷宗.pdf", -1)
    day = f"{CAME.year}年{CAME.month}月{CAME.day}日"
    condition = closing.pop("缺损、补印情况")
    assert closing == {
        "档号": f"A012-WS·{CAME.year}-D30-BGS-0001",
        "件数": f"{len(rows)}件",
        "页数": f"{rows[-1]['页次'].split('—')[-1]}页",
        "立卷人": "巴特尔",
        "立卷日期": day,
        "检查人": "田静",
        "检查日期": day,
    }
    again = [f"第{r['序号']}件《{r['题名']}》" for r in rows if r["备注"] == "据办理记录补印"]
    recording = next(r for r in rows if "录音" in r["题名"])
    assert len(again) > 2 and f"据办理记录补印：{'、'.join(again)}。" in condition
    assert f"不能印在纸上，以说明页代替：第{recording['序号']}件《{recording['题名']}》。" in condition
    assert "缺损：" not in condition and "缺送达回证" not in condition


def test_a_volume_that_is_not_handed_over_says_what_it_lacks(tmp_path: Path) -> None:
    make_department()
    number = register(CAME)
    walk(number, "closed", CAME, 0)
    closing = leaf(exported(number, tmp_path) / "data/卷宗.pdf", -1)
    assert closing["立卷人"] == "尚未移交机要室" and closing["检查人"] == "机要室尚未接收"
    assert "缺送达回证（还差1份）。" in closing["缺损、补印情况"]


def test_what_happens_in_the_archive_changes_no_leaf_that_was_bound(tmp_path: Path) -> None:
    number = file_of()

    def pages(folder: str) -> list[dict[str, str]]:
        (tmp_path / folder).mkdir()
        return listed(exported(number, tmp_path / folder) / "data/卷宗.pdf")

    before = pages("before")
    for retention in ("permanent", "years_30") * 6:
        take(number, StepCode.CHANGE_RETENTION, "archivist", retention=retention, reason="鉴定")
    assert pages("after") == before


@pytest.mark.parametrize(
    ("subject", "group", "title"),
    [
        ("请求补发补助。", 1, "关于其木格请求补发补助的信访案卷"),
        ("科技特派员补助未发放问题", 1, "关于其木格反映科技特派员补助未发放问题的信访案卷"),
        ("关于项目终止的情况", 8, "关于其木格等8人反映项目终止的情况的信访案卷"),
        ("对验收结论的异议", 1, "关于其木格对验收结论的异议的信访案卷"),
    ],
)
def test_the_title_is_in_the_usual_form(subject: str, group: int, title: str) -> None:
    make_department()
    petition = Petition.objects.get(number=register(CAME))
    petition.subject, petition.group_size = subject, group
    people = list(petition.petitioners.all())
    assert volume_title(petition, people, apart=False) == title
    assert volume_title(petition, [], apart=False).startswith("关于信访人")
    dossier = gather_dossier(Petition.objects.get(number=petition.number), today())
    assert replace(dossier.entry(apart=False), file="").volume == "（未编档号）"


def test_a_cover_is_one_page_however_much_it_says() -> None:
    facts = [("档号", "A01234-ZYDA·XFAJ·2026-D30-BGSXFB-12345-MF"), ("全宗号", "A01234"), ("全宗名称", "某" * 24)]
    facts += [("年度", "2026"), ("机构（问题）", "资源配置与经费管理处办公室（BGSXFB）"), ("编号", "LX2026000001")]
    facts += [
        ("题名", f"关于{'某某市某某区科学技术有限责任公司、' * 3}请求{'说' * 118}的信访案卷"),
        ("起止日期", "20260101—20261231"),
    ]
    facts += [("密级", "无"), ("保管期限", "30年"), ("立卷人", "某" * 12), ("件数", "999"), ("页数", "9999")]
    pdf = printed_leaves.cover("一卷", "某" * 24, "信访案卷（密封卷）", facts, "密封卷须由指定人员开启。" * 3)
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        assert len(opened.pages) == 1


def test_there_is_no_gap_round_the_dot_of_a_number(tmp_path: Path) -> None:
    with pdfplumber.open(exported(file_of(), tmp_path) / "data/卷宗.pdf") as opened:
        chars = opened.pages[0].chars
    at = next(n for n, c in enumerate(chars) if c["text"] == "·")
    before, after = chars[at - 1], chars[at + 1]
    assert (before["text"], after["text"]) == ("S", "2")
    assert after["x0"] - before["x1"] < before["size"] * 0.6
