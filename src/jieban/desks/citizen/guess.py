"""Which topic a request is likely of, from its own words: a first guess, which the operator sees before dispatch."""

from datetime import datetime

from jieban.desks.shell.words import local
from jieban.people.city import city
from jieban.profile.model import Topic

_SHORTEST = 2
"""One character stands in too many words to tell anything."""


def topic_of_others(scheme: str, now: datetime) -> str | None:
    """The topic of a scheme for what is none of its others (其他), if it has one on the day."""
    day = local(now).date()
    return next((each.code for each in city().schemes[scheme].valid_on(day) if each.last), None)


def offered_topics(scheme: str, now: datetime) -> tuple[Topic, ...]:
    """The topics of the day that somebody may say their request is of: the centre keeps some to itself."""
    profile = city()
    online = profile.workflow.online
    kept = online.unoffered if online is not None and scheme == profile.order_scheme else ()
    return tuple(
        each for each in profile.schemes[scheme].valid_on(local(now).date()) if each.code not in kept
    )


def guessed_topic(scheme: str, said: str, now: datetime) -> tuple[str, str | None] | None:
    """The topic and subtopic whose name or other spelling stands in the words, the longest first; None for none."""
    day, best, found = local(now).date(), 0, None
    for topic in offered_topics(scheme, now):
        below = city().subtopics(scheme, topic.code).valid_on(day)
        # What is other than all else is told by no word.
        named = [(each, each.code) for each in below if not each.last]
        for one, subtopic in ((topic, None), *named) if not topic.last else named:
            for spelling in (one.name.removesuffix("类"), *one.aliases):
                if _SHORTEST <= len(spelling) > best and spelling in said:
                    best, found = len(spelling), (topic.code, subtopic)
    return found
