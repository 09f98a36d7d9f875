"""Asking: questions go to a model and drafts come back, at the provider's pace, within a budget."""
