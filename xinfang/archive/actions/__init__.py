"""What the archive does: exporting files, disposal lists, destruction."""
