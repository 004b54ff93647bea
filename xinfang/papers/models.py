"""Papers of a case: their texts, how far they have come, and the files they became; and the department's wordings."""

from django.db import models

from xinfang.accounts.models import Staff
from xinfang.attachments.models import Attachment
from xinfang.audit.noted_rows import NotedModel
from xinfang.cases.models import Petition
from xinfang.cases.models.case import _choices
from xinfang.cases.models.encryption import case_key, create_case_key
from xinfang.procedure.words import PaperKind, PaperStage
from xinfang.vault.sm_ciphers import seal, unseal


class Paper(NotedModel):
    """One paper. Its stage follows the events; its files are attachments, frozen when it was issued."""

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="made_papers")
    place = models.PositiveIntegerField("序号")
    kind = models.CharField("文书", max_length=30, choices=_choices(PaperKind))
    stage = models.CharField("环节", max_length=10, choices=_choices(PaperStage), default=PaperStage.DRAFT.value)
    owed_by = models.PositiveIntegerField("出自第几条记录", default=0)
    number = models.CharField("文号", max_length=40, null=True, unique=True)
    revision = models.PositiveIntegerField("文本版次", default=0)
    pages = models.PositiveIntegerField("页数", default=0)
    issued_on = models.DateField("印发日期", null=True)
    left_on = models.DateField("发出日期", null=True)
    failed_on = models.DateField("没有送达的日期", null=True)
    pdf = models.ForeignKey(Attachment, null=True, on_delete=models.PROTECT, related_name="+")
    word = models.ForeignKey(Attachment, null=True, on_delete=models.PROTECT, related_name="+")
    ofd = models.ForeignKey(Attachment, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["petition_id", "place"]
        constraints = [models.UniqueConstraint(fields=["petition", "place"], name="paper_place_is_unique")]
        indexes = [models.Index(fields=["stage", "id"], name="paper_by_stage")]

    @property
    def label(self) -> str:
        """Its kind in words."""
        return self.get_kind_display()

    @property
    def is_scan(self) -> bool:
        """Whether it was made outside and filed as a scan: it has no text here, and its one file may be a picture."""
        return self.revision == 0 and self.pdf_id is not None

    @property
    def paper_kind(self) -> PaperKind:
        """Its kind."""
        return PaperKind.of(self.kind)


class PaperText(NotedModel):
    """One version of a paper's text, never changed.

    It is encrypted under the petition's key, as it may hold all that a case holds.
    """

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="texts")
    revision = models.PositiveIntegerField("版次")
    text_sealed = models.BinaryField()
    by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")
    how = models.CharField("来历", max_length=20)
    """composed, edited, returned (as a Word file)."""

    class Meta:
        ordering = ["paper_id", "revision"]
        constraints = [models.UniqueConstraint(fields=["paper", "revision"], name="paper_revision_is_unique")]

    HOW = {"composed": "系统拟出", "edited": "在线修改", "returned": "Word 交回"}

    @property
    def how_label(self) -> str:
        """How this version came about, in words."""
        return self.HOW.get(self.how, self.how)

    @property
    def text(self) -> str:
        """The text; empty once the key of its case was erased.

        Raises:
            DecryptionFailed: the text or its key is damaged (`vault.sm_ciphers`).
            KeyMissing: the key that wraps the case's key is gone.
        """
        key = case_key(self.paper.petition)
        return unseal(key, bytes(self.text_sealed), self._place()).decode() if key else ""

    @text.setter
    def text(self, value: str) -> None:
        """Encrypt the text; `paper` and `revision` must be set before."""
        key = case_key(self.paper.petition) or create_case_key(self.paper.petition)
        self.text_sealed = seal(key, value.encode(), self._place())

    def _place(self) -> bytes:
        return f"paper:{self.paper.place}:{self.revision}".encode()


class Wording(NotedModel):
    """The department's own wording of one kind of paper, from a version on. Versions are added, never overwritten."""

    kind = models.CharField("文书", max_length=30, choices=_choices(PaperKind))
    version = models.PositiveIntegerField("版本")
    text = models.TextField("文本")
    by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")
    reason = models.CharField("说明", max_length=200)

    class Meta:
        ordering = ["kind", "-version"]
        constraints = [models.UniqueConstraint(fields=["kind", "version"], name="wording_version_is_unique")]
