"""Commands and buttons: one module per command, the table of commands, and the dispatch from request to reply."""
