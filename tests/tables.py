"""The tables by what their models are called, for SQL in tests: `T.cases_event`. Only the model names the table."""

from django.apps import apps


class _Tables:
    def __getattr__(self, name: str) -> str:
        for model in apps.get_models(include_auto_created=True):
            if f"{model._meta.app_label}_{model._meta.model_name}" == name:
                return model._meta.db_table
        raise AttributeError(f"no model has a table {name}")


T = _Tables()
