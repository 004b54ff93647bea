"""Django's SQLite with writers that wait in a queue instead of guessing when to try again."""
