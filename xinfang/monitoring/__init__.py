"""How the system is: what has stopped, is missing or runs out, for administrators and for what watches it."""
