"""Train the second reader of the check from the planted sets and the library, and judge it.

    PYTHONPATH=collections_relationship PYTHON tests/engine/train_reader.py            writes learned_*.json
    PYTHONPATH=collections_relationship PYTHON tests/engine/train_reader.py judge      says what it finds unseen

`judge` leaves a set out of all learning (the sixth, or the one named) and tells what lists and reader find
in it, and what they say about purposes of the library that were left out too. The same data give the
same weights. Each language takes half a minute, or a minute to judge.

The weights are those of a linear support vector machine, learned by dual coordinate descent. How surely
the reader must know before it speaks is chosen on what each of five folds learned without it: single
sentences of the sets, and whole purposes of the library.
"""

from __future__ import annotations

import base64
import json
import math
import random
import re
import sys
from array import array
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

from engine import library, tone
from engine.tone import plain, reader

FOLDER = Path(__file__).parent / "tone"
LANGUAGES = ("de", "en", "es", "fr", "it", "nl")
_QUOTED = re.compile(r"[“„«»\"]([^“”„«»\"]{12,})[“”«»\"]")
#: The parts of a message that are read.
PARTS = ("email", "letter", "portal", "call", "subject", "preview", "sms")
WORDS = frozenset({"threat", "blame", "shame", "jargon", "pressure", "consequence", "exposure"})
OPINION = reader.IMPRESSION
#: Weight of a clean sentence and of one of the library beside a fault.
CLEAN, OWN = 2.0, 0.3
#: And of what is written with care and still read unkindly when it was learned first.
HARD = 3.0
ROUNDS, COST = 15, 1.0
#: So many of five folds are learned from to judge the fifth.
FOLDS = 5
#: At most this share of the innocent sentences of the sets, and of the texts of the library, may be remarked on.
CLEAN_SHARE, OWN_SHARE = 0.07, 0.02
#: A guess is told where at least this share of such guesses was right.
RIGHT_SHARE = 0.75
#: By so much more or less sure the reader is judged, too.
SHIFTS = (-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3)


@cache
def sets(language):
    """Return name to planted faults and clean sentences, in the order they were made."""
    found = {
        "set 1": {
            name: json.loads((FOLDER / f"{name}_{language}.json").read_text(encoding="utf-8")) for name in ("planted", "clean")
        }
    }
    for one in json.loads((FOLDER / f"sets_{language}.json").read_text(encoding="utf-8")):
        found[one["name"]] = one
    return found


@cache
def own_texts(language):
    """Return purpose to the texts of the library: text, part and tone."""
    texts = defaultdict(set)
    for message in library.read(language).values():
        texts[message.purpose].update((getattr(message, part), part, message.tone) for part in PARTS if getattr(message, part))
    return {purpose: sorted(found) for purpose, found in sorted(texts.items())}


@cache
def low(text):
    """Return a text as the reader sees it."""
    return plain.read(text).low


@cache
def suggested(language):
    """Return the wordings the lists suggest, which stand in quotes: nothing is to be said about them."""
    lists = json.loads((reader.FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    advice = {entry["better"] for kind, entries in lists.items() if kind != "words" for entry in entries}
    return sorted({wording.strip() for text in advice for wording in _QUOTED.findall(text)})


@cache
def words_of(text):
    """Return the words of a text, sentence by sentence."""
    small = low(text)
    return tuple(tuple(reader.tokens(small[start:end])) for start, end, _ends in reader.sentences(small))


@cache
def places(words):
    """Return the places of the weights of sentences."""
    return tuple(place for sentence in words for place in reader.places(list(sentence)))


@cache
def is_listed(text, language, part):
    """Tell whether the lists find something in a fault."""
    of_language, reader.of_language = reader.of_language, lambda _language: None
    try:
        return any(one.kind in WORDS for one in tone.check(text, language, "", part, with_ease=False).findings)
    finally:
        reader.of_language = of_language


def is_taught(plant):
    """Tell whether a planted fault is the reader's business: what only a subject may not say is not."""
    return plant["kind"] != "exposure" or plant["part"] == "email"


class Material:
    """What is learned from, each with the fold it is in."""

    def __init__(self, language, left_out=(), purposes=None):
        self.language = language
        self.planted, self.clean, self.own = [], [], []
        for number, (name, one) in enumerate(sets(language).items()):
            if name in (*left_out, "everyday"):
                continue
            # A small set is by one writer and stays together; a large one is dealt out.
            for found, texts in ((self.planted, one["planted"]), (self.clean, one["clean"])):
                is_large = len(texts) > 200
                found += ((text, (at if is_large else number) % FOLDS) for at, text in enumerate(texts))
        # What anybody would write in a friendly message, and what the lists suggest, is in each fold's lessons.
        self.always = [*sets(language)["everyday"]["clean"], *suggested(language)]
        self.planted = [row for row in self.planted if is_taught(row[0])]
        for number, purpose in enumerate(purposes or own_texts(language)):
            self.own += ((text, number % FOLDS) for text, _part, _tone in own_texts(language)[purpose])

    def learn(self, fold=None, hard=()):
        """Return what is learned without a fold.

        :param hard: passages of the library that read unkindly without being so
        """
        rows = [(places(words_of(plant["text"])), 1, 1.0) for plant, own_fold in self.planted if own_fold != fold]
        rows += [(places(words_of(text)), -1, CLEAN) for text, own_fold in self.clean if own_fold != fold]
        rows += [(places(words_of(text)), -1, CLEAN) for text in self.always]
        rows += [(places(words_of(text)), -1, HARD) for text in hard]
        own = {sentence for text, own_fold in self.own if own_fold != fold for sentence in words_of(text)}
        rows += [(places((sentence,)), -1, OWN) for sentence in sorted(own)]
        bias, unit, weights = kept(*fit(rows, reader.PLACES))
        unkind = [
            (tuple(place for sentence in words_of(plant["text"]) for place in reader.kind_places(list(sentence))), plant["kind"])
            for plant, own_fold in self.planted
            if own_fold != fold and plant["kind"] in reader.KINDS
        ]
        found = [
            fit([(row, 1 if own_kind == kind else -1, 1.0) for row, own_kind in unkind], reader.KIND_PLACES)
            for kind in reader.KINDS
        ]
        _bias, kind_unit, kind_weights = kept(0.0, [weight for _start, part in found for weight in part])
        starts = [round(start, 3) for start, _part in found]
        return reader.Learned(bias, unit, 0.0, weights, starts, kind_unit, 0.0, kind_weights)

    def taught(self, clean_share=CLEAN_SHARE, own_share=OWN_SHARE):
        """Return what is learned from all, with how sure it must be."""
        scored = {"planted": [], "clean": [], "own": []}
        for fold in range(FOLDS):
            learned = self.learn(fold)
            for plant, own_fold in self.planted:
                if own_fold == fold and not is_listed(plant["text"], self.language, plant["part"]):
                    scored["planted"].append((score(learned, plant["text"]), plant, guessed(learned, plant["text"])))
            for text, own_fold in self.clean:
                if own_fold == fold and not is_listed(text, self.language, "email"):
                    scored["clean"].append(score(learned, text))
            scored["own"] += [score(learned, text) for text, own_fold in self.own if own_fold == fold]
        whole = self.learn()
        whole.threshold = round(max(least(scored["clean"], clean_share), least(scored["own"], own_share)), 3)
        found = [(lead, guess, plant) for reached, plant, (guess, lead) in scored["planted"] if reached >= whole.threshold]
        whole.sure = surely(found)
        whole = self.corrected(whole)
        print(
            self.language,
            f"unseen: {len(found)} of {len(scored['planted'])} faults the lists do not know,",
            f"{sum(one >= whole.threshold for one in scored['clean'])} of {len(scored['clean'])} innocent sentences,",
            f"{sum(one >= whole.threshold for one in scored['own'])} of {len(scored['own'])} of the library;",
            f"guessed {sum(lead >= whole.sure for lead, _guess, _plant in found)}, rightly",
            sum(lead >= whole.sure and guess == reader.GUESSES.get(plant["kind"]) for lead, guess, plant in found),
            flush=True,
        )
        return whole, scored


    def corrected(self, learned):
        """Return the same, once more learned until nothing is remarked on in the library, or not much more helps."""
        hard = []
        for _time in range(3):
            remarked = [part for text, _fold in self.own for part in unkind_passages(learned, text)]
            if not remarked:
                break
            hard += remarked
            again = self.learn(hard=hard)
            again.threshold, again.sure = learned.threshold, learned.sure
            learned = again
        return learned


def unkind_passages(learned, text):
    """Return the passages of a text that would be remarked on."""
    found = list(reader.passages(low(text), learned))
    enough = learned.threshold + reader.care(len(found))
    return [
        low(text)[start:end]
        for start, end, words, total, number in found
        if len(words) > 2 and learned.score(total, number) >= enough
    ]


def least(scores, share):
    """Return the score that at most this share of scores reaches."""
    return sorted(scores, reverse=True)[int(share * len(scores))] + 0.001


def surely(found):
    """Return the smallest lead with which enough guesses are right."""
    right, sure = 0, 99.0
    for number, (lead, guess, plant) in enumerate(sorted(found, key=lambda row: -row[0]), 1):
        right += guess == reader.GUESSES.get(plant["kind"])
        if right >= RIGHT_SHARE * number:
            sure = lead
    return round(sure, 3)


def score(learned, text):
    """Return how unkindly the most unkind passage of a text reads, less the care its length asks for."""
    found = list(reader.passages(low(text), learned))
    scores = [learned.score(total, number) for _start, _end, words, total, number in found if len(words) > 2]
    return max(scores, default=-99.0) - reader.care(len(found))


def guessed(learned, text):
    """Return what is guessed of a text and how far the guess leads."""
    words = [word for sentence in words_of(text) for word in sentence]
    return reader.leader(learned.kind_scores(words))


def fit(rows, size):
    """Return bias and weights of a linear support vector machine with squared loss.

    :param rows: places of the features, 1 or -1, importance
    """
    weights, bias = [0.0] * size, 0.0
    order = random.Random(1)
    rows = [
        [row, side, 1 / math.sqrt(len(row)), 1 / (2 * COST * importance), 0.0]
        for row, side, importance in rows
        if row
    ]
    for one in rows:
        one.append(1 + one[2] ** 2 * sum(number * number for number in Counter(one[0]).values()) + one[3])
    for _round in range(ROUNDS):
        order.shuffle(rows)
        for one in rows:
            row, side, scale, slack, weight, length = one
            slope = side * (bias + scale * sum(map(weights.__getitem__, row))) - 1 + slack * weight
            new = max(0.0, weight - slope / length)
            if step := (new - weight) * side:
                one[4] = new
                bias += step
                step *= scale
                for place in row:
                    weights[place] += step
    return bias, weights


def kept(bias, weights):
    """Return bias, unit and weights as they are kept: in a byte each."""
    # The few heaviest are cut, so that the many light ones are told apart.
    heavy = sorted(map(abs, weights))[-max(1, len(weights) // 2000)]
    unit = round(127 / heavy, 3)
    return round(bias, 3), unit, array("b", [max(-127, min(127, round(weight * unit))) for weight in weights])


def judge(name):
    """Print what is found of a set left out, and said about library purposes left out."""
    before = reader.of_language
    count, curve = Counter(), Counter()
    # Whoever wrote the examples may have seen the other sets.
    left_out = (name, "examples")
    for language in LANGUAGES:
        here = Counter()
        learned, scored = Material(language, left_out).taught()
        judge_set(here, language, sets(language)[name], learned)
        draw(curve, language, sets(language)[name], learned, scored["own"])
        judge_own(here, language, left_out, learned)
        reader.of_language = before
        print(language, dict(here), flush=True)
        count += here
    print(name, dict(count))
    for shift in SHIFTS:
        print(f"threshold {shift:+.1f}:", *(f"{what} {curve[shift, what]}" for what in ("planted", "clean", "own")))


def judge_set(count, language, one, learned):
    """Count what lists and reader find in a set."""
    reader.of_language = lambda _language: learned
    for plant in one["planted"]:
        tell(count, "planted", tone.check(plant["text"], language, "", plant["part"], with_ease=False), plant["kind"])
    for text in one["clean"]:
        tell(count, "clean", tone.check(text, language, with_ease=False), "")


def judge_own(count, language, left_out, taught):
    """Count what is said about each half of the library's purposes by a reader who knows the other half, as sure as `taught`."""
    purposes = sorted(own_texts(language))
    for number in (0, 1):
        learned = Material(language, left_out, purposes[number::2]).learn()
        learned.threshold, learned.sure = taught.threshold, taught.sure
        reader.of_language = lambda _language, learned=learned: learned
        for purpose in purposes[1 - number :: 2]:
            for text, part, its_tone in own_texts(language)[purpose]:
                tell(count, "own", tone.check(text, language, purpose, part, tone=its_tone, with_ease=False), "")


def draw(curve, language, one, learned, own):
    """Count what would be found were the reader less sure or surer: lists and reader in a set, the reader in the library."""
    rows = [("planted", plant["text"], plant["part"]) for plant in one["planted"]]
    rows += [("clean", text, "email") for text in one["clean"]]
    for shift in SHIFTS:
        least_score = learned.threshold + shift
        for what, text, part in rows:
            curve[shift, what] += is_listed(text, language, part) or score(learned, text) >= least_score
        curve[shift, "own"] += sum(one >= least_score for one in own)


def tell(count, what, report, kind):
    """Count what lists and reader say about a text."""
    listed = any(one.kind in WORDS for one in report.findings)
    remarks = [one for one in report.findings if one.kind == OPINION]
    count[what] += 1
    count[f"{what}_lists"] += listed
    count[f"{what}_reader"] += bool(remarks)
    count[f"{what}_both"] += listed or bool(remarks)
    if not listed:
        guesses = {one.detail for one in remarks} - {""}
        count[f"{what}_guessed"] += bool(guesses)
        count[f"{what}_guessed_rightly"] += reader.GUESSES.get(kind) in guesses


def write():
    """Learn from everything and write the files of the engine."""
    for language in LANGUAGES:
        learned, _scored = Material(language).taught()
        told = {
            name: base64.b85encode(value.tobytes()).decode() if isinstance(value, array) else value
            for name, value in (
                (name, getattr(learned, name))
                for name in ("bias", "unit", "threshold", "kind_bias", "kind_unit", "sure", "weights", "kind_weights")
            )
        }
        path = reader.FOLDER / f"learned_{language}.json"
        path.write_text(json.dumps(told, separators=(",", ":")) + "\n", encoding="utf-8")
        print(path.name, path.stat().st_size, "bytes", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["judge"]:
        judge(*(sys.argv[2:] or ["set 6"]))
    else:
        write()
