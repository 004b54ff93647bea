"""Pages of accounts: signing in, one's own account, changes of rights, drafts."""
