"""A direction says who, what for and by when, and what was made of it."""

from django.db import migrations, models

import hendig.keys.models.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("tents", "0006_talk"),
    ]

    operations = [
        migrations.AddField(
            model_name="piece",
            name="became",
            field=models.CharField(
                blank=True,
                choices=[
                    ("task", "een taak"),
                    ("goal", "een doel"),
                    ("question", "een vraag aan de buurt"),
                    ("talk", "een matchgesprek"),
                ],
                db_default="",
                default="",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="piece",
            name="became_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="piece",
            name="by_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="piece",
            name="result",
            field=hendig.keys.models.sealed.SealedText(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddField(
            model_name="piece",
            name="who",
            field=hendig.keys.models.sealed.SealedText(blank=True, db_default="", default="", max_length=80),
        ),
    ]
