"""What accounts write: people and units, sign-ins, passwords, changes by two people."""
