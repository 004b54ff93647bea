"""`make bench`: a large invented department, and how fast the desk stays in it. See README.md."""
