"""Forms of administrative pages: Django's own, with the words and checks that the rest of the program uses.

A form reads: it turns what was typed into texts, days and things that exist, and keeps it on the page when that fails.
What may be saved is decided by `actions`, which commands call as well (decision 0023). Steps have forms of another
kind, made from their declarations (`cases/step_forms`).
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import DjangoTemplates

from xinfang.procedure import step_schema

from .form_types import Problem

Choices = Iterable[tuple[str, str]]


class Renderer(DjangoTemplates):
    """Draws every field by one template: `{{ field.as_field_group }}`."""

    field_template_name = "web/parts/form_field.html"


class Form(forms.Form):
    """A form of an administrative page. Its errors are shown above it and beside each field."""

    default_renderer = Renderer
    auto_id: str | bool = "%s"
    """What the ids of its controls are made of; another where a page has two fields of one name, False for none."""

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(data, files, auto_id=self.auto_id, **kwargs)

    def offer(self, name: str, choices: "Choices | Callable[[], Choices]") -> None:
        """Set what can be chosen in the field of this name."""
        field = self.fields[name]
        assert isinstance(field, ChoiceField)
        field.offer(choices)

    def refuse(self, sentences: Iterable[str]) -> None:
        """Add what the program says against it, beyond its single fields."""
        assert self.errors is not None  # read first, as an error is added to what reading found
        for sentence in sentences:
            self.add_error(None, sentence)

    @property
    def summary(self) -> list[Problem]:
        """The context of parts/errors.html: every error, with the control that it leads to."""
        return [
            {"reason": str(sentence), "field": self[name].id_for_label if name in self.fields else ""}
            for name, sentences in self.errors.items()
            for sentence in sentences
        ]


def posted_key(sent: str) -> int:
    """Return the primary key that a form sent, 0 where it is none."""
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0


class LineField(forms.CharField):
    """A text on one line, of at most `longest` characters, or of several lines where its widget is a Textarea."""

    def __init__(self, label: str, longest: int, *, attrs: dict[str, Any] | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {"required": f"请填写“{label}”。"})
        super().__init__(label=label, **kwargs)
        self.longest = longest
        self.widget.attrs |= {"class": "control", "maxlength": longest, **(attrs or {})}

    def clean(self, value: Any) -> str:
        """Return the text as it was meant.

        Raises:
            ValidationError: the text is required and empty, or with the sentence of `step_schema.clean_text`.
        """
        try:
            text = step_schema.clean_text(
                value or "", str(self.label), self.longest, lines=isinstance(self.widget, forms.Textarea)
            )
        except ValueError as e:
            raise ValidationError(str(e)) from None
        if self.required and not text:
            raise ValidationError(self.error_messages["required"])
        return text


class DayField(forms.Field):
    """A calendar day (Asia/Shanghai), written as people write one; None where nothing was written."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"class": "control", "type": "date"})

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label=label, error_messages={"required": f"请填写“{label}”。"}, **kwargs)

    def to_python(self, value: Any) -> date | None:
        """Return the day that was typed, or None where the field is empty.

        Raises:
            ValidationError: what was typed is no day, with the sentence of `step_schema.read_date`.
        """
        if not str(value or "").strip():
            return None
        try:
            return step_schema.read_date(value, str(self.label))
        except ValueError as e:
            raise ValidationError(str(e)) from None


class ChoiceField(forms.ChoiceField):
    """One of what is offered.

    With `find`, what that finds, whether or not it is offered, as `actions` say why it won't do.
    """

    def __init__(
        self,
        label: str,
        choices: Choices | Callable[[], Choices] = (),
        *,
        empty: str = "请选择",
        find: Callable[[str], Any] | None = None,
        **kwargs: Any,
    ) -> None:
        words = {"required": f"请选择“{label}”。", "invalid_choice": f"没有选中的“{label}”，请从列表中选择。"}
        kwargs["error_messages"] = words | kwargs.get("error_messages", {})
        self.empty, self.find = empty, find
        super().__init__(label=label, choices=(), **kwargs)
        self.widget.attrs["class"] = "control"
        self.offer(choices)

    def offer(self, choices: Choices | Callable[[], Choices]) -> None:
        """Set what can be chosen; a function is asked only where the field is shown."""
        first = [("", self.empty)] if self.empty else []
        self.choices = lambda: [*first, *(choices() if callable(choices) else choices)]

    def valid_value(self, value: Any) -> bool:
        """Tell whether this can be chosen; with `find`, that is decided when it is looked for."""
        return self.find is not None or bool(super().valid_value(value))

    def clean(self, value: Any) -> Any:
        """Return the chosen code, or what was found for it; an empty text or None where nothing was chosen.

        Raises:
            ValidationError: nothing is found for the code, or it isn't offered.
        """
        chosen = super().clean(value)
        if self.find is None:
            return chosen
        found = self.find(chosen) if chosen else None
        if chosen and found is None:
            raise ValidationError(self.error_messages["invalid_choice"])
        return found


class Workbook(forms.FileField):
    """A workbook or CSV of a few pages. What is in it is read by `actions`."""

    MAX_BYTES = 5 * 1024 * 1024

    def __init__(self, label: str, *, accept: str, too_big: str, **kwargs: Any) -> None:
        words = {
            "required": "没有选择文件。请选择填好的 .xlsx 或 .csv 文件。",
            "too_big": f"文件超过 {self.MAX_BYTES >> 20} MB。{too_big}",
        }
        super().__init__(label=label, allow_empty_file=True, error_messages=words, **kwargs)
        self.widget.attrs |= {"class": "control", "accept": accept}

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the file, or None where none was sent.

        Raises:
            ValidationError: the file is too big, or its field is required and empty.
        """
        if data and data.size is not None and data.size > self.MAX_BYTES:
            raise ValidationError(self.error_messages["too_big"])
        return super().clean(data, initial)
