import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0018_line_iv3_field"),
        ("people", "0014_elsewhere"),
    ]

    operations = [
        migrations.AddField(
            model_name="monthlyamount",
            name="set_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.account"
            ),
        ),
        migrations.AddField(
            model_name="tariff",
            name="set_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.account"
            ),
        ),
    ]
