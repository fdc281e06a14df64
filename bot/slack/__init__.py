"""The Slack platform: the connection, commands, buttons, forms and events, and posts to channels."""
