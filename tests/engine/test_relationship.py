"""Who is spoken to like a good customer."""
from engine.relationship import Facts, Rules, ceiling, is_good

RULES = Rules(good="neutral", good_years=2, good_punctuality=0.8)
GOOD = Facts(years=5, paid=10, punctual=9)


def test_a_customer_of_many_years_who_pays_in_time_is_good():
    assert is_good(GOOD, RULES)
    assert ceiling(GOOD, RULES).tone == "neutral"


def test_who_broke_his_word_lately_is_not():
    broken = Facts(years=5, paid=10, punctual=9, broken=1)
    assert not is_good(broken, RULES)
    assert ceiling(broken, RULES).tone == ""
