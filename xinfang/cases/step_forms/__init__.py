"""The forms of steps, made from their declarations: they serve the page, the command line, the import and the printed law at once."""
