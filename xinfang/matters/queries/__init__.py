"""Reading ties and likely pairs."""
