"""The form that adds a phrase."""

from django import forms

from xinfang.phrases.actions import MAX_CHARACTERS
from xinfang.phrases.words import CASE_WORDS, PhraseUse
from xinfang.web.forms import ChoiceField, Form, LineField


class PhraseForm(Form):
    """What it is for, its words, and for whom."""

    use = ChoiceField("用途", [(u.value, u.label) for u in PhraseUse])
    text = LineField(
        "内容",
        MAX_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=f"可以代入此件的：{'、'.join('{' + w + '}' for w in CASE_WORDS)}。请勿写入信访人的姓名、电话。",
    )
    whose = ChoiceField(
        "谁用", [("own", "我自己"), ("department", "本厅所有人员（由办公室维护）")], empty="", initial="own"
    )
