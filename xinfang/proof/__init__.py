"""Proof that what is recorded is what was recorded: verifying chains, daily seals, proof bundles, and the auditor's pages."""
