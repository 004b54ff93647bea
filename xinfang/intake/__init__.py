"""Ledgers and letters coming in."""
