"""Who we are: units, staff, duties, login."""
