"""From labels and predictions to counts, and every score as a function of them."""
