"""What somebody answers to a card is locked with the key of the installation."""

from django.db import migrations

import hendig.audit.models


class Migration(migrations.Migration):
    dependencies = [("opentent", "0001_initial")]

    # What stood here in the clear goes with its column.
    operations = [
        migrations.RemoveField(model_name="response", name="words"),
        migrations.AddField(
            model_name="response",
            name="words",
            field=hendig.audit.models.LockedText(max_length=1000, default=""),
            preserve_default=False,
        ),
    ]
