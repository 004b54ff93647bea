"""What days are counted with: working days and holidays as published, and the department's own numbers.

Importing a schedule and changing a number bring deadlines in line and are in `casework`.
"""
