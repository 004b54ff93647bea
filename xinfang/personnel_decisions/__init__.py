"""奖惩: decisions about a unit or a member of staff, recorded and confirmed by a second person (H19, H20).

No score, no list of persons.
"""
