"""Text from any kind of document: encoding, markup, language, dates, bylines and boilerplate."""
