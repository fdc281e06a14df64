"""The Discord platform: the gateway connection, commands and buttons, and posts to channels."""
