"""What the ledger refuses: whole files that can't be read, and mappings that don't fit them."""

from jieban.kernel.errors import Exit, JiebanError


class BadFile(JiebanError):
    """A file that can't be read as a table. Subclasses give each reason a stable code."""

    code = "ledger.bad_file"
    exit_code = Exit.BAD_FILE


class NotASpreadsheet(BadFile):
    """The content is neither a workbook that we read nor text in columns."""

    code = "ledger.not_a_spreadsheet"


class BrokenFile(BadFile):
    """The file ends early or its parts contradict each other."""

    code = "ledger.broken_file"


class EncryptedFile(BadFile):
    """The workbook asks for a password."""

    code = "ledger.encrypted"


class ZipBomb(BadFile):
    """The file unpacks to far more than any ledger holds."""

    code = "ledger.zip_bomb"


class TooLarge(BadFile):
    """Reading would take more memory or time than is allowed, most often for a stray cell far away."""

    code = "ledger.too_large"


class EmptyRows(BadFile):
    """A sheet drags hundreds of thousands of empty rows along."""

    code = "ledger.empty_rows"


class ExternalLinks(BadFile):
    """Cells take their values from other workbooks."""

    code = "ledger.external_links"


class UncomputedFormulas(BadFile):
    """Cells hold formulas whose results were never stored."""

    code = "ledger.uncomputed_formulas"


class SameFile(BadFile):
    """A file that was given before, under this or another name."""

    code = "ledger.same_file"


class NoTable(BadFile):
    """The file can be opened, but no ledger table was found in it."""

    code = "ledger.no_table"


class BadMapping(JiebanError):
    """A mapping that doesn't fit the file or contradicts itself."""

    code = "ledger.bad_mapping"
    exit_code = Exit.BAD_FILE


class BadLedger(JiebanError):
    """Canonical files that are not in the canonical form."""

    code = "ledger.bad_ledger"
    exit_code = Exit.BAD_LEDGER
