"""Who is told what, when and how: from what is stored to mails, feeds and other channels."""
