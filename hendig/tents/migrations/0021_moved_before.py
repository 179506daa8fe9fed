"""Each time that something was laid elsewhere in the drawing, and not the last alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tents", "0020_own_plan_offered"),
    ]

    operations = [
        migrations.AddField(
            model_name="piece",
            name="moved_before",
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list),
        ),
    ]
