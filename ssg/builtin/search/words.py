"""Text -> the words that it is found by. `assets/search/text.js` reads queries by the same rules: keep them alike.

- Accents, case and width are folded (NFKD without marks, lower case, some letters spelled out), й and kana apart.
- A name with dots, dashes, underscores or capitals in it is a word as a whole and in its parts:
  `Response.set_cookie` is also `response`, `set_cookie`, `set` and `cookie`; `--strict` is also `strict`.
- Scripts that are written without spaces are cut into pairs of characters (bigrams), as in Lucene's CJKBigramFilter:
  https://lucene.apache.org/core/9_0_0/analysis/common/org/apache/lucene/analysis/cjk/CJKBigramFilter.html
- Stems are of Snowball, https://snowballstem.org. They are not words of the index: they say which words are forms of
  one another.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

LONGEST = 40
"""A longer word is a digest or a key, and nobody types it."""

_MARKS = re.compile(
    "(?<![\u0418\u0438])\u0306|[\u0300-\u0305\u0307-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u064b-\u0652\u0670]"
)
_SPELLED = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
_SPELLED_BY_CODE = str.maketrans({**_SPELLED, "Æ": "AE", "Œ": "OE", "Ø": "O", "Ł": "L", "Đ": "D", "Ð": "D", "Þ": "TH"})

UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3041-\u309a\u309d-\u309f\u30a1-\u30fa"
    "\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Thai, Lao, Burmese, Khmer, Han, kana, Hangul: as ranges of a class of characters."""
_UNSPACED_RUN = re.compile(f"[{UNSPACED}]+")
_SIGN = "\\w\u0900-\u0dff"  # the vowel signs of Indian scripts are not letters to Python
_NAME = re.compile(f"(?:(?<![{_SIGN}-])--?(?=[^\\W\\d_]))?[{_SIGN}]+(?:(?:[.-]|::)[{_SIGN}]+)*")
_SEPARATED = bytes(0x20 if chr(code) in "`'\"()[]{}<>,;!?*/|=+#$%&@~^\\" else code for code in range(256))
"""UTF-8 -> the same with spaces for signs that are in no name."""
_PARTS = re.compile(r"[.:]+")
_PIECES = re.compile(r"[-_]+")
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def fold(text: str) -> str:
    """Return a text without accents and variants of width; its case is kept."""
    if text.isascii():
        return text
    text = _MARKS.sub("", unicodedata.normalize("NFKD", text)).translate(_SPELLED_BY_CODE)
    return unicodedata.normalize("NFC", text)


def expand(name: str) -> tuple[str, ...]:
    """Return the words that a folded name is found by: itself first, and its parts."""
    whole = name.lower().replace("ς", "σ")
    found = {whole: None} if len(whole) <= LONGEST else {}
    if name.isalpha() and (name.islower() or name.istitle()):
        return tuple(found)
    for part in _PARTS.split(name.strip("-_")):
        pieces = _PIECES.split(part)
        for piece in (part, *pieces, *(hump for one in pieces for hump in _HUMPS.split(one))):
            if piece and not piece.isdecimal() and len(piece) <= LONGEST:
                found[piece.strip("_-").lower().replace("ς", "σ")] = None
    found.pop("", None)
    return tuple(found)


class _Words(dict[str, Sequence[str]]):
    """A piece of text without white space -> its words. Pieces repeat, on a page and between pages."""

    def __missing__(self, piece: str) -> Sequence[str]:
        found = _words(piece)
        if len(piece) <= LONGEST:  # longer ones, such as sentences of Chinese, are there once
            if len(self) >= 100_000:
                self.clear()
            self[piece] = found
        return found


_known = _Words()


def _words(piece: str) -> Sequence[str]:
    bare = piece.strip(".:")
    if bare != piece:
        return _known[bare]
    piece = fold(piece)
    found: list[str] = []
    for run in () if piece.isascii() else _UNSPACED_RUN.findall(piece):
        found += map("".join, pairwise(run))
        found.append(run[-1])
    if found:
        piece = _UNSPACED_RUN.sub(" ", piece)
    for name in _NAME.findall(piece):
        found += expand(name)
    return found


def count(text: str) -> dict[str, int]:
    """Return the words of a text, and how often each is there."""
    found: dict[str, int] = {}
    pieces = Counter(text.encode(errors="replace").translate(_SEPARATED).decode().split())
    for piece, times in pieces.items():
        if piece.islower() and piece.isalpha() and len(piece) <= LONGEST and piece.isascii():
            found[piece] = found.get(piece, 0) + times
        else:
            for word in _known[piece]:
                found[word] = found.get(word, 0) + times
    return found


def stems(words: Sequence[str], languages: Iterable[str]) -> list[str]:
    """Return for each word what all forms of it have in common, or '' where there are no others.

    Args:
        words: Folded words.
        languages: Codes of the languages whose rules are followed, one after the other. What Snowball has no rules
            for has no forms.
    """
    import Stemmer  # here, since few processes need it

    found = list(words)
    for code in languages:
        name = LANGUAGES.get(code.lower().replace("_", "-").split("-")[0])
        if name is not None:
            found = Stemmer.Stemmer(name, 0).stemWords(found)
    pairs = zip(words, found, strict=True)
    return [stem if len(word) > 2 and word.isalpha() else "" for word, stem in pairs]


LANGUAGES = {
    "ar": "arabic", "hy": "armenian", "eu": "basque", "ca": "catalan", "cs": "czech", "da": "danish", "nl": "dutch",
    "en": "english", "eo": "esperanto", "et": "estonian", "fi": "finnish", "fr": "french", "de": "german",
    "el": "greek", "hi": "hindi", "hu": "hungarian", "id": "indonesian", "ga": "irish", "it": "italian",
    "lt": "lithuanian", "ne": "nepali", "no": "norwegian", "nb": "norwegian", "nn": "norwegian", "fa": "persian",
    "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "st": "sesotho",
    "es": "spanish", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
"""Codes of languages, as ISO 639-1 has them, and Snowball's names."""

QUIET = {
    "de": "als am an auf aus bei das dem den der die ein eine einem einen einer es für ich im in ist kann man mit nach "
    "oder und von was wie wird zu zum zur",
    "en": "a an and are as at be by can do does for from how i in is it my of on or should that the this to use what "
    "when where which why with you your",
    "es": "al como con cómo de del el en es la las lo los mi o para por que qué se su un una y",
    "fr": "a au aux avec ce comment dans de des du en est et il je la le les mon on ou par pour que qui se sur un une",
    "it": "al che come con da dei del della di e il in la le mio o per si su un una è",
    "nl": "aan de een en er het hoe ik in is kan met naar of om op te van voor wat zijn",
    "pl": "a co do i jak jest na nie o po się to w z za",
    "pt": "a ao as com como da de do e em eu na no o os ou para por que se um uma é",
    "ru": "в во где для до и из или к как на о об от по при с со у что я",
    "sv": "att av de den det en ett för hur i jag kan med och om på som till vad är",
}
"""Words that questions are made with, by language: beside others they count for little."""


def quiet(language: str) -> list[str]:
    """Return the words of a language that count for little, folded."""
    return fold(QUIET.get(language.split("-")[0].split("_")[0], "")).split()
