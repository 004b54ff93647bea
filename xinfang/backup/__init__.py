"""Backups: one encrypted file that holds the database of one moment and every file that belongs to it.

`making` writes it while the system works, `keeping` keeps the last ones and a copy elsewhere, `restoring` puts it onto
an empty machine, `rehearsal` shows that it can be. The master keys are not in it: it
opens only together with the key folder, or with enough shares of the keys.
"""
