"""What is read of papers: lists, texts and their changes, envelopes, wordings."""
