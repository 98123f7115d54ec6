"""Why the system refused a file, in the reader's words."""

import errno

from jieban.kernel.errors import Exit, JiebanError, Where
from jieban.kernel.i18n import later, tr, tr_later

_REASONS = {
    errno.ENOENT: later("没有这个文件或目录"),
    errno.EACCES: later("没有权限"),
    errno.EPERM: later("没有权限"),
    errno.EISDIR: later("这是目录,不是文件"),
    errno.ENOTDIR: later("路径中有一段是文件,不是目录"),
    errno.EEXIST: later("已有同名的文件"),
    errno.EROFS: later("所在的磁盘是只读的"),
    errno.ENOSPC: later("磁盘已满"),
    errno.EDQUOT: later("磁盘配额已用完"),
    errno.EFBIG: later("超过了允许的文件大小"),
    errno.ENAMETOOLONG: later("文件名太长"),
    errno.EBUSY: later("文件正被占用"),
}


class FileRefused(JiebanError):
    """The system let a file not be read or written."""

    code = "file.refused"
    exit_code = Exit.BAD_FILE


def reason(fault: OSError) -> str:
    """Why, as a phrase; the system's own words for what is rare."""
    known = _REASONS.get(fault.errno or 0)
    return tr_later(known) if known is not None else fault.strerror or str(fault)


def refusal(fault: OSError) -> FileRefused:
    """The fault as something to tell a person, with the file where the system names one."""
    return FileRefused(
        tr("读写不了({reason})。", reason=reason(fault)),
        where=Where(file=str(fault.filename)) if fault.filename else None,
        fix=tr("请检查路径、权限和磁盘。"),
    )
