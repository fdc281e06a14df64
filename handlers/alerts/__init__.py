"""Alerts: what a matched article becomes in each channel."""
