"""The systems that can be measured: ours, and what else a user might take."""
