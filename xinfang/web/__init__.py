"""What all pages share: the frame around a page, forms, lists, base templates, static files, error pages, drafts. It knows no feature; FEATURES name what they add."""
