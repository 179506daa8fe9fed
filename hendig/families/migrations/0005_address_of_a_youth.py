"""Who gave the address of a youth, and what one of the family gave before the coach spoke with the youth."""

import django.db.models.deletion
from django.db import migrations, models

import hendig.audit.models


class Migration(migrations.Migration):
    dependencies = [
        ("families", "0004_invitation"),
        ("people", "0006_role_requests"),
    ]

    operations = [
        migrations.AddField(
            model_name="familymember",
            name="address_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="familymember",
            name="address_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.account"
            ),
        ),
        migrations.AddField(
            model_name="familymember",
            name="asked_email",
            field=hendig.audit.models.LockedText(blank=True, max_length=254),
        ),
    ]
