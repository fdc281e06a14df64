"""Reading documents and feeds: from bytes to article drafts."""
