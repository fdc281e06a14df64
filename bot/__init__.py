"""What runs and what people see: the process with its settings and logs, the platforms, web page and command line."""
