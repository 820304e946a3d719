"""Text of a diff in, `Diff` out; shared by every source of a change."""
