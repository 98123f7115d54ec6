"""The blind tokens of what was said: made by every door, renewed with the words, gone with the key."""

import secrets

from cast import BOB, MINUTE, MONDAY, SYSTEM, recorded
from django.core.management import call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from test_import import imported, plain_order
from test_keys import both_keys
from test_retention import after, closed

from jieban.orders.actions.correct import Correction, correct_order
from jieban.orders.actions.desk import Classification, classify_order
from jieban.orders.actions.redaction import redact_order
from jieban.orders.audit.verify import verify
from jieban.orders.importing.grams import binary_arrays, hex_columns, tokens_of_columns
from jieban.orders.keyring import rotate_keys
from jieban.orders.models import OrderSecret
from jieban.orders.models.fields import hex_words
from jieban.orders.search import tables
from jieban.orders.search.grams import contains, normal, search_key, tokens_of_texts, tokens_of_word
from jieban.orders.secrets import Matter
from jieban.people.keys import keyring
from live_database import LiveDatabase

KEY = bytes(range(16))
texts = st.text(st.sampled_from("路灯不亮灯 \n1１aAß·ئا👨‍👩𠮷"), max_size=12)


def found(word: str) -> list[str]:
    """Numbers of the orders whose index has a word, under any key there is."""
    keys = [search_key(keyring(), version) for version in keyring().keys]
    has = [OrderSecret.objects.filter(search__has=tokens_of_word(word, key)) for key in keys]
    return sorted({number for each in has for number in each.values_list("order__number", flat=True)})


@given(texts, texts)
def test_a_text_has_the_tokens_of_every_word_in_it(text: str, word: str) -> None:
    whole = set(tokens_of_texts([text], KEY))
    if normal(word) and normal(word) in normal(text):
        assert set(tokens_of_word(normal(word), KEY)) <= whole
    if len(normal(word)) in {1, 2}:
        # No longer word can be told from its pairs alone.
        assert (set(tokens_of_word(normal(word), KEY)) <= whole) == (normal(word) in normal(text))


@given(texts)
def test_normal_forms_stay(text: str) -> None:
    assert normal(normal(text)) == normal(text)
    assert not set(" \n\t\u3000") & set(normal(text))


def test_words_are_compared_without_width_case_and_white_space() -> None:
    assert normal("ＡＢ　c\n１２") == "abc12"
    assert contains(["一号楼\n路灯 不亮"], [normal("灯不")])
    assert not contains(["路灯", "不亮"], ["灯不"]), "no pair spans two texts"


@given(st.lists(st.tuples(st.none() | texts, st.none() | texts), min_size=1, max_size=8))
def test_many_orders_at_once_have_the_tokens_of_one(rows: list[tuple[str | None, str | None]]) -> None:
    lists = tokens_of_columns([[first for first, _ in rows], [second for _, second in rows]], KEY)
    wanted = [set(tokens_of_texts(row, KEY)) for row in rows]
    assert [set(each) for each in lists.to_pylist()] == wanted
    assert all(len(each) == len(set(each)) for each in lists.to_pylist())
    assert hex_columns(lists) == [hex_words(each) for each in lists.to_pylist()]
    for told, tokens in zip(binary_arrays(lists).to_pylist(), lists.to_pylist(), strict=True):
        assert told == b"".join(
            number.to_bytes(4, "big", signed=True)
            for number in (1, 0, 23, len(tokens), 1, *(part for token in tokens for part in (4, token)))
        )


def test_another_key_gives_other_tokens() -> None:
    assert not set(tokens_of_texts(["路灯不亮"], KEY)) & set(
        tokens_of_texts(["路灯不亮"], secrets.token_bytes(16))
    )


def test_what_was_recorded_imported_and_corrected_is_found(database: LiveDatabase) -> None:
    number = recorded(matter=Matter(content="水管漏水。", summary="漏水", address="南门"))
    brought = "A-1"
    imported({"orders": [plain_order(content="下水管堵了")]})
    assert found("水管") == sorted([number, brought])
    assert (found("漏"), found("南门"), found("堵了")) == ([number], [number], [brought])
    mend = Correction(summary="水压不足", address="北门")
    correct_order(order=number, correction=mend, reason="听错了", actor=BOB, now=MONDAY + MINUTE)
    assert (found("水压"), found("北门"), found("南门")) == ([number], [number], [])
    assert found("漏水") == [number], "the citizen's own words stay"
    assert verify().clean
    del database


def test_a_summary_that_the_desk_gives_is_found(database: LiveDatabase) -> None:
    number = recorded(matter=Matter(content="家里没水"))
    named = Classification(summary="管网停水")
    classify_order(order=number, classification=named, actor=BOB, now=MONDAY + MINUTE)
    assert found("管网") == [number]
    assert verify().clean
    del database


def test_what_was_redacted_is_found_no_more(database: LiveDatabase) -> None:
    number, other = closed(), recorded()
    assert found("路灯") == sorted([number, other])
    redact_order(order=number, actor=SYSTEM, now=after())
    assert found("路灯") == [other]
    assert OrderSecret.objects.defer(None).get(order__number=number).search is None
    assert verify().clean
    del database


def test_tokens_follow_the_master_key(database: LiveDatabase) -> None:
    number = recorded()
    before = OrderSecret.objects.defer(None).get().search
    with both_keys:
        assert found("路灯") == [number]
        rotate_keys(keyring())
        after = OrderSecret.objects.defer(None).get().search
        assert not set(before) & set(after)
        assert found("路灯") == [number]
        assert verify().clean
    assert found("路灯") == [], "nobody finds by the old key"
    del database


def test_what_has_no_tokens_yet_gets_them_by_a_rotation(database: LiveDatabase) -> None:
    number = recorded()
    OrderSecret.objects.update(search=None)
    assert found("路灯") == []
    assert not verify().clean
    assert rotate_keys(keyring()).orders == 1
    assert found("路灯") == [number]
    assert rotate_keys(keyring()).orders == 0
    del database


def test_an_index_that_was_touched_is_found_by_the_audit(database: LiveDatabase) -> None:
    recorded()
    tokens = OrderSecret.objects.defer(None).get().search
    OrderSecret.objects.update(search=tokens[1:])
    assert [each.what for each in verify().found] == ["secret.search"]
    del database


def test_the_index_stands_after_every_migration_and_misses_nothing(database: LiveDatabase) -> None:
    number = recorded()
    with connection.cursor() as cursor:
        if database.vendor == "postgresql":
            cursor.execute("DROP INDEX secret_search")
        else:
            cursor.execute("DROP TRIGGER orders_search_insert")
    assert tables.missing(connection)
    other = recorded()
    call_command("migrate", verbosity=0, interactive=False)
    assert not tables.missing(connection)
    assert found("路灯") == sorted([number, other])


def test_reading_an_order_does_not_read_its_tokens(database: LiveDatabase) -> None:
    recorded()
    assert "search" in OrderSecret.objects.get().get_deferred_fields()
    del database
