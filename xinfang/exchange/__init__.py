"""The regional petition system: what it is told of a case, how that travels, what comes back (H5, H8, H12; N21-23)."""
