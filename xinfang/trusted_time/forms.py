"""The administrator's word that the clock is right."""

from xinfang.trusted_time.actions import MAX_REASON_CHARACTERS
from xinfang.web.forms import Form, LineField


class TimeForm(Form):
    """Why the clock can be believed."""

    reason = LineField(
        "理由",
        MAX_REASON_CHARACTERS,
        attrs={"autocomplete": "off"},
        help_text="怎样核对了时间（如对照手机、电视台或授时网站），此前为什么没有运行",
        error_messages={"required": "请填写理由，如怎样核对了时间、此前为什么没有运行。"},
    )
