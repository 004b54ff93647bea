"""The answers of a step in words, as pages and papers show them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from xinfang.procedure.facts import Directory, RequestFacts
from xinfang.procedure.step_schema import WITHHELD_MARK, FieldSpec, step_schema
from xinfang.web.dates import chinese_date

Answers = list[dict[str, str]]


def render_answers(
    step: Any, directory: Directory, requests: Sequence[RequestFacts] = (), *, unticked: bool = True
) -> Answers:
    """Return the answers of a step in words, label by label; what was left empty is left out.

    A request is told by its text where `requests` are given. A box that wasn't ticked is told unless `unticked` is
    False; a decision always is.
    """
    rows = []
    for shape in step_schema(type(step)):
        value = getattr(step, shape.name)
        if shape.name == "request":
            text = next((r.text for r in requests if r.number == value), "")
            rows.append({"label": f"诉求{value}", "text": text} if text else {"label": "诉求", "text": f"第{value}项"})
        elif shape.name == "agree" and isinstance(value, bool):
            rows.append({"label": "决定", "text": shape.label if value else "不同意"})
        elif (unticked or value is not False) and (text := _said(shape, value, directory, requests)):
            rows.append({"label": shape.label, "text": text})
    return rows


def _said(shape: FieldSpec, value: Any, directory: Directory, requests: Sequence[RequestFacts]) -> str:
    if isinstance(value, tuple):
        if shape.kind == "list":
            told = (render_answers(item, directory, requests) for item in value)
            return "\n\n".join("\n".join(f"{r['label']}：{r['text']}" for r in rows) for rows in told)
        return "、".join(_said(shape, v, directory, requests) for v in value)
    if value is None or value == "":
        return ""
    if value == WITHHELD_MARK:
        return "（个人信息，略）"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return chinese_date(value)
    if shape.kind == "unit":
        return directory.unit_name(value)
    if shape.kind == "staff":
        return directory.staff_name(value)
    return str(getattr(value, "label", value))
