"""The words that go to the model, as Jinja2 templates."""
