"""Find a petition, and find ones like it."""
