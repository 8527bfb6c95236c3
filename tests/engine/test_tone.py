"""The check of words and facts: each kind in each language, what is let through, and where it points to."""

import re

import pytest
from engine import library, tone
from engine.tone import facts, phrases, plain, shouting, spoken, values, word_lists
from engine.tone.first_letters import beginnings, first_letters
from hypothesis import given, settings
from hypothesis import strategies as st

LANGUAGES = ("de", "en", "es", "fr", "it", "nl")
#: One bad sentence of each kind, as people write them.
BAD = {
    "de": {
        "threat": "Das werden Sie noch bereuen.",
        "blame": "Sie haben unsere Schreiben ignoriert.",
        "shame": "Das ist eine Schande.",
        "jargon": "Sie befinden sich im Verzug.",
        "pressure": "Zahlen Sie unverzüglich.",
        "consequence": "Sonst übergeben wir die Sache unserem Anwalt.",
    },
    "en": {
        "threat": "You will regret this.",
        "blame": "You failed to answer our letters.",
        "shame": "This is shameful.",
        "jargon": "Kindly remit pursuant to clause 3.",
        "pressure": "Pay immediately.",
        "consequence": "Otherwise our lawyers will take over.",
    },
    "es": {
        "threat": "Lo denunciaremos a la policía.",
        "blame": "Usted no ha cumplido.",
        "shame": "Es una vergüenza.",
        "jargon": "Su morosidad consta en nuestros asientos contables.",
        "pressure": "Pague de inmediato.",
        "consequence": "De lo contrario, iremos a los tribunales.",
    },
    "fr": {
        "threat": "Nous préviendrons la police.",
        "blame": "Vous n'avez pas daigné répondre.",
        "shame": "C'est une honte.",
        "jargon": "Nous vous mettons en demeure.",
        "pressure": "Réglez immédiatement.",
        "consequence": "À défaut, nous saisirons le tribunal.",
    },
    "it": {
        "threat": "La denunceremo alla polizia.",
        "blame": "Lei ha ignorato i nostri messaggi.",
        "shame": "È una vergogna.",
        "jargon": "La presente vale quale messa in mora.",
        "pressure": "Paghi immediatamente.",
        "consequence": "Altrimenti ci rivolgeremo al nostro avvocato.",
    },
    "nl": {
        "threat": "Wij doen aangifte bij de politie.",
        "blame": "U hebt onze brieven genegeerd.",
        "shame": "Dit is een schande.",
        "jargon": "U bent in verzuim.",
        "pressure": "Betaal onmiddellijk.",
        "consequence": "Anders schakelen wij een advocaat in.",
    },
}
WRITTEN = [language for language in LANGUAGES if word_lists.of_language(language)]


def kinds(text, language="en", **options):
    """Return the kinds found in a text."""
    return {finding.kind for finding in tone.check(text, language, **options).findings}


# === KINDS === #


def test_every_language_of_the_library_has_its_lists():
    assert set(library.languages()) == set(WRITTEN)


@pytest.mark.parametrize(("language", "kind"), [(language, kind) for language in WRITTEN for kind in BAD["en"]])
def test_each_kind_is_found_in_each_language(language, kind):
    text = BAD[language][kind]
    found = [finding for finding in tone.check(text, language).findings if finding.kind == kind]
    assert found, (text, tone.check(text, language).findings)
    assert found[0].words in text and found[0].better


@pytest.mark.parametrize("language", WRITTEN)
def test_only_threats_and_announced_consequences_are_grave_among_words(language):
    severities = {kind: {f.severity for f in tone.check(text, language).of_kind(kind)} for kind, text in BAD[language].items()}
    assert severities["threat"] == severities["consequence"] == {"threat"}
    assert all(severities[kind] == {"advice"} for kind in ("blame", "shame", "jargon", "pressure"))


def test_what_a_graver_finding_says_is_told_once():
    findings = tone.check("LAST WARNING", "en").findings
    assert [finding.kind for finding in findings] == ["threat"]


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("Please READ THIS, dear customer.", "capitals"),
        ("Dear CUSTOMERS of ours.", "capitals"),
        ("We look forward to it!", "exclamation"),
        ('<p style="color: #c00">Hello</p>', "red"),
        ('<p style="background-color:rgb(220, 20, 30)">Hello</p>', "red"),
        ('<font color="red">Hello</font>', "red"),
        ('<b class="text-danger">Hello</b>', "red"),
    ],
)
def test_shouting_is_found_in_any_language(text, detail):
    for language in ("en", "ar"):
        assert detail in {finding.detail for finding in tone.check(text, language).findings}


@pytest.mark.parametrize(
    "text",
    [
        "Our IBAN is below. Deco GmbH, SEPA, EUR 12.00, INV/2026/0012.",
        "Invoice ABCDEF-2026 is attached.",
        '<p style="color: #0a0; border-color: #333">Hello</p>',
        '<p style="color: white; background: #ccc" class="text-muted">Hello</p>',
    ],
)
def test_abbreviations_numbers_and_calm_colours_are_no_shouting(text):
    read = plain.read(text)
    assert not list(shouting.shouts(read, "en", is_thanks=False))


def test_joy_about_a_payment_may_have_one_exclamation_mark():
    assert not tone.check("Thank you!", "en", "payment_received").of_kind("pressure")
    assert tone.check("Thank you!!", "en", "payment_received").of_kind("pressure")
    assert not tone.check("Thank you for your call!", "en", "friendly_reminder").of_kind("pressure")
    assert tone.check("We look forward to it!", "en", "friendly_reminder").of_kind("pressure")


# === CONSEQUENCES === #

COURT = "<p>If we hear nothing by {{pay_by}}, we will ask a lawyer to take over.</p>"


def consequences(text, language="en", **options):
    """Return severity and detail of the consequences found."""
    return [(f.severity, f.detail) for f in tone.check(text, language, **options).of_kind("consequence", "threat")]


def test_a_consequence_is_a_threat_unless_the_stage_plans_it():
    assert consequences(COURT, purpose="friendly_reminder", tone="friendly") == [("threat", "unplanned")]
    assert consequences(COURT) == [("threat", "unplanned")]
    assert not consequences(COURT, purpose="handover", tone="formal")
    assert not consequences(COURT, purpose="firm_reminder", tone="firm")
    assert consequences(COURT, purpose="firm_reminder", tone="neutral") == [("threat", "unplanned")]


def test_the_caller_knows_better_what_the_stage_plans():
    assert not consequences(COURT, purpose="check_in", tone="neutral", facts=tone.Facts(planned=True))
    assert consequences(COURT, purpose="handover", tone="formal", facts=tone.Facts(planned=False)) == [("threat", "unplanned")]


def test_a_planned_consequence_without_its_day_is_advised_against():
    undated = COURT.replace("{{pay_by}}", "then")
    assert consequences(undated, purpose="handover", tone="formal") == [("advice", "no_date")]
    assert not consequences(COURT.replace("{{pay_by}}", "3 May 2026"), purpose="handover", tone="formal")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "We charge no late fees."),
        ("en", "You can pay without any interest."),
        ("de", "Wir berechnen keine Mahngebühren."),
        ("de", "Sie zahlen ohne Verzugszinsen."),
        ("de", "Es fallen weder Zinsen noch Gebühren an."),
        ("fr", "Nous avons retiré les frais de retard."),
        ("fr", "Sans frais de retard."),
        ("es", "Sin intereses de demora."),
        ("it", "Senza interessi di mora."),
        ("nl", "Zonder incassokosten."),
    ],
)
def test_what_is_denied_is_no_consequence(language, text):
    assert not tone.check(text, language).of_kind("consequence")


@pytest.mark.parametrize(
    "text", ["Your lawyer called yesterday.", "We are at 14 Court Street.", "We took the chairs to the attorney's on 3 May."]
)
def test_a_word_that_announces_nothing_is_let_through(text):
    assert not tone.check(text, "en").of_kind("consequence")


#: What takes something away, and sentences about the same thing that take nothing away.
TAKEN = {
    "de": (
        "Auf Rechnung können Sie bei uns nicht mehr bestellen.",
        "Ihre Garantie gilt nicht mehr.",
        "Es gibt keine Ware mehr, bis alles bezahlt ist.",
        "Ihr Platz wird anderweitig vergeben.",
        "Wir übergeben den Fall an ein Inkassobüro.",
    ),
    "en": (
        "You can no longer order on account.",
        "Your warranty is no longer valid.",
        "No further deliveries until this is settled.",
        "Your membership card has been deactivated.",
        "We have handed your file to our solicitors.",
    ),
    "es": (
        "Ya no puede comprar a crédito.",
        "Su garantía ya no es válida.",
        "No le serviremos más pedidos.",
        "Su tarjeta de socio queda anulada.",
        "Hemos entregado su expediente a nuestros abogados.",
    ),
    "fr": (
        "Vous ne pouvez plus commander à crédit.",
        "Votre remise n'est plus valable.",
        "Plus aucune livraison tant que ce n'est pas réglé.",
        "Votre carte de membre a été désactivée.",
        "Nous avons transmis votre dossier à nos avocats.",
    ),
    "it": (
        "Non può più comprare a credito.",
        "La sua garanzia non è più valida.",
        "Nessuna consegna finché la fattura non è pagata.",
        "La sua tessera è stata disattivata.",
        "Abbiamo passato la pratica ai nostri avvocati.",
    ),
    "nl": (
        "U kunt niet meer op rekening bestellen.",
        "Uw garantie is niet langer geldig.",
        "Geen leveringen meer tot de factuur betaald is.",
        "Uw ledenpas is geblokkeerd.",
        "Wij sturen een deurwaarder.",
    ),
}
NOT_TAKEN = {
    "de": ("Es gibt keine Mahngebühren.", "Eine Mahngebühr kommt nicht dazu.", "Die Zinsen haben wir erstattet."),
    "en": ("There are no fees.", "A late fee will not be added.", "We will not block your account.", "Fees came by mistake."),
    "es": ("No hay recargos.", "No llamaremos a nadie.", "No bloquearemos su cuenta.", "Hay gastos por error."),
    "fr": ("Il n'y a pas de frais de retard.", "Votre place est gardée.", "Les frais de retard ont été ajoutés par erreur."),
    "it": ("Non ci sono interessi.", "Non chiameremo nessuno.", "La penale è stata addebitata per errore."),
    "nl": ("Er zijn geen aanmaningskosten.", "We geven niets door.", "De aanmaningskosten zijn per ongeluk berekend."),
}


@pytest.mark.parametrize(("language", "text"), [(language, text) for language, texts in TAKEN.items() for text in texts])
def test_what_is_taken_away_is_a_consequence_whether_or_not_there_is_a_no_in_it(language, text):
    assert consequences(text, language) == [("threat", "unplanned")] * len(consequences(text, language)) != []


@pytest.mark.parametrize(("language", "text"), [(language, text) for language, texts in NOT_TAKEN.items() for text in texts])
def test_what_is_not_taken_away_is_none(language, text):
    assert not tone.check(text, language).of_kind("consequence")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Sie erhalten keine SMS mehr."),
        ("en", "You will no longer get reminders from us."),
        ("es", "No le enviaremos más avisos."),
        ("fr", "Vous ne recevrez plus de SMS sur les paiements."),
        ("it", "Non riceverà più messaggi."),
        ("nl", "U krijgt geen herinneringen meer."),
    ],
)
def test_that_we_write_no_more_takes_nothing_away(language, text):
    assert not tone.check(text, language).of_kind("consequence")


def test_what_is_taken_away_may_be_planned_too():
    text = "From {{next_step_date}} you can no longer order on account."
    assert not consequences(text, purpose="firm_reminder", tone="firm")
    assert consequences(text, purpose="friendly_reminder", tone="friendly") == [("threat", "unplanned")]


# === FACTS === #

REMINDER = "<p>{{greeting}}</p><p>This is open.</p>{{items}}{{pay_button}}<p>Need more time? Tell us.</p>{{signature}}"


def missing(text, **options):
    """Return the facts that are missing."""
    return [finding.detail for finding in tone.check(text, "en", **options).of_kind("missing")]


def test_a_reminder_with_everything_misses_nothing():
    assert not missing(REMINDER, purpose="friendly_reminder")


@pytest.mark.parametrize(
    ("gone", "fact"),
    [("{{items}}", "amount number date"), ("{{pay_button}}", "how_to_pay"), ("{{signature}}", "contact")],
)
def test_what_is_taken_out_is_missed(gone, fact):
    assert missing(REMINDER.replace(gone, ""), purpose="friendly_reminder") == fact.split()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reminder_offers_a_way_out(language):
    bare = "<p>{{greeting}}</p>{{items}}{{pay_button}}{{signature}}"
    report = tone.check(bare, language, "friendly_reminder")
    assert [finding.detail for finding in report.findings] == ["ways_out"] and report.is_refused
    ways = {
        "de": "Brauchen Sie mehr Zeit?",
        "en": "Do you need more time?",
        "es": "¿Necesita más tiempo?",
        "fr": "Vous faut-il plus de temps ?",
        "it": "Le serve più tempo?",
        "nl": "Hebt u meer tijd nodig?",
    }
    assert not tone.check(f"<p>{ways[language]}</p>{bare}", language, "friendly_reminder").findings


def test_values_count_like_placeholders():
    typed = (
        "Hello Ann, invoice INV/2026/0012 of EUR 1,250.00 was due on 3 May. Please pay it here: https://example.com/pay "
        "If something is wrong, call me on +32 470 12 34 56."
    )
    assert not missing(typed, purpose="friendly_reminder")
    facts_of = {"INV/2026/0012": "number", "EUR 1,250.00": "amount", "3 May": "date", "+32 470 12 34 56": "contact"}
    for part, fact in facts_of.items():
        assert missing(typed.replace(part, "it"), purpose="friendly_reminder") == [fact]


def test_service_messages_need_their_own_facts_only():
    assert not missing("<p>Thank you for {{received_amount}}.</p>{{signature}}", purpose="payment_received")
    assert missing("<p>Thank you.</p>{{signature}}", purpose="payment_received") == ["amount"]
    assert missing("<p>You have time.</p>{{signature}}", purpose="grace_given") == ["date"]
    assert missing("<p>A plan for you.</p>{{plan}}{{signature}}", purpose="plan_offered") == ["how_to_pay"]


def test_a_text_message_leads_somewhere():
    assert missing("Hello, a note for you.", purpose="friendly_reminder", channel="sms") == ["how_to_pay"]
    assert not missing("Hello: {{pay_link}}", purpose="friendly_reminder", channel="sms")
    assert not missing("Hello, call us: +32 470 12 34 56", purpose="friendly_reminder", channel="sms")


def test_the_frame_may_bring_facts_and_a_pack_may_ask_for_more():
    assert not missing(
        REMINDER.replace("{{pay_button}}", ""), purpose="friendly_reminder", facts=tone.Facts(brought=frozenset({"how_to_pay"}))
    )
    asked = tone.Facts(required=frozenset({"opt_out"}))
    assert missing(REMINDER, purpose="friendly_reminder", facts=asked) == ["opt_out"]
    assert not missing(REMINDER + "{{preferences}}", purpose="friendly_reminder", facts=asked)


def test_free_text_needs_facts_only_if_it_asks_for_money():
    assert not missing("<p>Thank you for your call, Ann.</p>")
    found = {f.detail: f.severity for f in tone.check("<p>Please pay.</p>", "en").of_kind("missing")}
    assert found == {
        "amount": "missing_fact",
        "number": "missing_fact",
        "how_to_pay": "missing_fact",
        "contact": "missing_fact",
        "date": "advice",
        "ways_out": "advice",
    }


def test_every_needed_fact_can_be_named():
    for purpose in tone.PURPOSES:
        for part in tone.PARTS:
            assert facts.needed(purpose, part) <= set(facts.FACTS)


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("1.250,00 €", "amount"),
        ("€ 12", "amount"),
        ("chf 1'250.50", "amount"),
        ("120 euros", "amount"),
        ("3. mai 2026", "date"),
        ("le 3 mai", "date"),
        ("3 de mayo", "date"),
        ("2026-05-03", "date"),
        ("03/05/2026", "date"),
        ("entro venerdì", "date"),
        ("vóór 3 mei", "date"),
        ("rechnung nr. 4711", "number"),
        ("facture n° 2026-12", "number"),
        ("factuur 4711", "number"),
        ("re-2026-0012", "number"),
        ("de89 3704 0044 0532 0130 00", "how_to_pay"),
        ("ann@example.com", "contact"),
        ("02 123 45 67", "contact"),
    ],
)
def test_values_are_recognised(text, fact):
    assert fact in values.named(text)


@pytest.mark.parametrize("text", ["we wrote 3 times", "in 14 days", "page 2", "you are one of 20 customers"])
def test_bare_figures_are_no_facts(text):
    assert not values.named(text)


# === WHAT OTHERS MAY READ === #


@pytest.mark.parametrize("part", tone.PARTS)
def test_money_is_told_only_where_nobody_else_reads(part):
    seen = tone.check("Your unpaid invoice INV/2026/0012 of EUR 12.00", "en", channel=part).of_kind("exposure")
    assert bool(seen) == (part in ("subject", "preview", "sms"))


def test_placeholders_of_money_are_exposed_too():
    [found] = tone.check("About {{ amount_due }}".replace(" amount_due ", "amount_due"), "en", channel="subject").findings
    assert (found.kind, found.words) == ("exposure", "{{amount_due}}")


def test_a_link_in_a_text_message_is_no_number():
    assert not tone.check("Hello: https://example.com/pay/INV-2026-0012", "en", channel="sms").of_kind("exposure")


# === LENGTH === #


def test_each_channel_has_its_length():
    assert "length" in kinds("A word of mine " * 6, channel="subject")
    assert "length" in kinds("A word of mine " * 30, channel="sms")
    assert "length" in kinds("A word of mine. " * 50, channel="email")
    assert "length" not in kinds("A word of mine. " * 30, channel="email")
    assert "length" not in kinds("A word of mine. " * 50, channel="call")


# === LANGUAGES === #


def test_an_unknown_language_gets_what_no_language_is_needed_for():
    report = tone.check("ادفع الآن!!", "ar_001")
    assert not report.knows_language
    assert [finding.detail for finding in report.findings] == ["exclamation"]
    assert (report.ease, report.goal) == (None, None)


def test_a_text_in_another_language_is_read_in_that():
    text = "Hello, this is about what you have got from us and we would like to know when you will pay. You will regret it."
    assert tone.check(text, "de_DE").of_kind("threat")
    assert spoken.language_of("guten tag, das ist eine kurze nachricht für sie und wir freuen uns", "en") == "de"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_library_is_in_the_language_it_says(language):
    for message in library.read(language).values():
        for text in (message.email, message.sms, message.subject, message.preview):
            assert spoken.language_of(plain.read(text).low, language) == language


def test_phrases_are_there_for_every_language():
    for language in LANGUAGES:
        assert phrases._patterns(language).keys() == {
            "ways_out",
            "announced",
            "denied",
            "denied_after",
            "denies",
            "taken_back",
            "asks",
            "thanks",
        }


# === WHERE === #


@given(st.text(alphabet="abé ü<>&;{}[?]!\"'\n\u00a0İ/", max_size=60))
@settings(max_examples=300)
def test_any_text_can_be_read_and_each_letter_has_its_place(source):
    read = plain.read(source)
    assert len(read.low) == len(read.text)
    for at, letter in enumerate(read.text):
        start, end = read.place(at, at + 1)
        assert 0 <= start < end <= len(source)
        if letter.isalpha():
            assert letter == source[start] or source[start] == "&"


@given(
    st.lists(
        st.sampled_from(["Hello ", "<b>", "</b>", "<p>", "</p>", "&nbsp;", "&amp;", "{{customer}}", "[? x ?]", "  ", "\n", "é"]),
        max_size=12,
    ),
    st.sampled_from(["Pay or else", "You will regret this", "This is shameful"]),
    st.lists(st.sampled_from([" .", "<br/>", "</p>", "&euro;", " Bye", "{{items}}"]), max_size=6),
)
@settings(max_examples=200)
def test_a_finding_points_to_its_words_whatever_stands_around(before, bad, after):
    source = "".join(before) + " " + bad + ". " + "".join(after)
    found = [f for f in tone.check(source, "en").findings if f.kind in ("threat", "shame")]
    assert found
    for finding in found:
        assert source[finding.start : finding.end] == finding.words
        assert finding.words.lower() in bad.lower()


def test_markup_within_the_words_hides_nothing():
    source = "<p>You will&nbsp;<b>re</b>gret this.</p>"
    [found] = tone.check(source, "en").of_kind("threat")
    assert found.words == "You will regret this"
    assert source[found.start : found.end] == "You will&nbsp;<b>re</b>gret this"


def test_what_an_answer_quotes_is_not_ours():
    quoted = "<p>Thanks.</p><blockquote><p>You will <blockquote>regret</blockquote> this.</p></blockquote><p>Bye.</p>"
    assert plain.read(quoted).text.split() == ["Thanks.", "Bye."]
    assert not tone.check('<div data-o-mail-quote="1">Pay or else <div>now</div></div>', "en").findings


def test_style_sheets_and_comments_are_not_read():
    assert plain.read("<style>p {color: red}</style><!-- or else -->Hello").text == "Hello"


def test_words_of_the_law_may_be_jargon():
    law = "You are hereby given notice pursuant to section 5."
    assert tone.check(law, "en").of_kind("jargon")
    assert not tone.check(law, "en", exempt=[law]).of_kind("jargon")


# === THE INDEX === #


@pytest.mark.parametrize(
    ("expression", "letters"),
    [
        ("court", "c"),
        ("(?:the )?court|la[wy]", "clt"),
        (r"\bcourt", "c"),
        ("(?<!no )fee|(?=x)y", "fy"),
        ("a*b+c", "ab"),
        ("a{0,2}b|c{1,2}", "abc"),
        ("[xy]?z", "xyz"),
        (r"\d+ days", "0123456789"),
        (r"\$ 5", "$"),
        ("(?:a|b?)c", "abc"),
        ("(a|b)(?:c)?", "ab"),
    ],
)
def test_the_first_letters_of_an_expression(expression, letters):
    assert first_letters(expression) == set(letters)


@pytest.mark.parametrize("expression", [r"\w+ court", ".x", "[^a]b", r"(?:\w+ )?court", "[a-z]x", "a?"])
def test_where_any_letter_may_begin_a_match(expression):
    assert first_letters(expression) is None


@pytest.mark.parametrize(
    ("expression", "starts"),
    [
        ("court", {"co"}),
        ("(?:a|be)c+", {"ac", "be"}),
        ("a?b", {"ab", "b"}),
        ("a+b", {"a"}),
        ("[xy]\\w+", {"x", "y"}),
        ("(?:no )?fee|(?=x)yz", {"no", "fe", "yz"}),
        ("a{2}b", {"a"}),
    ],
)
def test_the_first_two_letters_of_an_expression(expression, starts):
    """One letter alone: anything may follow it."""
    assert beginnings(expression) == starts


def test_expressions_share_groups_of_words():
    lists = word_lists.WordLists(
        {"consequence": [{"find": ["no more <goods>"], "better": "x"}]}, {"food": ["bread|milk"], "goods": ["<food>|coal"]}
    )
    for text, reached in (("No more milk today", 12), ("no more coal", 12), ("no more noise", None)):
        assert [hit.end for hit in lists.hits(plain.read(text))] == ([reached] if reached else [])


def test_of_words_that_begin_alike_the_longest_are_told():
    lists = word_lists.WordLists({"pressure": [{"find": ["pay now", "pay now or never", "pay"], "better": "pay by (date)"}]})
    [hit] = lists.hits(plain.read("Please pay now or never."))
    assert (hit.start, hit.end) == (7, 23)


@pytest.mark.parametrize("language", WRITTEN)
def test_the_index_finds_what_trying_everything_finds(language):
    """Each list against texts of the language, one by one and through the index."""
    messages = list(library.read(language).values())
    texts = [message.email for message in messages[::20]] + [message.call for message in messages[:2]]
    texts += list(BAD[language].values())
    lists = word_lists.of_language(language)
    every = {expression for found in lists._by_start.values() for expression in found}
    for text in texts:
        read = plain.read(text)
        through_index = {(hit.kind, place) for hit in lists.hits(read) for place in range(hit.start, hit.end)}
        one_by_one = set()
        for expression in every:
            for start in (match.start() for match in re.finditer(r"(?<!\w)(?=\S)", read.low)):
                if match := expression.pattern.match(read.low, start):
                    one_by_one |= {(expression.kind, place) for place in range(*match.span())}
        assert through_index == one_by_one
