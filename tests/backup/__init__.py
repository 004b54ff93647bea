"""Backup, restore and upgrade, by real processes."""
