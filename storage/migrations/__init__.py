"""Migrations from any older schema to the current one. The files in versions/ never change once they are released."""
