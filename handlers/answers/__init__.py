"""Everything that the bot can say, independent of the platform that shows it."""
