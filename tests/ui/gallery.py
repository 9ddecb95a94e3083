"""The page of all components, rendered as a page of the portal; no route leads to it."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import wtforms
from flask import Flask, render_template
from jinja2 import ChoiceLoader, FileSystemLoader
from werkzeug.datastructures import MultiDict
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from portal.web.forms import Form

FOLDER = Path(__file__).with_name("templates")
MOMENT = datetime(2026, 11, 27, 10, tzinfo=UTC)


class GalleryForm(Form):
    """One field of every kind, some of them wrong."""

    name = wtforms.StringField("Nama lengkap", [InputRequired("Tuliskan nama lengkap.")])
    sex = wtforms.RadioField(
        "Keputusan",
        [InputRequired("Pilih keputusan.")],
        choices=[SelectChoice("a", "Diterima"), SelectChoice("r", "Perlu diperbaiki")],
    )
    capacities = wtforms.SelectMultipleField(
        "Kapasitas",
        choices=[SelectChoice("s", "Atasan langsung"), SelectChoice("c", "Coach")],
        option_widget=wtforms.widgets.CheckboxInput(),
        widget=wtforms.widgets.ListWidget(),
    )
    unit = wtforms.SelectField("Perangkat daerah", choices=[SelectChoice("a", "Dinas Kesehatan")])
    unit_again = wtforms.SelectField(
        "Saring perangkat daerah", choices=[SelectChoice("a", "Semua")]
    )
    search = wtforms.StringField("Cari nama")
    due = wtforms.DateTimeLocalField("Perbaiki sebelum", [Optional()])
    number = wtforms.DecimalField("Nilai", [Optional()])
    agree = wtforms.BooleanField("Tampilkan kata sandi")
    text = wtforms.TextAreaField("Umpan balik", description="Dibaca peserta setelah dirilis.")
    files = wtforms.MultipleFileField("Berkas")


def level(title: str, lowest: int, highest: int) -> SimpleNamespace:
    return SimpleNamespace(
        title=title, description=f"{title}: masalah dan data.", lowest=lowest, highest=highest
    )


def rendered(app: Flask) -> str:
    """The gallery as HTML, in the language of an Indonesian visitor."""
    form = GalleryForm(MultiDict({"unit": "a", "unit_again": "a", "text": "Halo"}))
    form.validate()
    levels = [level("Sangat baik", 90, 100), level("Baik", 80, 89), level("Kurang", 0, 0)]
    criteria = [
        SimpleNamespace(title=title, description="Apa yang dinilai.", weight=weight, levels=levels)
        for title, weight in (("Diagnosis masalah", 40), ("Keterlaksanaan", 60))
    ]
    usual = app.jinja_loader
    app.jinja_env.loader = ChoiceLoader([usual, FileSystemLoader(FOLDER)])
    try:
        with app.test_request_context("/", headers={"Accept-Language": "id"}):
            return render_template(
                "gallery.html",
                form=form,
                criteria=criteria,
                earlier=MOMENT - timedelta(days=3),
                later=MOMENT,
                days=[date(2026, 11, 20) + timedelta(days=3 * n) for n in range(5)],
            )
    finally:
        app.jinja_env.loader = usual
