"""Text of articles and queries: letters, words with their hashes, tokens and inflection."""
