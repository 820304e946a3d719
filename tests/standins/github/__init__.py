"""A GitHub of our own: it speaks HTTP over a socket and serves a real git repository.

```python
with StandInGitHub(one_file(tmp_path)) as github:
    github.open_pull_request()
    changes = GitHubChanges(api_url=github.api_url, token="good")
```
"""

from tests.standins.github.pulls import Check, StandInComment, StandInIssue, StandInPull
from tests.standins.github.repository import GitRepository, changed, every_kind, one_file
from tests.standins.github.server import StandInGitHub

__all__ = [
    "Check",
    "GitRepository",
    "StandInComment",
    "StandInGitHub",
    "StandInIssue",
    "StandInPull",
    "changed",
    "every_kind",
    "one_file",
]
