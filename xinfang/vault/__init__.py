"""The vault: ciphers and keys. What must stay secret is sealed here; what is sealed is kept by other rooms."""
