"""The app of the audit log: after every migration the tables that must not change have their triggers."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import m2m_changed, post_delete, post_migrate, pre_delete


class Audit(AppConfig):
    """The Django app of the audit log."""

    name = "xinfang.audit"

    def ready(self) -> None:
        # Once for each `migrate`, when the tables of all features are there, also of one that was added later.
        """Have the triggers installed after every `migrate`, and removals of noted rows noted."""
        post_migrate.connect(_put_up_the_guard, sender=self)
        _note_removals()


def _note_removals() -> None:
    """Have it noted when a row is removed whose state is noted, also by a removal in bulk, or its members change."""
    from xinfang.audit.actions import row_states
    from xinfang.audit.coverage import COVERAGE, noted_models

    for model in noted_models():
        pre_delete.connect(row_states.compare_before_removal, sender=model)
        post_delete.connect(row_states.note_removal, sender=model)
        for name in COVERAGE[model._meta.label].sets:
            through = model._meta.get_field(name).remote_field.through  # type: ignore[union-attr]
            m2m_changed.connect(row_states.note_many_to_many, sender=through)


def _put_up_the_guard(**_: Any) -> None:
    from xinfang.audit import append_only_triggers

    append_only_triggers.install()
