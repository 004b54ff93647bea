"""The forms of units, staff, duties and absences: they read what was typed.

`actions` decide and write, with a second person where it takes two.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms

from xinfang.accounts.actions import essential_posts
from xinfang.accounts.queries.staff import UNIT_KINDS, active_units, other_active_staff, staff_by_username, unit_by_code
from xinfang.core.clock import today
from xinfang.procedure.words import STAFF_ROLES, Role
from xinfang.web.forms import ChoiceField, DayField, Form, LineField

from .queries.duties import leaders_on, successors_of

if TYPE_CHECKING:
    from .models import Staff, Unit

ROLES = [(r.value, r.label) for r in STAFF_ROLES]


def _named(people: "Iterable[Staff]") -> list[tuple[str, str]]:
    return [(s.username, f"{s.name} {s.title}".strip()) for s in people]


class UnitForm(Form):
    """A new unit, or an existing one."""

    code = LineField("代码", 40, help_text="小写字母开头，如 funds；设定后不再改变，历史记录以它为准")
    name = LineField("名称", 60)
    kind = ChoiceField("类型", UNIT_KINDS, help_text="办公室、处室和厅属单位可以承办信访事项")
    leader = ChoiceField(
        "分管厅领导",
        lambda: _named(leaders_on(today())),
        empty="未定",
        find=staff_by_username,
        required=False,
    )
    ended_on = DayField("撤销日期", required=False, help_text="撤销后不再接收新的事项，以前的记录照旧。")

    def __init__(self, unit: "Unit | None", data: Any = None) -> None:
        now = {}
        if unit:
            now = {"name": unit.name, "kind": unit.kind, "ended_on": unit.ended_on}
            now["leader"] = unit.leader.username if unit.leader else ""
        # What isn't sent stays as it is.
        super().__init__(None if data is None else {**now, **data.dict()}, initial=now)
        del self.fields["code" if unit else "ended_on"]


class AboutForm(Form):
    """Name, post and e-mail address of a person."""

    name = LineField("姓名", 60)
    title = LineField("职务", 60, required=False)
    email = LineField(
        "电子邮箱",
        254,
        required=False,
        widget=forms.EmailInput,
        help_text="用于期限提醒；可以留空",
    )

    def __init__(self, person: "Staff | None" = None, data: Any = None) -> None:
        now = {"name": person.name, "title": person.title, "email": person.email} if person else {}
        super().__init__(data, initial=now)


class NewStaffForm(AboutForm):
    """An account for a new colleague."""

    username = LineField("用户名", 40, attrs={"autocomplete": "off"}, help_text="登录用，设定后不再改变")
    field_order = ("username", "name", "title", "email")


class DutyForm(Form):
    """A duty from a day to a day, or until further notice."""

    auto_id = "duty-%s"
    role = ChoiceField("职责", ROLES)
    unit = ChoiceField(
        "单位",
        lambda: [(u.code, u.name) for u in active_units()],
        empty="不属于某个单位",
        find=unit_by_code,
        required=False,
    )
    since = DayField("起", required=False, initial=today)
    until = DayField("止", required=False, help_text="不填则至另行通知")

    def __init__(self, person: "Staff", data: Any = None) -> None:
        super().__init__(data)


class EndDutyForm(Form):
    """The last day of a duty, in its row."""

    auto_id = False

    duty = forms.IntegerField(error_messages=dict.fromkeys(("required", "invalid"), "没有这项职责，请刷新后再试。"))
    until = DayField("止", required=False)
    without_successor = LineField("没有接任人的理由", 60, required=False)

    def __init__(self, person: "Staff", data: Any = None) -> None:
        super().__init__(data)


class AbsenceForm(Form):
    """An absence, and who deputises."""

    auto_id = "absence-%s"
    deputy = ChoiceField("代行人员", find=staff_by_username)
    since = DayField("起")
    until = DayField("止")
    reason = LineField("事由", 100, required=False)

    def __init__(self, person: "Staff", data: Any = None) -> None:
        super().__init__(data)
        self.offer("deputy", lambda: _named(other_active_staff(person)))


class LeaveForm(Form):
    """The last day of somebody who leaves."""

    left_on = DayField("离任日期", required=False, help_text="在职最后一天。记录、签名和职责历史都保留。")
    without_successor = LineField(
        "没有接任人的理由",
        60,
        required=False,
        help_text="是最后一位检举控告专管员；确无接任人（如去世）才填写，会通知审计员",
    )

    def __init__(self, person: "Staff", data: Any = None) -> None:
        super().__init__(data, initial={"left_on": person.left_on})
        if not essential_posts.posts_left_empty(person, today(), (Role.SEALED_OFFICER,)):
            del self.fields["without_successor"]


class HandOverForm(Form):
    """Handing all open work of one person to another."""

    to = ChoiceField(
        "接手人",
        find=staff_by_username,
        help_text="同一单位的人员；厅领导包案的，请选另一位厅领导",
        error_messages={"required": "请选择接手人。"},
    )
    reason = LineField(
        "理由",
        2000,
        widget=forms.Textarea,
        attrs={"rows": 3, "cols": None},
        help_text="写入每一件的办理记录，如：工作调动",
    )

    def __init__(self, person: "Staff", data: Any = None) -> None:
        super().__init__(data)
        self.offer("to", lambda: _named(successors_of(person, today())))


class NothingForm(Form):
    """A button: there is nothing to fill in."""

    def __init__(self, person: "Staff", data: Any = None) -> None:
        super().__init__(data)


OF_PERSON: dict[str, type[Form]] = {
    "about": AboutForm,
    "add-duty": DutyForm,
    "end-duty": EndDutyForm,
    "absence": AbsenceForm,
    "leave": LeaveForm,
}
"""What is changed on the page of a person, by the word that the form sends as `do`."""
