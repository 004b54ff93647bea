"""Whether the deadlines were recounted after an import; those of earlier imports are recounted once more by the first sweep."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0003_boards_index")]

    operations = [
        migrations.AddField(
            model_name="calendaryear",
            name="recounted_at",
            field=models.DateTimeField("期限重算完成时间", null=True),
        ),
    ]
