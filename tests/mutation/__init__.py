"""Mutation tests of the law: one thing in the rules is made wrong at a time, and the tests of the articles must notice.

`make mutate` runs them; docs/decisions/0022-mutation-tests.md says why they are our own.
"""
