"""What is said in acts that a ledger tells of without their words: as much of its own text as there is."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from jieban.kernel.i18n import tr
from jieban.orders.actions.reply import Reply
from jieban.profile.model import Label
from jieban.profile.workflow import EvidenceKind, Requester, Workflow

_BETWEEN = 6
_NOTE = b"stands in for what a ledger tells nothing of; round "
# The smallest file of each kind that says what it is: a played order has no papers, photos or recordings.
_STAND_INS = {
    "application/pdf": b"%PDF-1.4\n%%EOF\n% ",
    "image/png": bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010800000000"
        "3a7e9b550000000a49444154789c6360000000020001481eb3ae"
        "0000000049454e44ae426082"
    ),
    "audio/wav": b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0data\0\0\0\0",
    "video/mp4": b"\0\0\0\x18ftypisom\0\0\2\0isomiso2\0\0\0\x08free",
}


def stand_in(kind: EvidenceKind, round_: int) -> bytes:
    """A file of a kind, another one in each round. Raises ValueError for a kind of formats that none is known of."""
    for media_type, content in _STAND_INS.items():
        if media_type in kind.media_types:
            return content + _NOTE + str(round_).encode()
    raise ValueError(f"no stand-in for evidence of the kind {kind.code}")


def reply_from(text: str | None, workflow: Workflow, away: AbstractSet[Requester] = frozenset()) -> Reply:
    """A reply after the profile's template, made of a ledger's one cell.

    A cell with a paragraph for each text that a reply must have, as our own export writes it, is taken apart again;
    of any other, all stands in the first text, and the rest is said to be unknown. Of choices, the one that the text
    names. `away` are those requesters that the order has (anonymous, confidential): what isn't for them is left out.
    """
    unknown = tr("台账没有分项记载。")
    fields: dict[str, str] = {}
    whole = (text or "").strip()
    texts = [each for each in workflow.reply if not each.choices]
    must = [each for each in texts if each.required]
    paragraphs = whole.split("\n")
    for some in (must, texts):
        if len(paragraphs) == len(some) > 1:
            fields = {
                each.code: _at_least(said, each.min_chars)
                for each, said in zip(some, paragraphs, strict=True)
            }
            break
    else:
        said = whole
        for each in texts:
            fields[each.code] = _at_least(said or unknown, each.min_chars)
            said = ""
    chosen = {
        each.code: _named(each.choices, whole)
        for each in workflow.reply
        if each.choices and away.isdisjoint(each.not_for)
    }
    return Reply(fields=fields | chosen)


def _named(choices: Sequence[Label], text: str) -> str:
    """The choice that a text names, words between allowed; the longest name first (不满意, 满意). Else the last one."""
    for each in sorted(choices, key=lambda choice: -len(choice.name)):
        first, rest = each.name[0], each.name[1:]
        if re.search(rf"{re.escape(first)}[^，。；]{{0,{_BETWEEN}}}?{re.escape(rest)}", text):
            return each.code
    return choices[-1].code


def _at_least(text: str, characters: int) -> str:
    note = tr("(台账原文如此)")
    while len(text) < characters:
        text += note
    return text


def reason() -> str:
    """Why something was done, where the ledger doesn't say."""
    return tr("据台账重演,原因未记载。")
