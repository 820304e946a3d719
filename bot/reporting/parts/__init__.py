"""The pieces of the markdown, top to bottom: headline, account, findings, unread, footer.

Each is a function from a review to markdown blocks; a piece with nothing to say returns none.
"""
