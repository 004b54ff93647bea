"""The administrative audit log, the heads of the chains, the canonical form of what is hashed, and the triggers that keep tables append-only. Its pages are in `proof`."""
