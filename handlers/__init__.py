"""What happens when something occurs: an arrival, a command, a tick."""
