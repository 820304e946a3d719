"""What a review looks like outside: markdown for people, JSON and SARIF for programs. Pure functions all."""
