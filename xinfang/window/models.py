"""What the window keeps beside a case: what was handed in, signed, and the petitioner's word. Appended only."""

from django.db import models

from xinfang.cases.models import Petition
from xinfang.cases.models.encryption import case_key, create_case_key
from xinfang.vault.sm_ciphers import seal, unseal

_PLACE = b"signed receipt"


class SignedReceipt(models.Model):
    """That something was handed in on the window, as the receipt says it that the petitioner took along.

    `digest` is of what is signed (`window.receipts`): a receipt that is brought back is compared with it.
    """

    append_only = True

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="signed_receipts")
    at = models.DateTimeField("时间")
    digest = models.CharField("摘要", max_length=64)
    sealed = models.BinaryField("回执")
    """The receipt with its signature, encrypted under the key of the case."""

    class Meta:
        ordering = ["id"]

    @property
    def text(self) -> str:
        """The receipt as it is signed, as JSON; empty once the key of its case was erased.

        Raises:
            VaultError: it can't be read.
        """
        key = case_key(self.petition)
        return unseal(key, bytes(self.sealed), _PLACE).decode() if key else ""

    def keep(self, text: str) -> None:
        """Encrypt the receipt; the petition must be set before."""
        self.sealed = seal(case_key(self.petition) or create_case_key(self.petition), text.encode(), _PLACE)


class ChosenWord(models.Model):
    """The word that a petitioner chose as their second proof, as a keyed digest. The desk never learns it."""

    append_only = True

    petition = models.OneToOneField(Petition, on_delete=models.PROTECT, related_name="chosen_word")
    mark = models.CharField("口令的摘要", max_length=64)


class CameBack(models.Model):
    """That a petitioner opened their case by number and code, and when they first did: how many come back is counted.

    Of a case, not of a person; what they looked at is kept nowhere.
    """

    append_only = True

    petition = models.OneToOneField(Petition, on_delete=models.PROTECT, related_name="came_back")
    first_at = models.DateTimeField("第一次回来的时间")
