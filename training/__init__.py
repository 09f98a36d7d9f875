"""The labelled corpus and what is trained from it; imports the product and the harness."""
