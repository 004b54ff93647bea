"""What is read: the messages that wait, one of them, and how all of them are accounted for."""
