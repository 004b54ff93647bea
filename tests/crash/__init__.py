"""Killed at random moments, and out of space: what was acknowledged is there, and nothing is half there."""
