"""Reading documents: plain text, Markdown, web pages, PDF and e-mail to article drafts."""
