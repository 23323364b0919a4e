"""Which logins have ended is kept by accounts from now on; so are the sessions of the admin."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("realtime", "0002_admin_session"),
        ("accounts", "0002_from_before"),
    ]

    operations = [
        migrations.DeleteModel(name="AdminSession"),
        migrations.DeleteModel(name="EndedLogin"),
    ]
