"""Settings, addresses, logs: how the house is put together."""
