"""The kinds of input that a review's form has and no other."""

import re
from decimal import Decimal, InvalidOperation

from wtforms import DateField, StringField

from portal.texts import lazy

NUMBER = re.compile(r"[1-9]\d{0,4}")


class PointsField(StringField):
    """A number from 0 to 100 with at most two decimals, written with a comma or a point."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.points: Decimal | None = None
        self.data = (valuelist[0] if valuelist else "").strip()
        if not self.data:
            return
        try:
            points = Decimal(self.data.replace(",", "."))
            is_fine = points.is_finite() and 0 <= points <= 100
            self.points = points.quantize(Decimal("0.01"))
        except InvalidOperation:
            is_fine = False
        if not is_fine or self.points != points:
            raise ValueError(lazy("Write a number from 0 to 100, with at most two decimals."))


class DayField(DateField):
    """A day; what cannot be read as one is kept and shown again."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(lazy("Write a day like 2026-11-27.")) from error


class NumberField(StringField):
    """The number of a paragraph or page."""

    @property
    def whole(self) -> int | None:
        """The number; None when it is empty or wrong."""
        return int(self.data) if self.data and NUMBER.fullmatch(self.data) else None

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = (valuelist[0] if valuelist else "").strip()
        if self.data and self.whole is None:
            raise ValueError(lazy("Write a number, or nothing for the whole of it."))
