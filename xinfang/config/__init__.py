"""Settings, addresses and FEATURES: how the program is put together."""
