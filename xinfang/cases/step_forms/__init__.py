"""The forms of steps, made from their declarations for the page, the command line, the import and the printed law."""
