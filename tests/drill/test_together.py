"""A thousand rounds of two mentors at one review, over every path that writes it, or as many as
the time allows."""

import time

from tests.reviews.interleaving import one_round, two_hands

ROUNDS = 1000
SECONDS = 200


def test_no_word_disappears_in_a_thousand_rounds(portal, world, scene):
    clients, limit, seen = two_hands(portal, world), time.monotonic() + SECONDS, set()
    done = 0
    while done < ROUNDS and time.monotonic() < limit:
        seen |= one_round(clients, world, scene, seed=1_000 + done)
        done += 1
    print(f"{done} rounds; {sorted(seen)}")
    assert done >= ROUNDS // 10, "the machine was too slow for the trial to say anything"
    assert {("release", 303), ("release", 409), ("save", 303), ("autosave", 409)} <= seen
