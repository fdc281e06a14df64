"""Charts as SVG for pages and as PNG for chat."""
