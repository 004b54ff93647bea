"""The settings of the department that hold from a day on, such as its reception places.

Settings of the server are environment variables, not these.
"""
