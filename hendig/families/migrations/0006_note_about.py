"""What a youth tells apart, and who was named for it writes, says whom it is about, where that is not the child."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("families", "0005_address_of_a_youth")]

    operations = [
        migrations.AddField(
            model_name="note",
            name="about",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="families.familymember",
            ),
        ),
        migrations.AddField(
            model_name="note",
            name="outside",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=models.CheckConstraint(
                condition=models.Q(("about", None), ("outside", False), _connector="OR"),
                name="own_piece_about_one",
            ),
        ),
    ]
