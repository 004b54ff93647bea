"""帮助: the manual, one chapter a role, and where in it each page leads. Its text is `text/`, its pictures are static.

It says how to work, never what the law asks: that is printed by `procedure`.
"""
