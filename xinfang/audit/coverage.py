"""How every kept column is proven: the one table of it. `xinfang verify --coverage` prints it.

A column that isn't placed here fails a test. Models are given by name, as most belong to higher layers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from django.apps import apps
from django.db.models import Model


class ProvenBy(Enum):
    """How a column is proven. The value is what the auditor reads."""

    CHAINED = "在链中：每条记录的哈希包含此项"
    REBUILT = "按办理记录重算后比对"
    NOTED = "与行状态链中最近一次的密钥摘要比对"
    DIGEST = "与管理记录中的摘要比对"
    KEYED = "办理记录中有其密钥摘要"
    MAC = "有密钥文件夹中的密钥所做的摘要"
    OPENED = "须能用案卷的密钥打开并与所属的行相符"
    FILE = "逐一打开文件核对摘要（verify --files）"
    COMPARED = "与其他记录比对"
    PROGRAM = "与程序自身比对"
    EMPTY = "本系统不使用，须为空"
    FREE = "不核验"


@dataclass(frozen=True, slots=True)
class TableProof:
    """How the columns of a table are proven."""

    how: ProvenBy
    why: str = ""
    """Of a free table the reason; of others what they are compared with, where that isn't plain."""
    only: tuple[str, ...] = ()
    """The columns to which `how` applies; all that aren't in `others` where it is empty and `how` takes whole rows."""
    others: Mapping[str, tuple[ProvenBy, str]] = field(default_factory=dict)
    """Columns that are proven otherwise, or are free, each with the reason."""
    by_case: bool = False
    """Whether the states of its rows are chained case by case, so that steps of two cases never wait for each other."""
    sets: tuple[str, ...] = ()
    """Many-to-many fields whose members belong to the state of a row."""


_ROW_NUMBER = (ProvenBy.FREE, "行号，别处不引用，不说明任何内容")
_ORDER = (ProvenBy.CHAINED, "记录在链中的次序")
_FORM = (ProvenBy.FREE, "一次提交的识别号，只用来认出重复提交")
_SENT = (ProvenBy.FREE, "发送状态")
_WORK = (ProvenBy.FREE, "后台工作的进度（缓存），文件到时即删")
_OF_SENDING = (
    "state", "tries", "next_try", "content_sealed", "digest", "external_number", "answered_at", "reason",
)  # fmt: skip
_OF_WORK = (
    "state", "alive_at", "worker", "tries", "rows", "rows_done", "done_at", "error", "written", "address", "digest",
    "wrapped_key",
)  # fmt: skip
_OF_CASE = {"id": _ROW_NUMBER, "petition_id": (ProvenBy.REBUILT, "属于哪一件")}
_WRAPPED = (ProvenBy.OPENED, "包着的密钥须能打开它所加密的内容")


def _rebuilt(others: Mapping[str, tuple[ProvenBy, str]] | None = None) -> TableProof:
    return TableProof(ProvenBy.REBUILT, others={**_OF_CASE, **(others or {})})


def _noted(*, by_case: bool = False, sets: tuple[str, ...] = (), **free: str) -> TableProof:
    others = {c: (ProvenBy.FREE, why) for c, why in free.items()}
    return TableProof(ProvenBy.NOTED, others=others, by_case=by_case, sets=sets)


def _free(why: str) -> TableProof:
    return TableProof(ProvenBy.FREE, why)


_DIGESTED = TableProof(ProvenBy.DIGEST)
_DIGESTED_FORM = TableProof(ProvenBy.DIGEST, others={"key": _FORM})

COVERAGE: dict[str, TableProof] = {
    # ---- chains
    "cases.Event": TableProof(
        ProvenBy.CHAINED,
        only=(
            "petition_id", "seq", "code", "stage", "data", "text_digest", "happened_on", "recorded_at", "by_id",
            "entered_by_id", "by_role", "acting_for_id", "state_before", "state_after", "key", "hash",
        ),
        others={"id": (ProvenBy.COMPARED, "附件、应出文书等引用它")},
    ),
    "cases.EventText": TableProof(
        ProvenBy.KEYED, only=("event_id", "sealed"), others={"id": _ROW_NUMBER}
    ),
    "cases.AccessLogEntry": TableProof(
        ProvenBy.CHAINED, only=("seq", "petition_id", "what", "by_id", "at", "reason", "detail", "hash"),
        others={"id": _ROW_NUMBER},
    ),
    "audit.AdminRecord": TableProof(
        ProvenBy.CHAINED, only=("at", "by_id", "what", "target", "detail", "hash"), others={"id": _ORDER}
    ),
    "audit.RowState": TableProof(
        ProvenBy.CHAINED, only=("chain", "seq", "at", "table", "key", "digest", "unexplained", "hash"),
        others={"id": _ROW_NUMBER},
    ),
    "audit.ChainHead": TableProof(ProvenBy.COMPARED, "与链的末条、密钥摘要比对", only=("name", "seq", "hash", "mac")),
    "audit.Seal": TableProof(
        ProvenBy.CHAINED,
        only=("number", "day", "made_at", "last_event", "last_access", "last_admin", "records", "digest", "hash"),
        others={
            "id": _ROW_NUMBER,
            **dict.fromkeys(("last_state", "states", "mac"), (ProvenBy.MAC, "连同封印的序号和哈希")),
        },
    ),
    # ---- a case, made again from its events
    "cases.Petition": TableProof(
        ProvenBy.REBUILT,
        others={
            "number": (ProvenBy.CHAINED, "每条办理记录的哈希包含编号"),
            "inquiry_mark": (ProvenBy.MAC, "连同编号、末条"),
            "head_mac": (ProvenBy.MAC, "连同编号、末条"),
            "inquiry_sealed": (ProvenBy.MAC, "连同编号、末条"),
            "wrapped_key": _WRAPPED,
        },
    ),
    "cases.Petition_assisting_units": _rebuilt(),
    "cases.Petitioner": _rebuilt(),
    "cases.Request": _rebuilt(),
    "cases.CaseVisibility": _rebuilt(),
    "cases.RequiredPaper": _rebuilt(),
    "cases.Deadline": _rebuilt({"alert_retry": _SENT}),
    "cases.Task": _rebuilt(),
    "search.SearchText": TableProof(ProvenBy.REBUILT, others={"counted": (ProvenBy.FREE, "检索用的缓存")}),
    "search.SearchPerson": _rebuilt(),
    "search.SearchAnswer": TableProof(ProvenBy.REBUILT),
    "supervision.SupervisionGroundRow": _rebuilt(),
    "archive.ArchiveVolume": TableProof(
        ProvenBy.REBUILT,
        others={"petition_id": _OF_CASE["petition_id"], "listed_id": (ProvenBy.NOTED, "")},
        by_case=True,
    ),
    "attachments.Attachment": TableProof(
        ProvenBy.REBUILT,
        others={
            **dict.fromkeys(("id", "size", "address", "wrapped_key", "name_sealed"), (ProvenBy.NOTED, "")),
            "petition_id": _OF_CASE["petition_id"],
        },
        by_case=True,
    ),
    "papers.Paper": TableProof(
        ProvenBy.REBUILT,
        others={
            **dict.fromkeys(("id", "revision", "pdf_id", "word_id", "ofd_id"), (ProvenBy.NOTED, "")),
            "petition_id": _OF_CASE["petition_id"],
        },
        by_case=True,
    ),
    "exchange.Outgoing": _rebuilt(
        dict.fromkeys(_OF_SENDING, _SENT)
    ),
    # ---- of a case, kept beside its events
    "papers.PaperText": _noted(by_case=True),
    "petitioner_news.NewsConsent": _noted(by_case=True),
    "window.SignedReceipt": _noted(by_case=True),
    "window.ChosenWord": _noted(by_case=True),
    "window.CameBack": _noted(by_case=True),
    "attachments.OriginalPlace": _DIGESTED,
    "matters.PairJudgement": _DIGESTED,
    # ---- people
    "accounts.Staff": _noted(last_login="上次登录的时间，登录另有管理记录"),
    "accounts.Duty": _noted(),
    "accounts.Absence": _noted(),
    "accounts.Unit": _noted(),
    "accounts.OldPassword": _noted(),
    "accounts.GivenPassword": _noted(),
    "accounts.Authenticator": _noted(last_step="防止一个动态口令用两次（限制）"),
    "accounts.RecoveryCode": _noted(),
    "accounts.PendingChange": _noted(),
    "auth.Group": TableProof(ProvenBy.EMPTY),
    "auth.Group_permissions": TableProof(ProvenBy.EMPTY),
    "accounts.Staff_groups": TableProof(ProvenBy.EMPTY),
    "accounts.Staff_user_permissions": TableProof(ProvenBy.EMPTY),
    # ---- what rules and pages go by
    "calendars.CalendarYear": _noted(),
    "calendars.CalendarDay": _noted(),
    "calendars.NumberChange": _noted(),
    "calendars.NumberChangeAnswer": _noted(),
    "calendars.ScheduleProposal": _noted(),
    "calendars.ScheduleAnswer": _noted(),
    "categories.Category": _noted(),
    "department.EffectiveSetting": _noted(),
    "papers.Wording": _noted(),
    "figures.ReportText": _noted(),
    "phrases.Phrase": _noted(),
    "registers.SavedView": _noted(),
    "search.SavedSearch": _noted(),
    "trusted_time.TrustedTime": _noted(),
    "core.Installation": TableProof(ProvenBy.PROGRAM, "每次启动与 XINFANG_MODE 比对", only=("mode",), others={
        "id": _ROW_NUMBER, "since": (ProvenBy.FREE, "设立的时间，只供显示"),
    }),
    "core.FeatureTables": TableProof(ProvenBy.PROGRAM, "每次启动与升级文件比对"),
    "core.NumberSeries": TableProof(
        ProvenBy.COMPARED, "与用了这些编号的行比对", only=("prefix", "year", "last"), others={"id": _ROW_NUMBER}
    ),
    # ---- lists, events, decisions, receptions
    "cases.ExportRequest": _noted(),
    "cases.ExportAnswer": _noted(),
    "cases.ExportMade": _noted(),
    "registers.ExportJob": TableProof(
        ProvenBy.NOTED,
        others=dict.fromkeys(_OF_WORK, _WORK),
    ),
    "ledgers.LedgerMapping": _noted(),
    "ledgers.LedgerImport": TableProof(
        ProvenBy.NOTED,
        others=dict.fromkeys(("rows", "rows_done", "alive_at", "content", "account", "wrapped_key"), _WORK),
    ),
    "archive.DisposalList": _noted(),
    "incidents.Incident": _noted(sets=("units", "petitions")),
    "incidents.Incident_units": TableProof(ProvenBy.NOTED, "连同事件本身"),
    "incidents.Incident_petitions": TableProof(ProvenBy.NOTED, "连同事件本身"),
    "incidents.IncidentFile": _noted(),
    "personnel_decisions.Decision": TableProof(
        ProvenBy.DIGEST, others={"id": (ProvenBy.COMPARED, "答复和密钥引用它"), "key": _FORM}
    ),
    "personnel_decisions.DecisionKey": _noted(),
    "personnel_decisions.DecisionAnswer": TableProof(ProvenBy.DIGEST, others={"id": _ROW_NUMBER}),
    "reception.ReceptionDay": _DIGESTED_FORM,
    "reception.Booking": _DIGESTED_FORM,
    "reception.BookingKey": _noted(),
    "reception.ReceptionEvent": _DIGESTED_FORM,
    "reception.ReceptionAnswer": _DIGESTED,
    "supervision.MonthlySample": _noted(),
    "supervision.SampledDecision": _noted(),
    "supervision.WeeklyDigest": _noted(),
    "exchange.Incoming": _noted(),
    "window.WaitingSubmission": _noted(),
    "window.WaitingFile": _noted(),
    "window.Clearing": _noted(),
    "window.ClearedSubmission": _noted(),
    "window.ClearingAnswer": _noted(),
    "window.AskedAgain": _noted(),
    "window.WindowFollow": _noted(published_as="发送状态"),
    "mailbox.IncomingMail": _noted(),
    "mailbox.MailPlace": _noted(),
    "mailbox.MailProposal": _noted(),
    "mailbox.MailAnswer": _noted(),
    # ---- free
    "mailbox.MailboxLook": _free("收取的状态：最近一次什么时候、成功没有"),
    "audit.SealCopy": _free("发送状态：封印送到了哪里；送出的封印在别处"),
    "accounts.SignIn": _free("会话"),
    "sessions.Session": _free("会话"),
    "web.Draft": _free("没有发出的草稿"),
    "attachments.Upload": _free("还没有成为附件的上传（草稿）"),
    "attachments.OcrJob": _free("从附件读出的文字（缓存），可以重读"),
    "attachments.PageRendering": _free("附件的显示方向（缓存），不改动附件"),
    "archive.BoundVolume": _free("案卷页数的缓存，案件有变动即重新清点"),
    "matters.LikelyPair": _free("疑似同事清单（缓存），认定另行核验"),
    "matters.ComparedCase": _free("疑似同事清单比到了哪里（缓存）"),
    "search.SearchGram": _free("检索用的缓存，xinfang index check 核对"),
    "notifications.Notification": _free("提醒的已读和发送状态；要办的事在期限和任务中，另行核验"),
    "petitioner_news.NewsMessage": _free("发送状态"),
    "petitioner_news.SentCode": _free("限制：验证码"),
    "exchange.ExchangeMark": _free("发送状态：交换到了哪里"),
    "axes.AccessAttempt": _free("限制：登录失败次数"),
    "axes.AccessAttemptExpiration": _free("限制：登录失败次数"),
    "axes.AccessFailureLog": _free("限制：登录失败次数"),
    "axes.AccessLog": _free("限制：登录失败次数"),
    "auth.Permission": _free("Django 自带的缓存，本系统不用它决定权限"),
    "contenttypes.ContentType": _free("Django 自带的缓存，本系统不用它决定权限"),
}  # fmt: skip


def proof_of(model: type[Model]) -> TableProof | None:
    """Return how a table is proven; None for one that nobody placed."""
    return COVERAGE.get(model._meta.label)


def noted_columns(model: type[Model]) -> tuple[str, ...]:
    """Return the columns whose state is noted, by attribute and in the order of their names; the key is told apart."""
    proof = COVERAGE[model._meta.label]
    names = sorted(f.attname for f in model._meta.concrete_fields if not f.primary_key)
    if proof.how is ProvenBy.NOTED:
        return tuple(n for n in names if n not in proof.others)
    return tuple(n for n in names if n in proof.others and proof.others[n][0] is ProvenBy.NOTED)


def noted_models() -> Iterator[type[Model]]:
    """Yield the tables whose rows have their state noted, as the features are ordered."""
    for model in apps.get_models():
        proof = proof_of(model)
        if proof is None or model._meta.auto_created:
            continue
        if proof.how is ProvenBy.NOTED or any(how is ProvenBy.NOTED for how, _ in proof.others.values()):
            yield model


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """How some columns of a table are proven, in words."""

    table: str
    columns: tuple[str, ...]
    how: str
    why: str


def coverage_lines() -> Iterator[CoverageLine]:
    """Yield how every column of every table is proven, table by table."""
    for model in apps.get_models(include_auto_created=True):
        placed, table = COVERAGE[model._meta.label], model._meta.db_table
        groups: dict[tuple[str, str], list[str]] = {}
        for column in model._meta.concrete_fields:
            how, why = placed.others.get(column.attname, (placed.how, placed.why))
            groups.setdefault((how.value, why), []).append(column.column)
        for (words, why), columns in groups.items():
            yield CoverageLine(table, tuple(columns), words, why)
