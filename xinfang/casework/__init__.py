"""The pages and commands of a case.

Registration, inbox, boards, the page of a case and the forms of its steps; staff who leave; importing a calendar or
old messages.
"""
