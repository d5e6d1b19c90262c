"""A picture is drawn by a process of its own: whatever happens to that one, the desk goes on."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from digests import BUSY, digest_of

from documents import draw
from documents.charts import NotDrawn, drawing, to_png
from documents.charts import canvas as canvas_marks
from documents.charts.canvas import Canvas
from words import load_words


def test_pictures_are_drawn_in_any_thread_and_come_out_alike() -> None:
    given = digest_of("week", 0.025, urgent=BUSY)
    with ThreadPoolExecutor(4) as pool:
        drawn = set(pool.map(lambda _: draw(given, "zh_Hans", load_words()), range(3)))
    assert len(drawn) == 1


def test_a_process_that_dies_while_it_draws_takes_no_picture_and_nobody_along(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Drawn beside the desk's own threads, a font's end had ended the desk."""
    painter = drawing.Painter()
    monkeypatch.setattr(drawing, "_PAINTER", painter)
    with monkeypatch.context() as patch:
        patch.setattr(drawing.sys, "executable", "/bin/false")
        with pytest.raises(NotDrawn):
            to_png(Canvas(y=100))
    drawn = to_png(Canvas(y=100))
    painter._process.kill()
    painter._process.wait()
    assert to_png(Canvas(y=100)) == drawn  # the next one is drawn by another
    painter.close()


def test_what_is_drawn_elsewhere_is_what_was_laid_out() -> None:
    canvas = Canvas(
        10.0,
        [
            canvas_marks.Text(1.0, 2.0, "字", 31.0, align="right", halo=True),
            canvas_marks.Box(1.0, 2.0, 3.0, 4.0, "#ffffff"),
            canvas_marks.Path(((1.0, 2.0), (3.0, 4.0)), "#000000", dots=True),
        ],
    )
    again = canvas_marks.read_canvas(json.loads(json.dumps(canvas_marks.write_canvas(canvas))))
    assert json.dumps(canvas_marks.write_canvas(again)) == json.dumps(
        canvas_marks.write_canvas(canvas)
    )
