"""What is said about subscriptions: making, changing, listing and ending them, and keeping quiet for a while."""
