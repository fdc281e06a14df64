"""Texts as topics see them: words, their letters and their inflected forms."""
