"""Units, staff, duties and absences; sign-in, sessions and the second factor; changes that need two people.

Handing open work over when somebody leaves is in `casework`.
"""
