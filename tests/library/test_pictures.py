"""How large a drawing of a course says it is."""

import pytest

from portal.library.pictures import drawing_size


@pytest.mark.parametrize(
    ("stated", "size"),
    [
        ("width='208' height='106.4'", (208, 106)),
        ("width='208px' height='106px'", (208, 106)),
        ("width='55.05mm' height='28mm' viewBox='0 0 55 28'", (208, 106)),
        ("width='2in' height='72pt'", (192, 96)),
        ("width='100%' height='100%' viewBox='0 0 640 480'", (640, 480)),
        ("stroke-width='3' width='20' height='10'", (20, 10)),
        ("width='20' height='x'", (None, None)),
        ("", (None, None)),
    ],
)
def test_a_drawing_is_as_large_as_it_says(stated, size):
    assert drawing_size(f"<svg xmlns='http://www.w3.org/2000/svg' {stated}>") == size
