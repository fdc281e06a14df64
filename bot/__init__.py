"""What runs and what people see: process, platforms, web page."""
