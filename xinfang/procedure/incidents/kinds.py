"""Urgent events (H11, H15–H18, N25): who attends, who is told, in which order. Events, never labels on persons."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from xinfang.procedure.articles import HOUSE_RULES, REGULATION, Article

from ..dated_rules import Limit
from ..limits import INCIDENT_LEADER, INCIDENT_OFFICE, REPRESENTATIVES
from ..words import IncidentKind, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRule:
    """One kind of event: what comes first, who attends, who is told in turn and within which minutes."""

    kind: IncidentKind
    cites: tuple[Article, ...]
    first: str
    attends: tuple[tuple[str, tuple[Role, ...]], ...]
    """Who must be there, in the field's words, and in which duties somebody counts as that."""
    told: tuple[tuple[Role, Limit | None], ...]
    records: str

    @property
    def office_first(self) -> bool:
        """Whether the office is told first and tells the leaders (H16); else the leaders are told at once."""
        return any(role is Role.OFFICE for role, _ in self.told)


OFFICE = (Role.OFFICE, Role.OFFICE_HEAD)
LEADERS = (Role.PRINCIPAL_LEADER, Role.LEADER)
UNITS = (Role.UNIT_HEAD, Role.HANDLER)
_OFFICE_THERE = (Role.OFFICE.label, OFFICE)
_UNIT_THERE = ("承办处室（单位）", UNITS)
_CENTRE_THERE = (Role.SUPPORT_CENTRE.label, (Role.SUPPORT_CENTRE,))
_LEADERS_AT_ONCE = ((Role.PRINCIPAL_LEADER, INCIDENT_LEADER), (Role.LEADER, INCIDENT_LEADER))

INCIDENTS: Mapping[IncidentKind, IncidentRule] = MappingProxyType(
    {
        r.kind: r
        for r in (
            IncidentRule(
                kind=IncidentKind.GROUP_VISIT,
                cites=(HOUSE_RULES[15], REGULATION[20]),
                first="办公室、承办处室（单位）、保障中心共同接访，并立即向厅领导报告",
                attends=(_OFFICE_THERE, _UNIT_THERE, _CENTRE_THERE),
                told=_LEADERS_AT_ONCE,
                records=f"人数、代表（不超过{REPRESENTATIVES}）、诉求、接待人员和时间",
            ),
            IncidentRule(
                kind=IncidentKind.SUDDEN_GATHERING,
                cites=(HOUSE_RULES[16], REGULATION[25]),
                first="物业值班人员第一时间向办公室报告",
                attends=(_OFFICE_THERE,),
                told=((Role.OFFICE, INCIDENT_OFFICE), *_LEADERS_AT_ONCE),
                records="每次报告的真实时间；现场登记每一件信访事项",
            ),
            IncidentRule(
                kind=IncidentKind.MEDICAL_EMERGENCY,
                cites=(HOUSE_RULES[17],),
                first="立即拨打120、110，先救人，再记录",
                attends=(_OFFICE_THERE,),
                told=_LEADERS_AT_ONCE,
                records="时间、地点、情况、送医经过；不是违规行为",
            ),
            IncidentRule(
                kind=IncidentKind.DISTURBANCE,
                cites=(HOUSE_RULES[17], HOUSE_RULES[18], REGULATION[26]),
                first="劝阻、批评、教育；必要措施由有关部门决定",
                attends=(_OFFICE_THERE,),
                told=((Role.OFFICE_HEAD, None), *_LEADERS_AT_ONCE),
                records="事实、对应条例第二十六条的哪一项、见证人、采取的做法",
            ),
            IncidentRule(
                kind=IncidentKind.REPORT_TO_BUREAU,
                cites=(HOUSE_RULES[11], HOUSE_RULES[18], REGULATION[25]),
                first="仅限对人身、公共秩序的具体威胁，或条例第二十五条的重大紧急事项",
                attends=(_OFFICE_THERE,),
                told=_LEADERS_AT_ONCE,
                records="事实，不作预测；并注明是否已书面告知复查复核渠道",
            ),
        )
    }
)
