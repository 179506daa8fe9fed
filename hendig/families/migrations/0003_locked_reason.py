"""Why two members are one person is locked with the key of the installation."""

from django.db import migrations

import hendig.audit.models


class Migration(migrations.Migration):
    dependencies = [("families", "0002_deputy_and_trainee")]

    # What stood here in the clear goes with its column.
    operations = [
        migrations.RemoveField(model_name="sameperson", name="reason"),
        migrations.AddField(
            model_name="sameperson",
            name="reason",
            field=hendig.audit.models.LockedText(max_length=200, default=""),
            preserve_default=False,
        ),
    ]
