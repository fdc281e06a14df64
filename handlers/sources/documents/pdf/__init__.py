"""PDFs: a separate process reads the characters, and their places on the page decide words, order and paragraphs."""
