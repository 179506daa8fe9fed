"""Who sees along as a confidant does so for a year from the yes; who is there already from this day.

Their own yes may be older than a year: to end them all at once would take away people whom a family counts on,
with no time to say yes anew.
"""

from django.db import migrations

# The owner reads past the walls for as long as this takes, and stands before them again.
A_YEAR = """
ALTER TABLE families_involvement NO FORCE ROW LEVEL SECURITY;
UPDATE families_involvement SET until_at = greatest(from_at, now()) + interval '365 days'
WHERE part = 'confidant' AND until_at IS NULL;
ALTER TABLE families_involvement FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("families", "0020_supervisor_ruling"),
    ]

    operations = [
        migrations.RunSQL(A_YEAR, migrations.RunSQL.noop),
    ]
