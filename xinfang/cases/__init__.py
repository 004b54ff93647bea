"""A petition: its tables, the one way to change it (`actions.perform`), the projections that follow, who may see it, what is read of it. Its pages are in `casework`."""
