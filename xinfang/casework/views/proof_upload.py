"""The sheet on which a step rests, added on the step's own form: nobody leaves it half filled in to attach a scan."""

from typing import Any

from django.conf import settings

from xinfang.accounts.pages import DeskRequest
from xinfang.attachments.actions.attach import attach
from xinfang.attachments.filecheck import FILE_KINDS, NotAccepted, accept_attribute, too_big_message
from xinfang.cases.step_forms import step_form
from xinfang.procedure.rules import SecondPerson, Step
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import InvalidAnswer
from xinfang.procedure.words import Material
from xinfang.vault.sm_ciphers import sm3

FIELD = "proof_file"
_ANSWER = "attachment"
_ALSO: dict[str, Material] = {
    StepCode.INSTRUCT: Material.INSTRUCTION,
    StepCode.FILE_PAPER_SCAN: Material.PAPER,
}
"""Steps that name an attachment which is no proof of a right that ends, and what such a sheet is."""


def material_of(cls: type[Step]) -> Material | None:
    """Return what a sheet added on the form of this step is kept as; None for a step that rests on none."""
    if cls is SecondPerson:
        return None  # it looks at what is attached already
    return cls.proof[0] if cls.proof else _ALSO.get(cls.rule.code)


def with_file_field(cls: type[Step], parts: list[step_form.FormPart], error: str) -> list[step_form.FormPart]:
    """Return the form with a field for the file below the one that names an attachment."""
    kind = material_of(cls)
    place = next((n for n, p in enumerate(parts) if p.get("field", {}).get("name") == _ANSWER), None)
    if kind is None or place is None:
        return parts
    field = {
        "name": FIELD,
        "label": "或者现在添加扫描件、照片",
        "help": f"存入此件的附件，材料种类为“{kind.label}”",
        "error": error,
        "value": "",
        "widget": "file",
        "attrs": {"accept": accept_attribute(FILE_KINDS)},
    }
    return [*parts[: place + 1], {"field": field, "when": parts[place]["when"]}, *parts[place + 1 :]]


def attach_sent_file(request: DeskRequest, cls: type[Step], number: str, raw: dict[str, Any], key: str) -> bool:
    """Attach the file that came with the form and let the answers name it; tell whether there was one.

    It stays attached, and named, where the step itself is refused.

    Raises:
        InvalidAnswer: the file isn't taken; the sentence is at its field.
        Refused: this person may not attach anything to the case now.
        NotVisible: the case isn't this person's to see.
    """
    kind, file = material_of(cls), request.FILES.get(FIELD)
    if kind is None or _ANSWER not in raw:
        return False
    if file is None:
        if getattr(request, "files_left_out", []):
            raise InvalidAnswer({FIELD: too_big_message(settings.UPLOAD_MB * 2**20)})
        return False
    data = file.read()
    try:
        row = attach(
            number,
            data,
            file.name or "",
            what=kind,
            by=request.actor,
            staff=request.user,
            # Another file than the one before is another attachment.
            idempotency_key=f"{key}-{sm3(data).hex()[:12]}",
        )
    except NotAccepted as e:
        raise InvalidAnswer({FIELD: str(e)}) from None
    raw[_ANSWER] = str(row.place)
    return True
