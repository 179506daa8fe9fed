"""A family invites its GP, who writes apart, and shares a piece where who decides lets it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("families", "0007_incapacity")]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="as_gp",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="involvement",
            name="passes_on",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="involvement",
            name="passes_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="families.familymember",
            ),
        ),
        migrations.AddField(
            model_name="note",
            name="shared_from",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="families.note",
            ),
        ),
    ]
