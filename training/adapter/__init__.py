"""Training of the adapter of an embedded model, on the labelled corpus."""
