"""Who does a task is sealed with the key of its compartment."""

from django.db import migrations

import hendig.keys.models.sealed


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_initial")]

    # What stood here in the clear goes with its column.
    operations = [
        migrations.RemoveField(model_name="task", name="who"),
        migrations.AddField(
            model_name="task",
            name="who",
            field=hendig.keys.models.sealed.SealedText(max_length=80, default=""),
            preserve_default=False,
        ),
    ]
