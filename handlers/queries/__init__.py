"""What commands and reports ask of the stored archive."""
