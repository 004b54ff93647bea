"""The name of a table, for raw SQL in a layer below its model. Elsewhere it is `Event._meta.db_table`."""

from django.apps import apps


def table(label: str) -> str:
    """Return the name of a model's table, `table("cases.Event")`: for layers below the model, which may not import it.

    Asked when it is needed and not at import, when the models aren't loaded.

    Raises:
        LookupError: there is no such model.
    """
    name: str = apps.get_model(label)._meta.db_table
    return name
