"""How well a text fits a question, by the words and identifiers they share.

BM25 in a few lines of our own: the libraries that do it bring numpy, or an index for millions of documents, and
still leave the part that matters here to us, which is how to split code and Chinese into terms.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_WORD = re.compile(rf"[{CJK}]+|(?:(?![{CJK}])\w)+")
_HUMP = re.compile(r"_+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_STOP_WORDS = frozenset(
    "a about an and any are as at be been by can could did do does for from had has have how i if in into is it its me "
    "my no not of on or our should so that the their them then there these they this those to us was we were what when "
    "where which who why will with would you your "
    "aber als am auch auf aus bei das dass dem den der des die ein eine einem einen einer es für hat ich im ist kann "
    "mit nach nicht oder sich sie sind und uns von war warum was welche wer wie wir wird wo zu zum zur "
    "什么 为什 怎么 哪里 哪些 这个 那个 是否 一个 我们 的 了 吗 呢 是 在 有".split()
)
# The usual constants of BM25: how soon a repeated term stops to count, and how much long texts are held back.
_SATURATION = 1.2
_LENGTH = 0.75


def terms(text: str) -> list[str]:
    """Split *text* into what is compared: words, identifiers whole and in parts, pairs of Chinese characters."""
    found = (term for match in _WORD.finditer(text) for term in _terms_of(match.group()))
    return [_singular(term) for term in found if term not in _STOP_WORDS]


def _terms_of(word: str) -> Iterator[str]:
    if re.match(f"[{CJK}]", word):
        yield from (word[i : i + 2] for i in range(max(1, len(word) - 1)))
        return
    parts = [part for part in _HUMP.split(word) if part]
    if len(parts) > 1:
        yield word.casefold()
    yield from (part.casefold() for part in parts)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def query(question: str, background: str = "") -> dict[str, float]:
    """Weigh the terms of a question; those of *background*, what was said just before, count a quarter."""
    weights = dict.fromkeys(terms(background), 0.25)
    return weights | dict.fromkeys(terms(question), 1.0)


def scores(wanted: Mapping[str, float], documents: Sequence[Sequence[str]]) -> list[float]:
    """Tell how well each document, given as its terms, fits; 0 where no wanted term occurs."""
    counts = [Counter(term for term in document if term in wanted) for document in documents]
    average = sum(map(len, documents)) / max(1, len(documents)) or 1.0
    holding = Counter(term for count in counts for term in count)

    def score(count: Counter[str], length: int) -> float:
        held_back = _SATURATION * (1 - _LENGTH + _LENGTH * length / average)
        return sum(
            weight
            * math.log(1 + (len(documents) - holding[term] + 0.5) / (holding[term] + 0.5))
            * (count[term] * (_SATURATION + 1) / (count[term] + held_back))
            for term, weight in wanted.items()
            if term in count
        )

    return [score(count, len(document)) for count, document in zip(counts, documents, strict=True)]
