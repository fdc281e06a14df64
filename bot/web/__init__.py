"""The HTTP server: the console page, the API, live changes, health checks and metrics."""
