"""同一事项: what people said of two cases, 同事 or not, and the likely pairs that wait to be looked at.

A tie changes no case, and nothing here is about a person: two letters are compared, never who writes. Pages are in
`casework`.
"""
