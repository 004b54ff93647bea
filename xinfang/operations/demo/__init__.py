"""Invented people and cases to try the system on."""
