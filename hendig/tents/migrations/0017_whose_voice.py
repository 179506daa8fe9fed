"""Whose voice it is: two people of one first name are told apart by who they are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tents", "0016_drawing_of_agreed_page"),
    ]

    operations = [
        migrations.AddField(
            model_name="influence",
            name="speaker_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="piece",
            name="speaker_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="remark",
            name="speaker_id",
            field=models.UUIDField(null=True),
        ),
    ]
