"""Notices to staff: messages and channels."""
