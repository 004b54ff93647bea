"""The only room that writes case data."""
