"""Saying that two cases are about one matter, and looking for such pairs at night."""
