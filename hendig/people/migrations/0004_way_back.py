"""A colleague gives the code by which somebody who lost every factor comes in again."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0003_locked_texts")]

    operations = [
        migrations.AddField(
            model_name="signincode",
            name="given_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.account",
            ),
        ),
        migrations.AddConstraint(
            model_name="signincode",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("given_by", None),
                    models.Q(("given_by", models.F("account")), _negated=True),
                    _connector="OR",
                ),
                name="a_colleague_helps",
            ),
        ),
    ]
