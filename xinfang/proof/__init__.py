"""Proof that the records are unaltered: verifying chains, daily seals, proof bundles, and the auditor's pages."""
