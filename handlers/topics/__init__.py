"""Topics: queries over articles, the matcher that evaluates all of them at once, and the catalogue that ships."""
