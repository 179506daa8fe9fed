"""The note of the first talk says whom it is about, where that is not the child."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("families", "0004_invitation"), ("helprequests", "0003_handover")]

    operations = [
        migrations.AddField(
            model_name="helprequest",
            name="about",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="families.familymember",
            ),
        ),
        migrations.AddField(
            model_name="helprequest",
            name="outside",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddConstraint(
            model_name="helprequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("about", None), ("outside", False), _connector="OR"),
                name="note_about_one",
            ),
        ),
    ]
