"""What all pages share.

The frame around a page, forms, lists, base templates, static files, error pages, drafts. It knows no feature; FEATURES
name what they add.
"""
