"""Leaders' reception (N18, H11): the days on which they receive, who has a place, what is recorded.

Pure: rows in, stages and reasons out. What takes a place from somebody, or says that they didn't come, is recorded by
one person and holds when another agrees. No condition asks who a petitioner is.
"""
