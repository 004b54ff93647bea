"""Petition handling (信访) for a provincial department of science and technology."""
