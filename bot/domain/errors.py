"""Everything that can go wrong, split by who must act.

    BotError
    ├── UserError           the person: the sentence is the reply
    │   ├── NotUnderstood       what was typed names nothing we can review or do
    │   ├── NothingToReview     the change is empty
    │   ├── ChangeTooLarge      more than is read at once
    │   ├── DiffUnreadable      the text is no diff
    │   ├── PullRequestNotFound missing, or the token may not see it
    │   ├── RepositoryNotFound  likewise
    │   └── NotAllowed          this channel, or this person, may not
    ├── TransientError      time: worth another try after `retry_after`
    │   ├── RateLimited
    │   ├── CodeHostUnavailable
    │   ├── ChatUnavailable     the chat platform cannot be reached
    │   └── ModelFailed         at one prompt; another one may do
    └── PermanentError      the operator: it will fail again the same way
        ├── ConfigInvalid
        ├── AccessRefused       a token is wrong or lacks a right
        ├── ModelUnusable       the model file cannot be used
        ├── PromptTooLong       the model's context is too small for the task
        ├── StoreUnusable       the database cannot be used
        ├── ChartFailed         a chart cannot be drawn on this machine
        └── ChatRefused         the chat platform refuses what we do at a place, and will again

Foreign exceptions are translated into these where they enter.
"""

from __future__ import annotations

from bot.domain.sentence import Sentence


class BotError(Exception):
    """Something the bot can explain in one sentence.

    Attributes:
        sentence: Cause and remedy, ready to be shown.
        exit_code: What the command line ends with: 2 for usage and configuration, 3 when a neighbour
            (code host, model, database) refused or failed.
    """

    exit_code = 3

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


class UserError(BotError):
    """The person who asked can mend it."""

    exit_code = 2


class NotUnderstood(UserError):
    """What was typed names nothing we can review or do."""


class NothingToReview(UserError):
    """The change is there, and empty."""


class ChangeTooLarge(UserError):
    """The change is larger than the bot reads at once."""


class DiffUnreadable(UserError):
    """The text is no diff, or a damaged one."""


class PullRequestNotFound(UserError):
    """The code host says that it is not there, which it also says of what a token may not see."""

    exit_code = 3


class RepositoryNotFound(UserError):
    """The code host says that it is not there, which it also says of what a token may not see."""

    exit_code = 3


class NotAllowed(UserError):
    """This channel may not see it, or this person may not ask for it."""


class TransientError(BotError):
    """Worth another try.

    Attributes:
        retry_after: Seconds until a try can succeed, or None when nobody said.
    """

    def __init__(self, sentence: Sentence, *, retry_after: float | None = None) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class RateLimited(TransientError):
    """The code host asks for more patience than we are allowed to have."""


class CodeHostUnavailable(TransientError):
    """The code host cannot be reached or answers with a failure of its own."""


class ChatUnavailable(TransientError):
    """The chat platform cannot be reached, or answers with a failure of its own."""


class ModelFailed(TransientError):
    """The model could not take this prompt; a shorter one may do."""


class PermanentError(BotError):
    """It will fail again the same way until an operator acts."""


class ConfigInvalid(PermanentError):
    """The configuration cannot be used."""

    exit_code = 2


class AccessRefused(PermanentError):
    """A token is wrong, expired, or lacks a right."""


class ModelUnusable(PermanentError):
    """The model file is missing, damaged, too large, or of a kind we cannot speak to."""


class PromptTooLong(PermanentError):
    """The model's context has no room for the prompt and an answer."""

    exit_code = 2


class StoreUnusable(PermanentError):
    """The database cannot be opened, read or written."""


class ChartFailed(PermanentError):
    """A chart cannot be drawn on this machine."""


class ChatRefused(PermanentError):
    """The chat platform refuses what we do at a place: it is archived, gone, or not ours to write in."""
