"""领导接访: the days on which leaders receive or go down, who has a place, and what was said there (N18, H11).

It counts days and visits; there is no list, label or score of persons.
"""
