"""The written report of an event (专报, D29): proposed from its log, then edited and signed by people."""

from collections.abc import Iterator
from datetime import date, datetime

from xinfang.core.clock import SHANGHAI
from xinfang.papers.content import PaperContent
from xinfang.papers.source import quote_words
from xinfang.papers.wording import paper_content
from xinfang.procedure.articles import cite
from xinfang.procedure.calendar import in_chinese
from xinfang.procedure.facts import Directory
from xinfang.procedure.incidents.facts import IncidentFacts, LogEntry, ReportLink
from xinfang.procedure.incidents.kinds import INCIDENTS
from xinfang.procedure.words import PaperKind, Role

_TOLD_APART = ("remind", "add_picture", "draft_report", "sign_report", "send_report", "register_on_the_spot", "end")
"""Steps that a section of their own tells of, or that don't belong into a report upward."""


def _at(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%m月%d日%H时%M分}"


def propose_report(facts: IncidentFacts, directory: Directory, *, department: str, day: date) -> str:
    """Return the editable text (`source.py`), from the log alone: what happened, when, and what was done.

    No forecast, no visitor's name.
    """
    return "\n".join(_lines(facts, directory, department, day)) + "\n"


def _lines(facts: IncidentFacts, directory: Directory, department: str, day: date) -> Iterator[str]:
    assert facts.kind is not None and facts.opened_at is not None, "an event has begun"
    rule = INCIDENTS[facts.kind]
    yield f"标题：关于{_at(facts.opened_at)}{facts.kind.label}的专报"
    yield "主送：【待填：报送机关】"
    yield "紧急程度：特急"
    yield f"落款：{department}"
    yield f"日期：{in_chinese(day)}"
    yield "签发人：【待填：签发人姓名】"
    yield "---"
    yield "# 基本情况"
    people = f"约{facts.people}人" if facts.people else "人数待核"
    place = quote_words(facts.place) if facts.place else "【待填：地点】"
    yield f"{_at(facts.opened_at)}，{place}，{people}。事件编号{facts.number}，依据{cite(rule.cites)}报告。"
    if facts.representatives:
        yield f"来访人员已推选代表{facts.representatives}人。"
    if facts.petitions:
        yield f"现场登记信访事项{len(facts.petitions)}件：{'、'.join(facts.petitions)}。"
    yield "# 经过"
    for line in facts.lines:
        if line.code not in _TOLD_APART:
            yield _told(line, directory)
    yield "# 报告情况"
    for link in facts.told:
        yield _link(link, directory)
    yield "# 已采取的措施"
    there = [p for p in facts.present if p.there_at]
    if there:
        came = "，".join(
            f"{directory.staff_name(p.person)}（{p.role.label}）{_at(p.there_at)}到场" for p in there if p.there_at
        )
        yield f"{came}。"
    yield from (quote_words(line.step.says(directory)) for line in facts.lines if line.code == "end")
    yield "【待填：已采取的措施和下一步安排；只写事实，不作推测】"


def _told(line: LogEntry, directory: Directory) -> str:
    said = line.step.says(directory)
    return f"{_at(line.at)}，{line.role.label}{line.label}{'：' + quote_words(said.rstrip('。')) if said else ''}。"


def _link(link: ReportLink, directory: Directory) -> str:
    whom = "厅领导" if link.role is Role.LEADER else link.role.label
    if link.confirmed_at is None:
        return f"{whom}：{_at(link.since)}报告，尚未确认。"
    return f"{whom}：{_at(link.since)}报告，{_at(link.confirmed_at)}由{directory.staff_name(link.confirmed_by)}确认。"


def report_content(text: str, *, number: str = "") -> PaperContent:
    """Return the report as a paper, for both renderers.

    Raises:
        WordingSyntaxError: the text can't be read, with a sentence for the clerk.
    """
    return paper_content(PaperKind.URGENT_REPORT, text, number=number)
