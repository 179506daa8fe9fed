"""For some expertises somebody registered is asked, or there is a reason why it can be somebody else."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0009_meeting_in_letter"),
    ]

    operations = [
        migrations.AddField(
            model_name="expertise",
            name="registered",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="professional",
            name="unless",
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
    ]
