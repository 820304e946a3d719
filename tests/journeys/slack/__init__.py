"""The assembled program on a stand-in Slack and a stand-in GitHub."""
