"""What papers write: texts, files and wordings, and the text of a signed reply."""
