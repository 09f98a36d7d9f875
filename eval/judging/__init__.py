"""What runs mean: comparisons, changes, the baseline and the gate."""
