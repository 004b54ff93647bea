"""What keeps the system at work: the daily sweep and the workers, the `xinfang` command, the demo, key rotation."""
