"""Files of a case: uploads in chunks, checks of their content, rendering of pages, reading of scans."""
