"""Figures: what the department counts, by which date, and the tables made of it.

Numbers of cases, never a score of a person.
"""
