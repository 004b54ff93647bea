"""Backups: one encrypted file that holds the database of one moment and every file that belongs to it.

`making` writes it while the system works, `restoring` puts it onto an empty machine. The master keys are not in it: it
opens only together with the key folder, or with enough shares of the keys.
"""
