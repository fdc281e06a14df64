"""The life of a workspace: onboarding, uninstall and retention."""
