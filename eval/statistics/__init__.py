"""How sure a score is, whether two differ, and how far two annotators agree."""
