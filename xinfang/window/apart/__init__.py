"""The window as a process and a host of its own, without the desk's database and keys (decision 0046).

It has a kit of the desk's: the public key for which it seals what is submitted, so that it can't read it again; a key
of its own that signs receipts; the public key by which it checks what the desk publishes. Between the two lie files
alone: `up/` from the window to the desk, `down/` from the desk to the window. Nothing here asks a database.
"""
