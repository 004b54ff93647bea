"""The forms with which administrators bring in a calendar or content categories."""

from typing import Any

from django.core.exceptions import ValidationError

from xinfang.web.forms import Form, LineField, Workbook

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


class CategoriesForm(Form):
    """A workbook that adds to the categories."""

    file = Workbook("工作簿或 CSV", accept=".xlsx,.xls,.csv", too_big="请核对是否选错了文件。")
