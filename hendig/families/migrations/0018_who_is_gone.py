from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("families", "0017_invited_at"),
    ]

    operations = [
        migrations.AddField(model_name="record", name="gone_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="familymember", name="gone_at", field=models.DateTimeField(null=True)),
        migrations.RemoveConstraint(model_name="familymember", name="child_has_birth_date"),
        migrations.AddConstraint(
            model_name="familymember",
            constraint=models.CheckConstraint(
                condition=~Q(kind="child") | Q(born_on__isnull=False) | Q(gone_at__isnull=False),
                name="child_has_birth_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="familymember",
            constraint=models.CheckConstraint(
                condition=Q(gone_at=None)
                | Q(first_name="", last_name="", asked_email="", born_on=None, account=None),
                name="of_who_is_gone_nothing_is_known",
            ),
        ),
    ]
