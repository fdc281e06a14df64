"""Alerts: what a matched article becomes in each channel, the roll-up of held stories, and notes in threads."""
