"""The life cycle of a workspace: onboarding, uninstall and data retention."""
