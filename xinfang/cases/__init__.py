"""A petition: its tables, who may see it, what is read of it, and the one way to change it (`actions.perform`).

The projections write the rows that follow from a step. Its pages are in `casework`.
"""
