"""The evaluation harness: gold labels and what is measured against them."""
