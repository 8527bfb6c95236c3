"""The second reader: what it says where the word lists know nothing, and that it only ever advises."""

import pytest
import train_reader
from engine import library, library_check, tone
from engine.tone import plain, reader, word_lists

LANGUAGES = ("de", "en", "es", "fr", "it", "nl")
#: An unkind sentence of no set in which the lists know nothing, and a kind one.
UNKIND = "Ihre leeren Worte haben wir lange genug gehört."
KIND = "Wir finden gern einen Tag, der Ihnen besser passt."


def impressions(text, language, **options):
    """Return the findings that are the reader's."""
    return tone.check(text, language, **options).of_kind(reader.IMPRESSION)


def planted(language):
    """Return the planted faults of all sets of a language but the first."""
    return [plant for name, one in train_reader.sets(language).items() if name != "set 1" for plant in one["planted"]]


@pytest.fixture(scope="module")
def taught_without_set_6():
    """What was learned of each of two languages without its sixth set, as sure as the shipped one."""
    found = {}
    for language in ("de", "nl"):
        learned = train_reader.Material(language, ("set 6",)).learn()
        learned.threshold = reader.of_language(language).threshold
        found[language] = learned
    return found


def test_what_was_learned_on_a_part_finds_what_it_never_saw(taught_without_set_6):
    """Most faults of a set it did not learn from, by the reader alone, and few of its innocent sentences."""
    hits = faults = flagged = innocent = 0
    for language, learned in taught_without_set_6.items():
        unseen = train_reader.sets(language)["set 6"]
        scores = [train_reader.score(learned, plant["text"]) for plant in unseen["planted"] if train_reader.is_taught(plant)]
        hits, faults = hits + sum(one >= learned.threshold for one in scores), faults + len(scores)
        scores = [train_reader.score(learned, text) for text in unseen["clean"]]
        flagged, innocent = flagged + sum(one >= learned.threshold for one in scores), innocent + len(scores)
    print(f"unseen: {hits} of {faults} faults, {flagged} of {innocent} innocent sentences")
    assert hits >= 0.6 * faults
    assert flagged <= 0.15 * innocent


def test_the_same_examples_teach_the_same():
    rows = [(tuple(reader.places(text.split())), side, 1.0) for text, side in (("pay or weep", 1), ("thank you", -1))]
    bias, weights = train_reader.fit(rows, reader.PLACES)
    assert (bias, weights) == train_reader.fit(rows, reader.PLACES)
    score = [bias + sum(weights[place] for place in row) / len(row) ** 0.5 for row, _side, _weight in rows]
    # Far enough on their sides, as far as a soft margin asks.
    assert score[0] > 0.5 and score[1] < -0.5


def test_an_unkind_sentence_without_known_words_is_remarked_on():
    assert not [hit for hit in word_lists.of_language("de").hits(plain.read(UNKIND)) if hit.kind != "exposure"]
    [found] = impressions(f"<p>{KIND}</p><p>{UNKIND}</p>", "de")
    assert found.words == UNKIND
    assert not impressions(KIND, "de")


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_only_advises(language):
    found = [one for plant in planted(language)[::3] for one in impressions(plant["text"], language, channel=plant["part"])]
    assert len(found) > 50
    assert {one.severity for one in found} == {"advice"}
    assert {one.detail for one in found} == {"", *reader.GUESSES.values()}


def test_a_text_of_which_only_the_reader_knows_anything_is_not_refused():
    report = tone.check(UNKIND, "de")
    assert report.of_kind(reader.IMPRESSION) and not report.is_refused


def test_the_place_is_that_of_the_sentence_in_the_source():
    source = f"<p>{KIND} <b>{UNKIND}</b></p>"
    [found] = impressions(source, "de")
    assert source[found.start : found.end] == UNKIND


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_silent_where_the_lists_speak(language):
    alone = 0
    for plant in planted(language)[::4]:
        read = plain.read(plant["text"])
        report = tone.check(plant["text"], language, channel=plant["part"], with_ease=False)
        if len(list(reader.sentences(read.low))) == 1 and report.of_kind("threat", "blame", "shame", "jargon"):
            alone += bool(list(reader.remarks(read, language, (), is_planned=False)))
            assert not report.of_kind(reader.IMPRESSION), plant["text"]
    # By itself it would have spoken there.
    assert alone > 30


def test_it_does_not_read_what_the_law_says():
    assert impressions(UNKIND, "de")
    assert not impressions(UNKIND, "de", exempt=[UNKIND])


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_leaves_the_library_alone(language):
    """At most 3 % of our own texts are remarked on."""
    rows = list(library_check.reports(language, library.read(language)))
    told = [(code, part, [one.words for one in found]) for code, part, report in rows if (found := report.of_kind("impression"))]
    print(f"{language}: {len(told)} of {len(rows)} texts remarked on")
    assert len(told) <= 0.03 * len(rows), told


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_guess_is_told_only_where_it_leads(language):
    learned = reader.of_language(language)
    words = [plain.read(plant["text"]).low.split() for plant in planted(language)[:200]]
    guesses = [learned.guess(one)[1] for one in words]
    assert "" in guesses and set(guesses) <= {"", *reader.GUESSES.values()}
    for one, guess in zip(words, guesses, strict=True):
        assert bool(guess) == (reader.leader(learned.kind_scores(one))[1] >= learned.sure)


def test_kinds_too_near_to_be_told_apart_share_a_guess_and_do_not_outvote_each_other():
    scores = dict.fromkeys(reader.KINDS, 0.0) | {"blame": 2.0, "shame": 1.9, "threat": 1.5}
    assert reader.leader(scores) == ("reproach", 0.5)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_learned_is_small_and_whole(language):
    assert (reader.FOLDER / f"learned_{language}.json").stat().st_size <= 300_000
    learned = reader.of_language(language)
    assert len(learned.weights) == reader.PLACES
    assert len(learned.kind_weights) == reader.KIND_PLACES * len(reader.KINDS)


def test_a_language_nobody_taught_is_not_read():
    assert reader.of_language("pl") is None
    assert not impressions("Mamy sposoby na takich jak pan.", "pl")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_reads_like_a_consequence_may_stand_where_one_is_planned(language):
    learned = reader.of_language(language)
    read = [plain.read(plant["text"]) for plant in planted(language) if plant["kind"] == "consequence"]
    announced = [
        one
        for one in read
        if len(list(reader.sentences(one.low))) == 1
        and learned.guess(reader.tokens(one.low))[0] == "consequence"
        and list(reader.remarks(one, language, (), is_planned=False))
    ]
    assert len(announced) > 20
    assert not [one for one in announced if list(reader.remarks(one, language, (), is_planned=True))]
