"""The form that changes a setting of the department from a day on."""

from datetime import date

from django.core.exceptions import ValidationError

from xinfang.core.clock import today
from xinfang.web.forms import ChoiceField, DayField, Form, LineField

from .queries import SETTINGS


class SettingForm(Form):
    """A setting, its new value, and from when it holds."""

    name = ChoiceField(
        "设置",
        [(s.name, s.label) for s in SETTINGS.values()],
        empty="",
        error_messages={"invalid_choice": "没有名为“%(value)s”的设置，请从列表中选择。"},
    )
    value = LineField("新的内容", 2000)
    since = DayField("自哪一天起", initial=today, help_text="到那一天自动生效；之前仍用原来的内容。")
    reason = LineField("说明", 200, required=False)

    def clean_since(self) -> date:
        """Return the day from which it holds.

        Raises:
            ValidationError: the day is over.
        """
        since: date = self.cleaned_data["since"]
        if since < today():
            raise ValidationError("生效日期早于今天。已发出的文书不能改动，请从今天或以后生效。")
        return since
