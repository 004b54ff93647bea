"""What the index keeps, and searches that somebody saved.

All of the index comes from the records and can be made again by `index.rebuild_index`.

No foreign keys: the index may be out of step with the records, and `index.check_index` must be able to say so.
Beside these tables each database has its own index over the grams of both texts; `sqlite` and `postgres` hold it.
"""

import json

from django.db import models

from xinfang.accounts.models import Staff
from xinfang.audit.noted_rows import NotedModel
from xinfang.vault.keys import keyring
from xinfang.vault.sm_ciphers import seal, unseal

_PLACE = b"saved search"


class SearchText(models.Model):
    """The folded text of one petition: a line each for subject, body, requests, number and names."""

    petition_id = models.BigIntegerField(primary_key=True)
    text = models.TextField()
    counted = models.BooleanField(default=False)
    """Whether its pairs are counted in `SearchGram`."""

    class Meta:
        db_table = "search_text"
        indexes = [models.Index(fields=["petition_id"], condition=models.Q(counted=True), name="counted_texts")]

    def __str__(self) -> str:
        return str(self.petition_id)


class SearchAnswer(models.Model):
    """The folded text of what the department wrote in one petition (`answered`); no row where it wrote nothing."""

    petition_id = models.BigIntegerField(primary_key=True)
    text = models.TextField()
    kinds = models.TextField()
    """A letter for each row of the text: in what it is written."""

    class Meta:
        db_table = "search_answer"

    def __str__(self) -> str:
        return str(self.petition_id)


class SearchGram(models.Model):
    """In how many of the counted texts (one in 32) a pair of characters occurs: tells rare pairs from frequent ones."""

    gram = models.CharField(max_length=2, primary_key=True)
    documents = models.IntegerField()

    class Meta:
        db_table = "search_gram"

    def __str__(self) -> str:
        return self.gram


class SearchPerson(models.Model):
    """Keyed hashes of a petitioner's name, phone and ID number; the numbers themselves stay in the records."""

    petition_id = models.BigIntegerField()
    mark = models.BigIntegerField()

    class Meta:
        db_table = "search_person"
        indexes = [
            models.Index(fields=["mark", "petition_id"], name="person_by_mark"),
            models.Index(fields=["petition_id"], name="person_by_petition"),
        ]

    def __str__(self) -> str:
        return str(self.petition_id)


class SavedSearch(NotedModel):
    """Words, filters and order that somebody wants to ask once more, under a name of their own.

    Name and words may be a person's: all of it is encrypted, under a key of its own.
    """

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField("内容")
    wrapped_key = models.BinaryField(null=True)
    saved_at = models.DateTimeField("保存时间")

    class Meta:
        db_table = "search_saved"
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.pk)

    def keep(self, name: str, words: str, given: dict[str, str]) -> None:
        """Encrypt what is asked; the caller saves."""
        key, self.wrapped_key = keyring().new_key()
        self.sealed = seal(key, json.dumps([name, words, given]).encode(), _PLACE)

    def asked(self) -> tuple[str, str, dict[str, str]]:
        """Return its name, its words and its filters.

        Raises:
            DecryptionFailed: it was altered.
            KeyMissing: the key it is wrapped with isn't here.
        """
        key = keyring().unwrap(bytes(self.wrapped_key or b""))
        name, words, given = json.loads(unseal(key, bytes(self.sealed), _PLACE))
        return name, words, given
