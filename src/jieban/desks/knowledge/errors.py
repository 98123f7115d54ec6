"""What the knowledge base refuses."""

from jieban.kernel.errors import Exit, JiebanError


class KnowledgeRefused(JiebanError):
    """Something that can't be done to an article as it stands."""

    code = "desks.knowledge_refused"


class NoSuchArticle(KnowledgeRefused):
    """No such article, or one that isn't this person's business yet."""

    code = "desks.no_such_article"


class BadArticle(KnowledgeRefused):
    """A text that can't be an article."""

    code = "desks.bad_article"
    exit_code = Exit.BAD_FILE


class NotInTurn(KnowledgeRefused):
    """The article isn't in the state that this leads on from."""

    code = "desks.knowledge_not_in_turn"


class SecondPerson(KnowledgeRefused):
    """Who wrote a text or handed it in can't be the one who publishes it."""

    code = "desks.knowledge_second_person"


class Outdated(KnowledgeRefused):
    """Somebody else saved another text meanwhile."""

    code = "desks.knowledge_outdated"


class NotHolding(KnowledgeRefused):
    """A version that is cited doesn't hold any more: withdrawn, replaced or expired."""

    code = "desks.knowledge_not_holding"
