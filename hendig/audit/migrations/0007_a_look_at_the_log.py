"""Who reads who looked looks as well, and that look is a line: told to the page that shows it, it came back for more."""

from django.db import migrations

TELLS = """
DROP TRIGGER looks_are_heard ON audit_entry;
CREATE TRIGGER looks_are_heard AFTER INSERT ON audit_entry
    FOR EACH ROW WHEN (NEW.kind = 'look' AND NEW.compartment_id IS NOT NULL{but}) EXECUTE FUNCTION tell_of_a_look();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0006_lines_about_the_log"),
    ]

    operations = [
        migrations.RunSQL(TELLS.format(but=" AND NEW.code <> 'family.log_seen'"), TELLS.format(but="")),
    ]
