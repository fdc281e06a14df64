"""Documents: one reader for each kind of file, from bytes to article drafts."""
