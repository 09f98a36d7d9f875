"""Benchmarks: how fast the harness scores, and how much of an extraction is the model itself."""
