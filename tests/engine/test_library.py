"""The whole library, all languages: coverage, what each text may say, lengths, the check and reading ease."""

import pytest
from engine import library, library_check, tone, wording
from engine.library_check import LONGEST

LANGUAGES = library.languages()
#: What is said to the customer; the call sheet is read by a colleague.
SAID = [part for part in tone.PARTS if part != "call"]


@pytest.fixture(scope="module", params=LANGUAGES)
def shelf(request):
    """A language and its messages."""
    return request.param, library.read(request.param)


def test_the_library_speaks_six_languages():
    assert sorted(LANGUAGES) == ["de", "en", "es", "fr", "it", "nl"]
    assert sorted(LANGUAGES) == sorted(tone.ease.SCALES)


def test_every_place_is_filled_and_nothing_else_is_there(shelf):
    language, messages = shelf
    wanted = library.wanted()
    print(f"{language}: {len(messages)} of {len(wanted)} messages")
    assert sorted(messages) == sorted(wanted)


def test_every_text_says_only_what_it_may(shelf):
    _language, messages = shelf
    assert not [f"{code}: {problem}" for code, message in messages.items() for problem in wording.problems(message)]


def test_every_text_fits_its_channel(shelf):
    language, messages = shelf
    sizes = {
        (part, code): len(library_check._filled(getattr(message, part)))
        for part in LONGEST
        for code, message in messages.items()
    }
    for part, longest in LONGEST.items():
        widest = max((size, code) for (one, code), size in sizes.items() if one == part)
        print(f"{language}: the longest {part} has {widest[0]} of {longest} letters ({widest[1]})")
        assert widest[0] <= longest, widest


def test_nothing_threatens_and_no_fact_is_missing(shelf):
    language, messages = shelf
    grave, looked_at = [], 0
    for code, part, report in library_check.reports(language, messages):
        looked_at += 1
        grave += [(code, part, one.kind, one.words, one.detail) for one in report.findings if one.severity != "advice"]
    print(f"{language}: {looked_at} texts looked at, {len(grave)} threats and missing facts")
    assert looked_at >= 4 * len(library.wanted())
    assert not grave


def test_a_twelve_year_old_reads_the_easy_tones(shelf):
    language, messages = shelf
    eases = library_check.ease_of(language, messages)
    goal = tone.ease.SCALES[language].goal
    met = [code for code, value in eases.items() if value >= goal]
    print(f"{language}: reading ease {goal} met by {len(met)} of {len(eases)}, the hardest {min(eases.values())}")
    assert len(eases) == sum(messages[code].tone in library_check.EASY_TONES for code in messages)
    assert len(met) >= 0.95 * len(eases)


def test_the_check_leaves_the_library_alone(shelf):
    """At most 3 % of our own texts are told off for their words."""
    language, messages = shelf
    flagged, texts = [], 0
    for code, part, report in library_check.reports(language, messages):
        if part in SAID:
            texts += 1
            kinds = report.of_kind("threat", "blame", "shame", "jargon", "pressure", "consequence", "exposure")
            if kinds:
                flagged.append((code, part, [one.words for one in kinds]))
    print(f"{language}: {len(flagged)} of {texts} texts flagged")
    assert len(flagged) <= 0.03 * texts, flagged


def test_the_check_of_the_library_fails_on_a_threat_and_on_hard_reading():
    messages = library.read("en")
    message = messages["friendly_reminder.friendly"]
    spoilt = dict.fromkeys(["email"], message.email.replace("</p>", " Pay or else.</p>", 1))
    lines = library_check.check("en", {**messages, message.code: _with(message, **spoilt)})
    assert [line for line in lines if "threat" in line and message.code in line]
    heavy = "<p>{{greeting}}</p><p>" + "Administrative considerations necessitate unconditional documentation " * 6 + "</p>"
    hard = {code: _with(one, email=heavy) for code, one in messages.items()}
    assert [line for line in library_check._hard("en", hard) if "harder than" in line]
    assert not library_check._hard("en", messages)


def _with(message, **parts):
    return library.replace(message, **parts)
