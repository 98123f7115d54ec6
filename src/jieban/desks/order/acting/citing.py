"""Forms of answers: what they rest on in the knowledge base goes along with them."""

from collections.abc import Mapping
from typing import Any

from django import forms

from jieban.desks.knowledge.articles.citing import Cited, check_holding, cited_of, keys_of
from jieban.desks.shell.moment import now
from jieban.desks.shell.words import local

CITES = "cites"
_LONGEST = 200


def cites() -> forms.CharField:
    """The versions that an answer cites, by their keys; the page fills it in."""
    return forms.CharField(required=False, max_length=_LONGEST, widget=forms.HiddenInput)


class CitingForm(forms.Form):
    """A form of an act, which may be an answer."""

    @property
    def citing(self) -> bool:
        """Whether articles can be cited in it."""
        return CITES in self.fields

    @property
    def cited(self) -> tuple[Cited, ...]:
        """What is cited in it so far, with what doesn't hold any more."""
        return cited_of(keys_of(str(self[CITES].value() or "")), local(now()).date())


def cited_versions(given: Mapping[str, Any]) -> tuple[int, ...]:
    """The versions that a valid form cites. Raises NotHolding for what doesn't hold any more."""
    versions = keys_of(str(given.get(CITES, "")))
    check_holding(versions, local(now()).date())
    return versions
