"""Every number of the procedure, once, with its article. Days are calendar days unless the name says working days.

A change of the law is one entry here, beside the number that it changes:
`later=(LimitVersion(date(2027, 1, 1), 45, DAYS, (REGULATION[34],)),)`.
"""

from xinfang.procedure.articles import (
    ALL_ARTICLES,
    CIVIL_PROCEDURE_LAW,
    DISCLOSURE_RULES,
    HOUSE_RULES,
    LITIGATION_LAW,
    PERSONAL_INFORMATION_LAW,
    RECONSIDERATION_LAW,
    REGULATION,
)

from .dated_rules import DAYS, MINUTES, MONTHS, WORKING, Basis, Limit

CHOSEN_BY_DEPARTMENT = ALL_ARTICLES["D"]
SIMPLE_MEASURES = ALL_ARTICLES["S"]
_LAW_NOT_HERE = "该法条文未收入本系统，按公布的文本转述，适用时以公布的文本为准"
_TRIAL_MEASURES = "借自2016年《信访事项简易办理办法（试行）》；2022年现行办法规定时限的条文未核对"

NOTICE = Limit("notice", "收到后书面告知信访人", 15, DAYS, (REGULATION[23],))
OBJECTION = Limit("objection", "对上级移交事项提出异议", 5, WORKING, (HOUSE_RULES[8], REGULATION[23]))
HANDLING = Limit("handling", "受理后办结", 60, DAYS, (HOUSE_RULES[13], REGULATION[34]))
EXTENSION = Limit("extension", "延长办理期限的上限", 30, DAYS, (HOUSE_RULES[13], REGULATION[34]))
EXTENSIONS = Limit(
    "extensions",
    "延长办理期限的次数",
    1,
    "次",
    (HOUSE_RULES[13], REGULATION[34]),
    basis=Basis.READING,
    basis_note="条文写了延长不得超过30日，没有写次数；本厅理解为只延长一次",
)
REQUEST_FIRST_REVIEW = Limit("request_first_review", "信访人请求复查", 30, DAYS, (REGULATION[35],))
REQUEST_FINAL_REVIEW = Limit("request_final_review", "信访人请求复核", 30, DAYS, (REGULATION[36],))
FIRST_REVIEW = Limit("first_review", "复查机关作出复查意见", 30, DAYS, (REGULATION[35],))
OWN_REVIEW = Limit("own_review", "本厅作出复查意见", 30, DAYS, (REGULATION[35],))
"""The review of another body's opinion by this department."""
OWN_DUTY = Limit(
    "own_duty",
    "履行法定职责的答复",
    2,
    MONTHS,
    (REGULATION[31], LITIGATION_LAW[47]),
    basis=Basis.BORROWED,
    basis_note="条例第三十一条没有写期限；借自行政诉讼法第四十七条（满两个月不履行的可以起诉），该法条文未收入本系统",
)
"""A matter that the department performs or answers under the law that governs it, in its own power."""
ADMINISTRATIVE_RECONSIDERATION = Limit(
    "administrative_reconsideration", "申请行政复议", 60, DAYS, (RECONSIDERATION_LAW[20],), basis_note=_LAW_NOT_HERE
)
LITIGATION = Limit("litigation", "提起行政诉讼", 6, MONTHS, (LITIGATION_LAW[46],), basis_note=_LAW_NOT_HERE)
DISCLOSURE = Limit("disclosure", "答复政府信息公开申请", 20, WORKING, (DISCLOSURE_RULES[33],), basis_note=_LAW_NOT_HERE)
"""A request for information is answered under its own rules, outside this system."""
FINAL_REVIEW = Limit("final_review", "复核机关作出复核意见", 30, DAYS, (REGULATION[36],))
SIMPLE_ACCEPTANCE = Limit(
    "simple_acceptance",
    "简易办理的受理告知",
    3,
    WORKING,
    (SIMPLE_MEASURES,),
    basis=Basis.BORROWED,
    basis_note=_TRIAL_MEASURES,
)
SIMPLE_HANDLING = Limit(
    "simple_handling",
    "简易办理的答复",
    10,
    WORKING,
    (SIMPLE_MEASURES,),
    basis=Basis.BORROWED,
    basis_note=_TRIAL_MEASURES,
)
REPRESENTATIVES = Limit("representatives", "集体来访的代表", 5, "人", (REGULATION[20],))
GROUP_VISIT = Limit(
    "group_visit",
    "来访达到这个人数，按集体来访接待",
    5,
    "人",
    (HOUSE_RULES[15], CHOSEN_BY_DEPARTMENT),
    setting=True,
    basis=Basis.SETTING,
    basis_note="规程第十五条没有写人数；按信访工作通常口径",
)
SUGGESTION = Limit(
    "suggestion",
    "建议意见的回复",
    60,
    DAYS,
    (REGULATION[29], CHOSEN_BY_DEPARTMENT),
    setting=True,
    basis=Basis.SETTING,
    basis_note="条例第二十九条没有写期限；与条例第三十四条的办理期限一样长",
)
BUREAU_ADVICE = Limit(
    "bureau_advice",
    "反馈信访部门的建议",
    30,
    DAYS,
    (REGULATION[40], CHOSEN_BY_DEPARTMENT),
    setting=True,
    basis=Basis.SETTING,
)
SUPERVISION = Limit(
    "supervision",
    "督办没有写明日期时的反馈",
    7,
    DAYS,
    (HOUSE_RULES[5], CHOSEN_BY_DEPARTMENT),
    setting=True,
    basis=Basis.SETTING,
)
WARN_HEAD = Limit(
    "warn_head",
    "到期前提醒承办处室（单位）负责人",
    7,
    DAYS,
    (HOUSE_RULES[6], CHOSEN_BY_DEPARTMENT),
    setting=True,
    basis=Basis.SETTING,
)
WARN_LEADER = Limit(
    "warn_leader",
    "到期前提醒包案厅领导",
    3,
    DAYS,
    (HOUSE_RULES[4], CHOSEN_BY_DEPARTMENT),
    setting=True,
    basis=Basis.SETTING,
)
TELL_PRINCIPAL = Limit(
    "tell_principal",
    "超期后报厅主要领导",
    10,
    DAYS,
    (HOUSE_RULES[5], CHOSEN_BY_DEPARTMENT),
    setting=True,
    basis=Basis.SETTING,
)
SECOND_PERSON = Limit(
    "second_person",
    "等待第二人确认，超过的逐级告知",
    2,
    WORKING,
    (HOUSE_RULES[5], REGULATION[28], CHOSEN_BY_DEPARTMENT),
    setting=True,
    basis=Basis.SETTING,
)
"""So long a step waits for its second person before others are told; twice and three times as long, the leaders."""
RESUBMIT = Limit(
    "resubmit",
    "退回后重新报送或重新交办",
    7,
    DAYS,
    (HOUSE_RULES[6], REGULATION[28], CHOSEN_BY_DEPARTMENT),
    setting=True,
    basis=Basis.SETTING,
)
ASSIST = Limit(
    "assist",
    "协办单位提供情况或意见",
    15,
    DAYS,
    (HOUSE_RULES[6], REGULATION[28], CHOSEN_BY_DEPARTMENT),
    setting=True,
    basis=Basis.SETTING,
)
ARCHIVE = Limit(
    "archive", "结案后移交机要室", 30, DAYS, (HOUSE_RULES[14], CHOSEN_BY_DEPARTMENT), setting=True, basis=Basis.SETTING
)
RATING = Limit(
    "rating", "送达后请信访人评价", 30, DAYS, (REGULATION[21], CHOSEN_BY_DEPARTMENT), setting=True, basis=Basis.SETTING
)
REGIONAL_ENTRY = Limit(
    "regional_entry",
    "录入自治区信访系统",
    3,
    WORKING,
    (HOUSE_RULES[5], REGULATION[21], CHOSEN_BY_DEPARTMENT),
    setting=True,
    basis=Basis.SETTING,
)
REVIEW_REQUEST = Limit(
    "review_request",
    "转送复查、复核请求",
    1,
    WORKING,
    (REGULATION[35], REGULATION[36], CHOSEN_BY_DEPARTMENT),
    setting=True,
    basis=Basis.SETTING,
)
"""A request for review that was handed in here goes on by the next working day: the texts say nothing of the way."""
REPORT_HAND_OVER = Limit(
    "report_hand_over",
    "检举控告件移送",
    15,
    DAYS,
    (REGULATION[22], CHOSEN_BY_DEPARTMENT),
    setting=True,
    basis=Basis.BORROWED,
    basis_note="借自条例第二十二条给信访部门的15日；对本厅收到的检举控告，条例没有写期限",
)
"""N22 gives the petition bureaus 15 days to pass a report on, N23 the department 15 days to say what it does with a
petition; of a report in the department's hands the text says no number, so the department takes the same."""
RECONSIDERATION = Limit(
    "reconsideration",
    "对存信、不予受理、告知、回复等决定重新审查",
    15,
    DAYS,
    (REGULATION[23], REGULATION[44], CHOSEN_BY_DEPARTMENT),
    setting=True,
    basis=Basis.BORROWED,
    basis_note="借自条例第二十三条首次告知的15日；对重新审查，条例没有写期限",
)
"""No text gives a term for looking once more at 存信, 不予受理 or 认定重复: as long as the first decision has (N23)."""
MESSAGE = Limit(
    "message",
    "答复信访人留言",
    15,
    DAYS,
    (REGULATION[21], PERSONAL_INFORMATION_LAW[50], CHOSEN_BY_DEPARTMENT),
    setting=True,
    basis=Basis.SETTING,
    basis_note="条例没有写留言；个人信息保护法第四十五条、第四十六条写“及时”，没有写天数。与条例第二十三条的告知期限一样长",
)
"""What a petitioner writes is answered as soon as a petition is told of (N23), whatever became of the matter."""
LEGAL_ADVICE = Limit(
    "legal_advice",
    "法律顾问出具意见",
    5,
    WORKING,
    (HOUSE_RULES[13], CHOSEN_BY_DEPARTMENT),
    setting=True,
    basis=Basis.SETTING,
)
INCIDENT_OFFICE = Limit(
    "incident_office",
    "紧急情况告知办公室",
    5,
    MINUTES,
    (HOUSE_RULES[16], CHOSEN_BY_DEPARTMENT),
    setting=True,
    basis=Basis.SETTING,
)
INCIDENT_LEADER = Limit(
    "incident_leader",
    "集体来访、紧急情况报告厅领导",
    15,
    MINUTES,
    (HOUSE_RULES[15], HOUSE_RULES[16], CHOSEN_BY_DEPARTMENT),
    setting=True,
    basis=Basis.SETTING,
)

EXPORT_APPROVAL = Limit(
    "export_approval",
    "同意导出个人信息后的有效期",
    7,
    DAYS,
    (PERSONAL_INFORMATION_LAW[51], CHOSEN_BY_DEPARTMENT),
    setting=True,
    basis=Basis.SETTING,
)
"""How long an agreement to export personal data may be used, once."""
PUBLIC_NOTICE = Limit(
    "public_notice",
    "公告送达视为送达",
    30,
    DAYS,
    (CIVIL_PROCEDURE_LAW[95], CHOSEN_BY_DEPARTMENT),
    setting=True,
    basis=Basis.BORROWED,
    basis_note="借自民事诉讼法第九十五条，该法条文未收入本系统；条例没有规定公告送达",
)
"""A public notice counts as service after this many days, as in court (民事诉讼法)."""

ALL_LIMITS = tuple(v for v in list(vars().values()) if isinstance(v, Limit))
BY_CODE = {limit.code: limit for limit in ALL_LIMITS}

MAX_REPLY_CHARACTERS = 400_000
"""Characters of a reply's whole text, as it is signed."""
MAX_TEXT_CHARACTERS = 20_000
"""Characters of one long text; a longer one belongs in an attachment."""
MAX_LINE_CHARACTERS = 200
"""Characters of one line (a name, a subject, a document number)."""
