"""What is said in acts that a ledger tells of without their words: as much of its own text as there is."""

from jieban.kernel.i18n import tr
from jieban.orders.actions.reply import Reply
from jieban.profile.workflow import EvidenceKind, Workflow

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


def reply_from(text: str | None, workflow: Workflow) -> Reply:
    """A reply after the profile's template, made of a ledger's one cell: its text, the rest said to be unknown."""
    unknown = tr("台账没有分项记载。")
    fields: dict[str, str] = {}
    said = (text or "").strip()
    for each in workflow.reply:
        if each.choices:
            fields[each.code] = each.choices[-1].code
            continue
        fields[each.code] = _at_least(said or unknown, each.min_chars)
        said = ""
    return Reply(fields=fields)


def _at_least(text: str, characters: int) -> str:
    note = tr("(台账原文如此)")
    while len(text) < characters:
        text += note
    return text


def reason() -> str:
    """Why something was done, where the ledger doesn't say."""
    return tr("据台账重演,原因未记载。")
