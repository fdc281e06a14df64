"""Charts of mentions per day, as SVG for web pages, as PNG for chat, and as a line of bars for plain text."""
