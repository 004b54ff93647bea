"""The app of the audit log: after every migration the tables that must not change have their triggers."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class Audit(AppConfig):
    """The Django app of the audit log."""

    name = "xinfang.audit"

    def ready(self) -> None:
        # Once for each `migrate`, when the tables of all features are there, also of one that was added later.
        """Have the triggers installed after every `migrate`."""
        post_migrate.connect(_put_up_the_guard, sender=self)


def _put_up_the_guard(**_: Any) -> None:
    from xinfang.audit import append_only_triggers

    append_only_triggers.install()
