"""What is written: the export, and the system that it becomes."""
