"""The papers the procedure owes: composed once from the facts of a case, laid out as PDF and as Word."""
