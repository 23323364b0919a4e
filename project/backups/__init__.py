"""Backups: one archive with the database, the media and the secret key, and the way back.

`archive` is the file, `databases` what differs between SQLite and PostgreSQL, `making` and `restoring` the two ways.
"""


class BackupError(Exception):
    """A sentence that says what is wrong, and what to do."""
