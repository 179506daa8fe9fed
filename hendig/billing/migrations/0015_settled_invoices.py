from django.db import migrations, models


class Migration(migrations.Migration):
    """What is to come back is looked for among what is settled: credit notes, and what a settlement left."""

    dependencies = [("billing", "0014_repayment")]
    operations = [
        migrations.RemoveIndex("invoice", "credit_notes"),
        migrations.AddIndex(
            "invoice",
            models.Index(
                fields=["municipality_id", "partner"],
                name="settled_invoices",
                condition=models.Q(stage="settled"),
            ),
        ),
    ]
