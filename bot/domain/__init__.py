"""What things are: frozen data and pure functions."""
