import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jieban.demo.allocate import Infeasible, proportional, spread

WEIGHTS = st.dictionaries(
    st.sampled_from("甲乙丙丁戊己庚辛"), st.floats(min_value=0.01, max_value=1000), min_size=1
)


@given(total=st.integers(0, 10_000), weights=WEIGHTS)
def test_parts_add_up_and_stay_within_one_of_their_share(total: int, weights: dict[str, float]) -> None:
    parts = proportional(total, weights)
    assert sum(parts.values()) == total
    mass = sum(weights.values())
    assert all(abs(parts[key] - total * weight / mass) < 1 + 1e-6 for key, weight in weights.items())


@given(data=st.data(), weights=WEIGHTS)
def test_no_part_lies_under_its_least(data: st.DataObject, weights: dict[str, float]) -> None:
    least = {key: data.draw(st.integers(0, 50)) for key in weights}
    total = data.draw(st.integers(sum(least.values()), 1000))
    parts = proportional(total, weights, least)
    assert sum(parts.values()) == total
    assert all(parts[key] >= least[key] for key in weights)


def test_leasts_above_the_total_are_refused() -> None:
    with pytest.raises(Infeasible):
        proportional(3, {"甲": 1.0, "乙": 1.0}, {"甲": 2, "乙": 2})


@given(
    st.lists(st.lists(st.integers(0, 40), min_size=4, max_size=4), min_size=2, max_size=7),
    st.randoms(use_true_random=False),
)
def test_a_table_with_the_margins_of_a_real_one_is_found(cells: list[list[int]], rng: object) -> None:
    del rng
    known = np.array(cells)
    rows, columns = [int(n) for n in known.sum(axis=1)], [int(n) for n in known.sum(axis=0)]
    weights = (known > 0).astype(float)
    table = spread(weights, rows, columns, list("甲乙丙丁"))
    assert table.sum(axis=1).tolist() == rows
    assert table.sum(axis=0).tolist() == columns
    assert not table[known == 0].any()
    assert (table >= 0).all()


def test_margins_that_no_table_has_are_refused_with_the_strained_column() -> None:
    with pytest.raises(Infeasible, match="乙"):
        spread(np.array([[1.0, 0.0], [1.0, 0.1]]), [5, 5], [2, 8], ["甲", "乙"])
