"""The console: the bot's own web page as a third chat platform, so that the bot works without any account."""
