"""Texts of any origin: encoding, language, bylines and boilerplate."""
