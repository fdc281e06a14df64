"""Official lists, such as sanctions lists: reads and compares editions, and writes an article about what changed."""
