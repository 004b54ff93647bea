"""The papers that the procedure asks for: composed once from the facts of a case, laid out as PDF and as Word, signed, numbered and issued."""
