"""The papers that the procedure asks for: composed once from the facts of a case, signed, numbered and issued.

They are laid out as PDF, as Word and as OFD.
"""
