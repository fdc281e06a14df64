"""Reading documents: plain text, Markdown, web pages, PDF, office documents and e-mail to article drafts."""
