from django.db import migrations, models


class Migration(migrations.Migration):
    """What is to come back is looked for only where it can be, and a list of what is open goes on by its key."""

    dependencies = [("billing", "0016_confirmed_payment")]
    operations = [
        migrations.AddField("invoice", "squared", models.BooleanField(default=False, db_default=False)),
        migrations.RemoveIndex("invoice", "settled_invoices"),
        migrations.AddIndex(
            "invoice",
            models.Index(
                fields=["municipality_id", "partner"],
                name="settled_not_squared",
                condition=models.Q(stage="settled", squared=False),
            ),
        ),
        migrations.AddIndex(
            "invoice",
            models.Index(
                fields=["municipality_id", "partner", "id"],
                name="open_invoices",
                condition=models.Q(stage__in=["asked", "right"]),
            ),
        ),
    ]
