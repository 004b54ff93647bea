"""The exchange record of one petition by its numbered fields, its people, and one entry for each step of its handling.

What must never be sent has a place in the schema and no way to be filled: NEVER_EXPORTED. `checked_content` raises
where such a field carries a value, no matter who made the record. Decision 0011 says which and why.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from xinfang.cases.models import Petition, Petitioner
from xinfang.exchange.codes import region_code, step_words
from xinfang.procedure.archive import terminal_state
from xinfang.procedure.errors import XinfangError
from xinfang.procedure.facts import CaseEvent, Facts
from xinfang.procedure.rounds import serves_the_opinion
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import PersonKind, PersonRole, ReceiptKind, ServiceMethod, State

SHANGHAI = ZoneInfo("Asia/Shanghai")
MAX_TEXT_CHARACTERS = 4000
"""Characters of 概况信息 and 投诉内容."""
YES, NO = "1", "0"

NEVER_EXPORTED = frozenset(
    {
        # What somebody is said to have announced: lawful to say, and no trait of a person (H18).
        "yybz",
        "yyr",
        "sksflbz",  # sorting of persons who live or work elsewhere
        "jabz",  # marks those who go on asking
        "rdwt",
        "zdrybz",  # extensions seen in provincial schemas: marks on persons
        "jjffxbz",
        "blyxbz",
        "xsztbz",
        "fxdj",
        "bfyrjb",  # who is complained of is named to nobody outside the case
        "bfyrzw",
        "bfyrzzdm",
        "bfyrzz",
        "bfyrdw",
        "cxm",  # opens the petitioner's own page; it is theirs
        "mz",  # of a person only who it is and how to reach them (PIPL 6)
        "zy",
        "xb",
        "csrq",
        "hkszd",
        "gzdw",
        "zfrbz",  # nobody is marked as the ringleader of a group
        "pjz",  # the petitioner's word, given where they gave it
        "pjnr",
    }
)


class ForbiddenContent(XinfangError):
    """A record carries what must never be sent. Its text names the field, never the value."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(f"交换记录中的 {'、'.join(sorted(names))} 不得填写，没有发送。")
        self.names = names


@dataclass(frozen=True)
class RecordSender:
    """Who reports: the department as the region knows it, from the settings."""

    department: str
    region_code: str
    department_code: str


@dataclass(frozen=True)
class RecordSource:
    """All that a record is made from."""

    petition: Petition
    facts: Facts
    sender: RecordSender
    limit: date | None = None
    """By when it must be handled, where that clock runs."""


@dataclass(frozen=True)
class RecordField:
    """One numbered field. `fill` is None where it is never filled here, and `why` says why."""

    number: int
    code: str
    label: str
    fill: Callable[[RecordSource], str] | None
    why: str = ""


_NEVER = "绝不导出（决定 0011）"
_NOT_KEPT = "本系统不记录"
_THEIRS = "由自治区系统自行判定"


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}" if at else ""


def _flag(yes: object) -> str:
    return YES if yes else NO


def _cut(text: str) -> str:
    clean = text.replace("\0", "")
    return clean if len(clean) <= MAX_TEXT_CHARACTERS else clean[: MAX_TEXT_CHARACTERS - 1] + "…"


def _signed_together(c: RecordSource) -> bool:
    return any(p.role == PersonRole.CO_SIGNER.value for p in c.petition.petitioners.all())


def _ended(c: RecordSource) -> bool:
    return terminal_state(c.facts) in (State.CLOSED, State.ANSWERED)


def _first(c: RecordSource) -> Petition:
    return c.petition.repeat_of or c.petition


RECORD_FIELDS: tuple[RecordField, ...] = (
    RecordField(1, "xzqh", "行政区划代码", lambda c: c.sender.region_code),
    RecordField(2, "xfjid", "信访件id", lambda c: f"{c.sender.department_code}-{c.petition.number}"),
    RecordField(3, "xfjbh", "信访件编号", lambda c: c.petition.number),
    RecordField(4, "cxmzt", "查询码状态", lambda c: NO),
    RecordField(5, "cxm", "查询码", None, _NEVER),
    RecordField(6, "xfrq", "信访日期", lambda c: _day(c.facts.received_on)),
    RecordField(7, "xfxs", "信访形式", lambda c: region_code("channel", c.facts.channel)),
    RecordField(8, "xfrs", "信访人数", lambda c: str(c.petition.group_size)),
    RecordField(9, "sjrs", "涉及人数", lambda c: str(c.petition.group_size)),
    RecordField(10, "djjgmc", "登记机构名称", lambda c: c.sender.department),
    RecordField(11, "djjgdm", "登记机构代码", lambda c: c.sender.department_code),
    RecordField(12, "djbm", "登记部门", lambda c: "办公室"),
    RecordField(13, "djr", "登记人", None, "只报机构，不报个人"),
    RecordField(14, "djsj", "登记时间", lambda c: _moment(c.petition.registered_at)),
    RecordField(15, "gkxx", "概况信息", lambda c: _cut(c.petition.subject)),
    RecordField(16, "tsnr", "投诉内容", lambda c: _cut(c.petition.body)),
    RecordField(17, "sxr", "受信人", lambda c: c.sender.department),
    RecordField(18, "xfjzt", "信访件状态", lambda c: region_code("state", c.facts.state)),
    RecordField(19, "bjgccbz", "本机构初次标志", lambda c: _flag(not c.facts.repeat_of)),
    RecordField(20, "qgccbz", "全国初次标志", None, _THEIRS),
    RecordField(21, "cfxfbz", "重复信访标志", lambda c: _flag(c.facts.repeat_of)),
    RecordField(22, "wtsddm", "问题属地代码", None, _NOT_KEPT),
    RecordField(23, "nrfldm", "内容分类代码", lambda c: region_code("categories", c.facts.category)),
    RecordField(24, "xfmddm", "信访目的代码", lambda c: region_code("purpose", c.facts.purpose)),
    RecordField(25, "xfyydm", "信访原因代码", None, _NOT_KEPT),
    RecordField(26, "scxfjg", "首次信访机构", lambda c: c.sender.department),
    RecordField(27, "scxfrq", "首次信访日期", lambda c: _day(_first(c).received_on)),
    RecordField(28, "sksflbz", "三跨三分离标志", None, _NEVER),
    RecordField(29, "jabz", "积案标志", None, _NEVER),
    RecordField(30, "fcbz", "复查标志", lambda c: _flag(c.facts.review_stage)),
    RecordField(31, "fhbz", "复核标志", lambda c: _flag(c.facts.review_stage.startswith("final"))),
    RecordField(32, "bjbz", "办结标志", lambda c: _flag(_ended(c))),
    RecordField(33, "shrdbjbz", "审核认定办结标志", None, _THEIRS),
    RecordField(34, "lmbz", "是否联名", lambda c: _flag(_signed_together(c))),
    RecordField(35, "gkbz", "是否同意公开", lambda c: NO),
    RecordField(36, "zdjjbz", "重大紧急标志", None, "重大紧急信息另以专报报送（条例第二十五条）"),
    RecordField(37, "nmbz", "匿名标志", lambda c: _flag(c.petition.anonymous)),
    RecordField(38, "yybz", "不再使用的标志", None, _NEVER),
    RecordField(39, "rdwt", "热点问题", None, _NEVER),
    RecordField(40, "ssxt", "所属系统", lambda c: "科技"),
    RecordField(41, "xbjzsj", "限办截止时间", lambda c: _day(c.limit)),
    RecordField(42, "fj", "附件", None, "附件不经接口报送"),
    RecordField(43, "bfyrjb", "被反映人级别", None, _NEVER),
    RecordField(44, "bfyrzw", "被反映人职务", None, _NEVER),
    RecordField(45, "bfyrzzdm", "被反映人住址代码", None, _NEVER),
    RecordField(46, "bfyrzz", "被反映人住址名称", None, _NEVER),
    RecordField(47, "bfyrdw", "被反映人或单位", None, _NEVER),
    RecordField(48, "blcx", "办理程序", lambda c: "简易" if c.facts.simple else "普通"),
)

PERSON_FIELDS: tuple[tuple[str, str, Callable[[Petitioner], str] | None], ...] = (
    ("xh", "序号", lambda p: str(p.place)),
    ("xm", "姓名", lambda p: p.full_name),
    ("lx", "类型", lambda p: PersonKind.of(p.kind).label),
    ("sf", "身份", lambda p: PersonRole.of(p.role).label),
    ("zjhm", "证件号码", lambda p: p.id_number),
    ("sjhm", "手机号", lambda p: p.phone),
    ("zz", "住址", lambda p: p.address),
    ("xb", "性别", None),
    ("mz", "民族", None),
    ("zy", "职业", None),
    ("csrq", "出生日期", None),
    ("hkszd", "户口所在地", None),
    ("gzdw", "工作单位", None),
    ("zfrbz", "主访人标志", None),
)
"""Code, label, and how it is filled; None: never (PIPL 6)."""


def case_record(case: RecordSource) -> dict[str, str]:
    """Return the 48 fields of a petition, by code.

    The case must not be sealed: nothing of a report of wrongdoing goes this way (N30).
    """
    assert not case.facts.sealed and not case.petition.sealed
    return {f.code: f.fill(case) if f.fill else "" for f in RECORD_FIELDS}


def person_records(petition: Petition) -> list[dict[str, str]]:
    """Return everybody of the petition, in plain, for the region that handles the same matter.

    Raises:
        DecryptionFailed: what is kept of a person is damaged.
        KeyMissing: the key that wraps the case's key isn't here.
    """
    return [{name: fill(p) if fill else "" for name, _, fill in PERSON_FIELDS} for p in petition.petitioners.all()]


def step_record(case: RecordSource, happening: CaseEvent, label: str, unit: str) -> dict[str, str]:
    """Return what the region is told of one step: what, when, where it went.

    No working papers, no advice, no names of staff.
    """
    facts, step = case.facts, happening.step
    line = {
        "xfjbh": case.petition.number,
        "bljg": case.sender.department,
        "blfs": step_words().get(happening.code, label),
        "blsj": _day(happening.happened_on),
        "qxjg": str(getattr(step, "body", "") or "") if happening.code in (StepCode.REDIRECT, StepCode.FORWARD) else "",
        "xqx": unit,
        "blyj": label,
        "xfjzt": region_code("state", facts.state),
        "xbjzsj": _day(case.limit),
    }
    if happening.code == StepCode.ISSUE_REPLY:
        line["yjsbh"] = str(step.document_number)
        line["yjsnr"] = _cut("\n".join(_concluded(facts)))
    if serves_the_opinion(happening):
        # What the petitioner opened on the window was served electronically, and they got it.
        line["sdsj"] = _day(facts.served_on)
        line["sdfs"] = region_code("service", getattr(step, "method", ServiceMethod.ELECTRONIC))
        line["qsbz"] = region_code("receipt", getattr(step, "receipt", ReceiptKind.SIGNED))
    return line


def _concluded(facts: Facts) -> list[str]:
    return [
        f"{r.number}. {r.text}：{r.conclusion.label}。{r.finding}（依据：{r.basis}）"
        for r in facts.requests
        if r.conclusion
    ]


def checked_content(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the content, if no field that must never be sent carries a value, however deep it lies.

    Raises:
        ForbiddenContent: one does.
    """
    if found := sorted(set(_forbidden(content))):
        raise ForbiddenContent(found)
    return content


def _forbidden(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        own = [str(k) for k, v in value.items() if str(k).lower() in NEVER_EXPORTED and v not in ("", None)]
        return own + [name for v in value.values() for name in _forbidden(v)]
    if isinstance(value, list | tuple):
        return [name for v in value for name in _forbidden(v)]
    return []
