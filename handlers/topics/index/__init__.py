"""The index of all topics: which of them an article matches, by which words, and at what cost."""
