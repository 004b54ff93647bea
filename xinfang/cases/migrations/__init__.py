"""The migrations of the tables of the cases."""
