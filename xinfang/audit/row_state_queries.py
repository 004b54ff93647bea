"""Reading what rows were when the program changed them last."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import Max

from xinfang.audit.models import RowState
from xinfang.audit.noted_rows import key_text


def latest_states(model: type[models.Model], keys: Sequence[Any]) -> dict[str, tuple[str, str]]:
    """Return the last noted digest of each of these rows, and the chain that it is in (1 query)."""
    of_rows = RowState.objects.filter(table=model._meta.label, key__in=[key_text(k) for k in keys]).order_by()
    last = of_rows.values("key").annotate(last=Max("id")).values("last")
    found = RowState.objects.filter(id__in=last).order_by().values_list("key", "digest", "chain")
    return {key: (digest, chain) for key, digest, chain in found}
