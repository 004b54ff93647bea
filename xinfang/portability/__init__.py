"""Leaving with everything: the whole system in open formats, approved by two, and its way into an empty system.

Every case has a folder that people and other programs read; beside them lie all tables as JSON lines, from which an
empty system becomes the same. A sealed case is in it only as it is kept: encrypted, for its officers. It is no backup:
that is faster, and goes back onto the same database only (`backup`).
"""
