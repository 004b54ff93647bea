"""The file of a case for the archive room: one PDF/A volume, and a package that can be checked and read without the system."""
