"""The forms with which administrators bring in a calendar or content categories, and ask for other numbers."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from xinfang.core.clock import today
from xinfang.procedure.clocks import counted_limits
from xinfang.procedure.department_numbers import CHANGEABLE
from xinfang.web.forms import ChoiceField, DayField, Form, LineField, Workbook

FIRST_YEAR, LAST_YEAR = 2004, 2100


class CalendarForm(Form):
    """A published schedule of holidays.

    `content` is sent in place of a file that was read before and has been looked at since.
    """

    file = Workbook(
        "放假安排（工作簿或 CSV）",
        accept=".xlsx,.xls,.csv,.txt",
        too_big="一年的安排只有几十行，请核对是否选错了文件。",
    )
    year = LineField(
        "年份",
        20,
        required=False,
        attrs={"maxlength": 4, "inputmode": "numeric"},
        help_text="表里只写月、日时填写；写了年份的不用填",
    )
    origin = LineField("依据", 200, required=False, help_text="如：国务院办公厅关于2027年部分节假日安排的通知")

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files=files)
        self.fields["file"].required = not (data and data.get("content"))

    def clean_year(self) -> int | None:
        """Return the year that was typed, or None where it was left empty.

        Raises:
            ValidationError: what was typed is no year that the program knows.
        """
        text = self.cleaned_data["year"]
        if not text:
            return None
        if not (text.isdecimal() and FIRST_YEAR <= int(text) <= LAST_YEAR):
            raise ValidationError(f"“{text}”不是年份。请填写四位数字，如 2027；也可以不填。")
        return int(text)


class WholeNumberField(LineField):
    """A number that is typed; a sentence tells what is wrong with anything else."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, 20, attrs={"maxlength": 4, "inputmode": "numeric"}, **kwargs)

    def clean(self, value: Any) -> Any:
        """Return the number.

        Raises:
            ValidationError: nothing was typed, or what was typed is no whole number of at most three digits.
        """
        text = unicodedata.normalize("NFKC", super().clean(value))
        if not re.fullmatch("[1-9][0-9]{0,2}", text):
            raise ValidationError(f"“{self.label}”应为 1 至 999 的整数，如 10；您填写的是“{text}”。")
        return int(text)


class NumberForm(Form):
    """Another number of the department, from a day on."""

    code = ChoiceField("数字", [(code, f"{limit.label}（{limit.unit}）") for code, limit in CHANGEABLE.items()])
    value = WholeNumberField("改为")
    since = DayField("自哪一天起", help_text="最早为明天。此前已经起算的期限不受影响")
    reason = LineField("理由", 200)


def _can_be_tried() -> list[tuple[str, str]]:
    return [(code, f"{limit.label}（{limit}）") for code, limit in counted_limits().items()]


class WhatIfForm(Form):
    """A number to try out on the open cases, also one of the law."""

    code = ChoiceField("数字", _can_be_tried)
    value = WholeNumberField("试为")
    since = DayField("自哪一天起", initial=today, help_text="这一天起开始计算的期限按新的数字")
    running = forms.BooleanField(label="施行时尚未届满的期限也适用", required=False)


class CategoriesForm(Form):
    """A workbook that adds to the categories."""

    file = Workbook("工作簿或 CSV", accept=".xlsx,.xls,.csv", too_big="请核对是否选错了文件。")
