"""The forms of the window, in the words of the people who fill them in."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from xinfang.petitioner_news.wishes import MAX_ADDRESS, NO_ADDRESS, NO_MOBILE, Wishes, mail_address, mobile, ways
from xinfang.procedure.rules import Reason
from xinfang.procedure.words import PersonKind, PersonRole
from xinfang.web.forms import ChoiceField, Form, LineField

from .second_proof import LONGEST_WORD, SHORTEST_WORD

MONGOLIAN = "蒙古语"
MAX_REQUESTS = 20
_ROLES = [
    (PersonRole.PETITIONER.value, "我本人"),
    (PersonRole.REPRESENTATIVE.value, "我们几个人，我是代表"),
    (PersonRole.AGENT.value, "我替别人提出（代理）"),
]
_KINDS = [
    (PersonKind.NATURAL.value, "个人"), (PersonKind.LEGAL.value, "单位（法人）"),
    (PersonKind.ORGANISATION.value, "其他组织"),
]  # fmt: skip


class _Lines(forms.Textarea):
    def __init__(self, rows: int) -> None:
        super().__init__(attrs={"rows": rows})


def drop_what_no_gateway_sends(form: Form) -> None:
    """Leave out of a form the fields of messages that nothing here could send."""
    there = ways()
    for name, wanted in (("news_sms", "sms" in there), ("news_mail", "mail" in there), ("news_number", bool(there))):
        if not wanted:
            del form.fields[name]


def readable_address(typed: str) -> str:
    """Return an e-mail address, or nothing where nothing was typed.

    Raises:
        ValidationError: it isn't one.
    """
    found = mail_address(typed) if typed else ""
    if typed and not found:
        raise ValidationError(NO_ADDRESS)
    return found


_FIELDS = {
    "a_request_or_as_told": "body",
    "at_most_five_representatives": "others",
    "the_group_is_not_smaller_than_its_list": "group_size",
}
"""By the code of a reason, the field it is about."""


class SubmissionForm(Form):
    """What somebody wants, in their words, and who they are."""

    subject = LineField("您有什么事，要求怎么办", 120, help_text="先用一句话说，如：请求说明补助没有发放的原因并补发")
    body = LineField(
        "详细经过", 20_000, required=False, widget=_Lines(9),
        help_text="什么时候、在哪里、什么事、找过谁。可以用蒙古文写。请不要写国家秘密、工作秘密。",
    )  # fmt: skip
    requests = LineField(
        "您的要求", 4000, required=False, widget=_Lines(4), help_text="一行写一项，我们会逐项答复；不分项的可以不填"
    )
    wrongdoing = forms.BooleanField(
        label="这是检举、控告工作人员违法违纪", required=False,
        help_text="勾选后直接交检举控告专管员，其他人（包括被反映的人）看不到",
    )  # fmt: skip
    who = ChoiceField("您是", _ROLES, empty="")
    kind = ChoiceField("个人还是单位", _KINDS, empty="")
    name = LineField(
        "姓名（单位名称）", 100, required=False,
        help_text="留下姓名和联系方式，我们才能书面答复您", attrs={"autocomplete": "name"},
    )  # fmt: skip
    phone = LineField(
        "电话", 40, required=False, help_text="查询时可用后四位核对", attrs={"autocomplete": "tel", "inputmode": "tel"}
    )
    address = LineField(
        "地址", 200, required=False, help_text="寄送书面答复用", attrs={"autocomplete": "street-address"}
    )
    id_number = LineField("证件号码", 40, required=False, help_text="可以不填；提建议、咨询的不用填")
    group_size = forms.IntegerField(
        label="一共多少人", required=False, min_value=1, max_value=10_000,
        widget=forms.NumberInput(attrs={"class": "control", "inputmode": "numeric"}),
        error_messages={"invalid": "请填写人数，如 12。", "min_value": "人数至少是 1。", "max_value": "人数过多，请核对。"},
    )  # fmt: skip
    others = LineField(
        "其他代表", 500, required=False, widget=_Lines(3), help_text="一行一位：姓名 电话。代表连您在内不超过5人"
    )
    represented = LineField("您替谁提出", 100, required=False, help_text="他（她）的姓名或者单位名称")
    mongolian = forms.BooleanField(label="用蒙古文书写，或者需要蒙古语答复", required=False)
    news_sms = forms.BooleanField(
        label="有新进展时给我发短信（发到上面的电话）", required=False,
        help_text="只说有新进展，不写内容；夜里不发；随时可以停。检举控告不发",
    )  # fmt: skip
    news_mail = LineField(
        "有新进展时发到邮箱", MAX_ADDRESS, required=False, help_text="不要的不填", attrs={"autocomplete": "email"}
    )
    news_number = forms.BooleanField(
        label="提醒里可以写明编号", required=False, help_text="看到您手机、邮箱的人会知道是哪一件；不勾就不写"
    )
    word = LineField(
        "自己设一个口令", LONGEST_WORD, required=False,
        help_text="查询时核对用，只有您知道。没有留电话和证件号码的必须设", attrs={"autocomplete": "off"},
    )  # fmt: skip
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))
    """Nobody sees it; what fills it in is a program."""

    def refuse_by_rules(self, reasons: Iterable[Reason]) -> None:
        """Show what the rules of registering say against it, each at the field it is about."""
        for reason in reasons:
            self.add_error(_FIELDS.get(reason.code), f"{reason.text}。{reason.todo}")

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        drop_what_no_gateway_sends(self)

    @property
    def offers_news(self) -> bool:
        """Whether messages can be wished for here."""
        return "news_number" in self.fields

    def wishes(self) -> Wishes:
        """Return what is wished for; nothing for a report of wrongdoing."""
        given = self.cleaned_data
        if given["wrongdoing"]:
            return Wishes()
        sms = mobile(given["phone"]) if given.get("news_sms") else ""
        return Wishes(sms, given.get("news_mail", ""), bool(given.get("news_number")))

    def clean_news_mail(self) -> str:
        """Return the address, readable as one.

        Raises:
            ValidationError: it isn't.
        """
        return readable_address(self.cleaned_data["news_mail"])

    def clean_word(self) -> str:
        """Return the word, long enough not to be guessed at once.

        Raises:
            ValidationError: it is too short.
        """
        word: str = self.cleaned_data["word"]
        if word and len("".join(word.split())) < SHORTEST_WORD:
            raise ValidationError(f"口令至少{SHORTEST_WORD}个字。")
        return word

    def clean(self) -> dict[str, Any]:
        """Return what was written, with what belongs together checked together.

        Everything that is missing is added as an error of its field.
        """
        given = super().clean() or {}
        if not (given.get("phone") or given.get("id_number") or given.get("word") or self.errors.get("word")):
            self.add_error("word", "没有留电话和证件号码，请设一个口令，查询时核对用。")
        if given.get("news_sms") and "phone" not in self.errors and not mobile(given.get("phone", "")):
            self.add_error("phone", NO_MOBILE)
        if given.get("who") == PersonRole.AGENT.value and not given.get("represented"):
            self.add_error("represented", "请填写您替谁提出。")
        if len(self.request_lines()) > MAX_REQUESTS:
            self.add_error("requests", f"一次最多写{MAX_REQUESTS}项，请合并相近的要求。")
        return given

    def request_lines(self) -> list[str]:
        """Return the requests, one a line."""
        return [line.strip() for line in self.cleaned_data.get("requests", "").splitlines() if line.strip()]

    def answers(self) -> dict[str, Any]:
        """Return what was written as the answers of a registration."""
        given = self.cleaned_data
        language = {"language": MONGOLIAN, "translate": True} if given["mongolian"] else {}
        own = {
            "name": given["name"],
            "kind": given["kind"],
            "role": given["who"],
            "phone": given["phone"],
            "address": given["address"],
            "id_number": given["id_number"],
            **language,
        }
        people = [own]
        if given["who"] == PersonRole.AGENT.value:
            people.append({"name": given["represented"], "role": PersonRole.PETITIONER.value})
        if given["who"] == PersonRole.REPRESENTATIVE.value:
            people += [_other(line) for line in given["others"].splitlines() if line.strip()]
        named = any(p.get("name") for p in people)
        counted = sum(p["role"] != PersonRole.AGENT.value for p in people)
        return {
            "subject": given["subject"],
            "body": given["body"],
            "requests": [{"text": line} for line in self.request_lines()] or [{"text": given["subject"]}],
            "persons": people if named or own["phone"] or own["address"] else [],
            "anonymous": not named,
            "group_size": max(given["group_size"] or 1, counted, 1),
        }


def _other(line: str) -> dict[str, Any]:
    name, *rest = line.split()
    return {"name": name[:100], "phone": "".join(rest)[:40], "role": PersonRole.REPRESENTATIVE.value}


class OpeningForm(Form):
    """Number, inquiry code, second proof; without it where a code is asked for that shall be sent."""

    def __init__(self, data: Any = None, *, asks_for_code: bool = False) -> None:
        super().__init__(data)
        self.fields["proof"].required = not asks_for_code

    number = LineField("编号", 20, attrs={"autocomplete": "off", "autocapitalize": "characters"})
    code = LineField(
        "查询码", 40, help_text="16位字母和数字，大小写、空格、横线都不影响", attrs={"autocomplete": "off"}
    )
    proof = LineField(
        "电话或者证件号码的后四位", 40, help_text="提交时设了口令的，也可以填口令", attrs={"autocomplete": "off"}
    )


class NewsForm(Form):
    """Where messages about news go; nowhere where all is left empty."""

    news_sms = LineField("短信发到手机", 20, required=False, attrs={"autocomplete": "tel", "inputmode": "tel"})
    news_mail = LineField("邮件发到邮箱", MAX_ADDRESS, required=False, attrs={"autocomplete": "email"})
    news_number = forms.BooleanField(
        label="提醒里可以写明编号", required=False, help_text="看到您手机、邮箱的人会知道是哪一件；不勾就不写"
    )

    def __init__(self, data: Any = None, *, now: Wishes) -> None:
        super().__init__(data)
        self.initial = {"news_sms": now.sms, "news_mail": now.mail, "news_number": now.number_shown}
        drop_what_no_gateway_sends(self)

    def clean_news_sms(self) -> str:
        """Return the mobile number, as gateways take one.

        Raises:
            ValidationError: it isn't one.
        """
        typed: str = self.cleaned_data["news_sms"]
        if typed and not mobile(typed):
            raise ValidationError(NO_MOBILE)
        return mobile(typed)

    def clean_news_mail(self) -> str:
        """Return the address, readable as one.

        Raises:
            ValidationError: it isn't.
        """
        return readable_address(self.cleaned_data["news_mail"])

    def wishes(self) -> Wishes:
        """Return what is wished for."""
        given = self.cleaned_data
        return Wishes(given.get("news_sms", ""), given.get("news_mail", ""), bool(given.get("news_number")))


class AskAgainForm(Form):
    """Why somebody doesn't agree that what they wrote is no petition."""

    words = LineField("您要说的", 2000, widget=_Lines(5), help_text="写明您反映什么情况、有什么建议或者要求")


class CheckForm(Form):
    """A receipt to be checked, as text. Whatever it is, the answer is what it turns out to be."""

    text = forms.CharField(
        label="或者粘贴回执文本、二维码扫出的文字",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"class": "control", "rows": 4}),
    )
