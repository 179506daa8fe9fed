import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0011_received_invoice"),
    ]

    operations = [
        migrations.AlterField(
            model_name="invoiceline",
            name="batch",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="billing.paymentbatch",
            ),
        ),
        migrations.AddIndex(
            model_name="invoiceline",
            index=models.Index(
                condition=models.Q(("batch__isnull", False)), fields=["batch"], name="lines_of_batch"
            ),
        ),
    ]
