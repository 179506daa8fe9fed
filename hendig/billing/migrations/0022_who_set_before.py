"""Who agreed a tariff or a monthly amount before that was kept with it: the log of then says so."""

from django.db import migrations

# What ends a row later stands in the log as well; the first line is the one that made it. The owner reads past the
# walls for as long as this takes, and stands before them again.
WHO_SET = """
ALTER TABLE audit_entry NO FORCE ROW LEVEL SECURITY;
UPDATE billing_{table} t SET set_by_id = first.account_id
FROM (
    SELECT DISTINCT ON (e.object_id) e.object_id, e.account_id FROM audit_entry e
    WHERE e.object_type = 'billing.{model}' AND e.code = '{code}' ORDER BY e.object_id, e.id
) first
WHERE first.object_id = t.id AND t.set_by_id IS NULL
    AND EXISTS (SELECT 1 FROM people_account a WHERE a.id = first.account_id);
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE audit_entry FORCE ROW LEVEL SECURITY;
"""
OF_TARIFFS = WHO_SET.format(table="tariff", model="Tariff", code="tariff.set")
OF_AMOUNTS = WHO_SET.format(table="monthlyamount", model="MonthlyAmount", code="monthly_amount.set")


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0006_lines_about_the_log"),
        ("billing", "0021_own_account"),
        ("people", "0015_former_code"),
    ]

    operations = [
        migrations.RunSQL(OF_TARIFFS, migrations.RunSQL.noop),
        migrations.RunSQL(OF_AMOUNTS, migrations.RunSQL.noop),
    ]
