"""The xinfang command: serve, migrate, demo and the rest."""
