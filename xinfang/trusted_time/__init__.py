"""Whether the clock of the server is believed, and a person's word that it is right (decision 0015)."""
