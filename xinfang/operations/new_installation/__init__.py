"""`xinfang setup`: from an empty installation to one in which the first letter can be registered, as often as needed.

`answers` reads what was answered in a file, `steps` does one thing after the other and leaves what is there already.
"""
