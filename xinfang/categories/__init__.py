"""The content categories of petitions, in three levels."""
