"""Lists that leave the screen: the registers (台账) of an office, their columns, saved views, the export of any list.

A register is one of matters, never of persons: no column counts, ranks or labels anybody.
"""
