"""Reports of a run: terminal tables, Markdown, JSON and one HTML page."""
