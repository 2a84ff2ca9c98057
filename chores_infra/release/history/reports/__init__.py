"""A history as text, Markdown, JSON and HTML."""
