"""The pages of the mailbox."""
