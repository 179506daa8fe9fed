"""Who came to live here keeps the help that ran elsewhere, on the terms of before."""

from django.db import migrations

import hendig.keys.models.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("rights", "0005_topic_and_about"),
    ]

    operations = [
        migrations.AddField(
            model_name="continuation",
            name="came_from",
            field=hendig.keys.models.sealed.SealedText(blank=True, db_default="", default="", max_length=80),
        ),
        migrations.AddField(
            model_name="continuation",
            name="terms",
            field=hendig.keys.models.sealed.SealedText(blank=True, db_default="", default="", max_length=500),
        ),
    ]
