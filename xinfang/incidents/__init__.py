"""Urgent events: the log of an event, its duties, its report (H15-H18)."""
