"""Telling one person something: in the inbox always, by e-mail where that is set up.

A 告知书 is no notification but a paper.
"""
