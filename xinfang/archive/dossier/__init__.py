"""The file of a case for the archive room: one PDF/A volume, and a package to check and read without the system."""
