"""Working days and holidays: the table, reading it, and what a published schedule says.

Importing one brings deadlines in line and is in `casework`.
"""
