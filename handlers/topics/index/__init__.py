"""All topics at once: which of them an article matches, and by which words."""
