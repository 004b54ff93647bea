"""The administrative audit log, the chains' heads and hashes, and the triggers that keep tables append-only.

Its pages are in `proof`.
"""
