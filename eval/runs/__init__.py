"""Running systems over corpora, and what a run leaves behind."""
