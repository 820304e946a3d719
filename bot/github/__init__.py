"""Pull requests from GitHub."""
