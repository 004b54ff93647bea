"""The file of a closed case: its binding, its volume number, how long it is kept and how it ends (H14)."""
