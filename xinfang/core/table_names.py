"""A table is named in its model alone; raw SQL takes the name from there, `Event._meta.db_table`, or by `table` from below."""

from django.apps import apps


def table(label: str) -> str:
    """Return the name of a model's table, `table("cases.Event")`: for layers below the model, which may not import it.

    Asked when it is needed and not at import, when the models aren't loaded. Raises LookupError.
    """
    name: str = apps.get_model(label)._meta.db_table
    return name
