"""Urgent events (H11, H15–H18, N25): records of what happened, with true times.

Never a label, score or list of persons.
"""
