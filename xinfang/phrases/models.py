"""The phrases of the department and of each person."""

from django.db import models

from xinfang.audit.noted_rows import NotedModel

from .words import PhraseUse


class Phrase(NotedModel):
    """A phrase: of one person, or of the department where `staff` is null."""

    staff = models.ForeignKey("accounts.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    use = models.CharField("用途", max_length=12, choices=[(u.value, u.label) for u in PhraseUse])
    text = models.CharField("内容", max_length=300)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["staff", "use", "text"], name="own_phrase_once"),
            models.UniqueConstraint(
                fields=["use", "text"], condition=models.Q(staff=None), name="department_phrase_once"
            ),
        ]
