"""What is read of accounts: people and units, duties, an account as its owner sees it."""
