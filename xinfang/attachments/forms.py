"""The form that says where the paper original of a case is now."""

from xinfang.attachments.models.originals import OriginalPlace
from xinfang.web.forms import ChoiceField, Form, LineField

MAX_PLACE = 120


class OriginalForm(Form):
    """What happened to it, and where it is."""

    move = ChoiceField("变动", OriginalPlace.Kind.choices, empty="")
    place = LineField(
        "存放处（借用人、卷号）",
        MAX_PLACE,
        help_text="如：办公室3号柜2层，随附光盘1张。借出的写明借给哪个处室、谁；不要写信访人的姓名。",
    )
