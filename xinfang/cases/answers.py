"""The answers of a step in words, as pages and papers show them."""

from datetime import date
from typing import Any

from xinfang.procedure.facts import Directory
from xinfang.procedure.step_schema import WITHHELD_MARK, FieldSpec, step_schema
from xinfang.web.dates import chinese_date


def render_answers(step: Any, directory: Directory) -> list[dict[str, str]]:
    """Return the answers of a step in words, label by label; what was left empty is left out."""
    rows = []
    for shape in step_schema(type(step)):
        text = _said(shape, getattr(step, shape.name), directory)
        if text:
            rows.append({"label": shape.label, "text": text})
    return rows


def _said(shape: FieldSpec, value: Any, directory: Directory) -> str:
    if isinstance(value, tuple):
        if shape.kind == "list":
            items = ("\n".join(f"{r['label']}：{r['text']}" for r in render_answers(item, directory)) for item in value)
            return "\n\n".join(items)
        return "、".join(_said(shape, v, directory) for v in value)
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
