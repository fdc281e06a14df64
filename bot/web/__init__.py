"""The HTTP server: the console's pages, the API for documents, health, metrics."""
