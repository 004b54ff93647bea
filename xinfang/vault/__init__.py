"""Ciphers, keys and shares of keys: pure Python. What is encrypted here is kept by the features."""
