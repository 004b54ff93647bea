"""The words of urgent events. Each names an act or a fact of the day; none of them says what somebody is like."""

from ..words import Word


class EmergencyCall(Word):
    """Whom somebody called for help before anything else (H17)."""

    AMBULANCE = "120", "120（急救）"
    POLICE = "110", "110（报警）"


class ForbiddenAct(Word):
    """The acts that N26 forbids; nothing beside them is one."""

    BLOCKING = "blocking", "（一）非法聚集，围堵、冲击机关，拦截公务车辆，堵塞交通"
    WEAPONS = "weapons", "（二）携带危险物品、管制器具"
    VIOLENCE = "violence", "（三）侮辱、殴打、威胁工作人员，限制他人人身自由，毁坏财物"
    REFUSING_TO_LEAVE = "refusing_to_leave", "（四）在接待场所滞留、滋事，或弃留生活不能自理的人"
    INCITING = "inciting", "（五）煽动、串联、胁迫、以财物诱使、幕后操纵他人信访，借机敛财"
    OTHER = "other", "（六）其他扰乱公共秩序、妨害国家和公共安全的行为"


class IncidentAnswer(Word):
    """What the department may do itself, and whom it may ask for measures that are theirs to take (H17, H18, N47)."""

    DISSUADED = "dissuaded", "劝阻"
    CRITICISED = "criticised", "批评"
    EXPLAINED = "explained", "教育、解释"
    ASKED_POLICE = "asked_police", "商请公安机关依法处置"
    ASKED_OTHERS = "asked_others", "商请其他有关部门"


class ReportGround(Word):
    """What alone may be reported to the petition bureau as urgent (H18, N25): no forecast of what somebody will do."""

    THREAT = "threat", "对人身或公共秩序的具体威胁"
    SERIOUS = "serious", "可能造成社会影响的重大、紧急信访事项（条例第二十五条）"


class ReportStage(Word):
    """How far the written report (专报) has come."""

    NONE = "none", "未拟"
    DRAFTED = "drafted", "待签发"
    SIGNED = "signed", "待报送"
    SENT = "sent", "已报送"
