"""第一天: three real things for each demo person to try, in the order in which their duty meets them."""

from typing import TypedDict

from xinfang.core.addresses import address_of
from xinfang.procedure.facts import Actor
from xinfang.procedure.words import Role

PUT_AWAY = "help-tour-put-away"
"""What a session remembers."""
_Task = tuple[str, str, str]
TASKS: tuple[tuple[tuple[Role, ...], tuple[_Task, _Task, _Task]], ...] = (
    (
        (Role.DUTY_DESK, Role.SUPPORT_CENTRE),
        (
            ("按一次“多人聚集”，看它怎样报告办公室", "duty", ""),
            ("看正在处置的突发事件，谁已经知道、谁已经到场", "incidents", ""),
            ("打开一件突发事件，写一条现场情况", "incidents", ""),
        ),
    ),
    (
        (Role.PRINCIPAL_LEADER, Role.LEADER),
        (
            ("批示一件，或者看看有没有等您签发、确认的", "inbox", ""),
            ("看哪个单位有快到期、已超期的件，点数字看是哪些", "boards", ""),
            ("看本月的统计，点一个数字看它背后的事项", "figures", ""),
        ),
    ),
    (
        (Role.OFFICE_HEAD,),
        (
            ("签发一份等您签发的文书", "papers", ""),
            ("确认一件别人提出、等另一人确认的", "inbox", ""),
            ("看哪些件应当督办", "supervision", ""),
        ),
    ),
    (
        (Role.OFFICE, Role.RECEPTION),
        (
            ("登记一封来信：照着右边的扫描件填", "register", ""),
            ("登记一个来电咨询：当场答复，一张表填完", "register", "answered"),
            ("在待办里挑一件，点“需要我”直接办理", "inbox", "tab=notice"),
        ),
    ),
    (
        (Role.UNIT_HEAD,),
        (
            ("在待办里挑一件，签收、审核或者结案", "inbox", ""),
            ("看本单位有哪些件快到期、已超期", "boards", ""),
            ("看有没有督办要反馈", "supervision", ""),
        ),
    ),
    (
        (Role.HANDLER,),
        (
            ("在待办里挑一件，点“需要我”直接办理", "inbox", ""),
            ("打开一件，按“显示姓名、电话”，像打电话那样找到信访人", "petitions", ""),
            ("增加一句自己的常用语，下次写意见时点一下就用", "phrases", ""),
        ),
    ),
    (
        (Role.LEGAL_ADVISER,),
        (
            ("对一件送审的意见出具法律意见", "inbox", ""),
            ("看出具法律意见依据什么、期限几天", "procedure", ""),
            ("增加一句自己的常用语", "phrases", ""),
        ),
    ),
    (
        (Role.ARCHIVE_ROOM,),
        (
            ("核对一卷移交来的材料，接收或者退回补齐", "archive", ""),
            ("在案卷目录里找一卷", "archive-kept", ""),
            ("看哪些案卷保管期限已满", "archive-ending", ""),
        ),
    ),
    (
        (Role.AUDITOR,),
        (
            ("看今天谁办了哪一步", "log", ""),
            ("看谁看过信访人的个人信息、写的什么理由", "looks", ""),
            ("看谁登录过、谁改过人员和设置", "admin-log", ""),
        ),
    ),
    (
        (Role.SEALED_OFFICER,),
        (
            ("写明理由，打开一件密封件", "inbox", ""),
            ("登记一件检举控告，看它只有您能看到", "register", ""),
            ("看密封案卷怎样接收归档", "archive", ""),
        ),
    ),
    (
        (Role.SYSTEM_ADMINISTRATOR,),
        (
            ("打开一个人，提出给他增加一项职责", "people", ""),
            ("看本厅的设置，每项从哪天起", "settings", ""),
            ("看国务院公布的放假安排怎样导入", "calendar-import", ""),
        ),
    ),
    (
        (Role.SECURITY_ADMINISTRATOR,),
        (
            ("看有没有等您确认的人员变更", "changes", ""),
            ("打开一个人，看他有什么职责、谁给的", "people", ""),
            ("给自己设置手机验证码", "second-factor", ""),
        ),
    ),
)
"""The first group whose role a person holds is theirs."""


class TourTask(TypedDict):
    """One thing to try, and where."""

    words: str
    url: str


def tour_of(actor: Actor) -> list[TourTask]:
    """Return what this person may try on their first day."""
    tasks = next((tasks for roles, tasks in TASKS if actor.has(*roles)), ())
    return [{"words": w, "url": address_of(route) + (f"?{query}" if query else "")} for w, route, query in tasks]
