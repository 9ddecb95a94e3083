"""Who opened my work."""


def address_of(world) -> str:
    return f"/cohorts/{world.here}/assignments/{world.here_essay}/versions/{world.here_submission}"


def test_a_person_sees_who_opened_their_work(world, sign_in):
    mine = sign_in("participant")
    assert "Dwi Santoso" not in mine.get("/profile/readers").text
    assert mine.get(address_of(world)).status_code == 200
    assert sign_in("mentor").get(address_of(world)).status_code == 200
    text = mine.get("/profile/readers").text
    assert ("Dwi Santoso" in text, text.count('class="row-title"')) == (True, 1)
    assert "Dwi Santoso" not in sign_in("classmate").get("/profile/readers").text


def test_a_mentor_who_reviews_has_opened_it(world, sign_in):
    address = f"/cohorts/{world.here}/submissions/{world.here_submission}/review"
    assert sign_in("mentor").get(address).status_code == 200
    assert "Dwi Santoso" in sign_in("participant").get("/profile/readers").text


def test_it_costs_two_selects(sign_in, queries):
    client = sign_in("participant")
    with queries() as seen:
        assert client.get("/profile/readers").status_code == 200
    assert len(seen) == 2
