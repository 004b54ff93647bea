"""Proof that the records are unaltered: verifying chains, seals, proof bundles, and the auditor's pages."""
