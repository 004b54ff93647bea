"""Tests: what is brought in."""
