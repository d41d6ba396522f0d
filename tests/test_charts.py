"""Pictures: the same every time, with colours that stand out, and numbers that can be read."""

import pytest

from assistant.reports.charts import DARK, LIGHT, Chart, tell_values


def test_a_picture_is_the_same_every_time_in_light_and_in_dark() -> None:
    chart = Chart("c", "bars", "T", 'A & "B"', ("one", "<two>"), (("this week", (3.0, 1.0)),), (2.0, None), "before")
    again = Chart("c", "bars", "T", 'A & "B"', ("one", "<two>"), (("this week", (3.0, 1.0)),), (2.0, None), "before")
    assert chart.svg == again.svg
    assert chart.png(DARK) == again.png(DARK) != chart.png(LIGHT)
    assert "&lt;two&gt;" in chart.svg
    assert 'aria-label="A &amp; &quot;B&quot;"' in chart.svg
    assert not any(colour in chart.svg for colour in (LIGHT.ink, LIGHT.bar, LIGHT.page))


def test_every_part_of_a_picture_stands_out_from_its_page_three_times_and_words_four_and_a_half() -> None:
    for theme in (LIGHT, DARK):
        assert min(contrast(colour, theme.page) for colour in (theme.bar, *theme.series)) >= 3
        assert min(contrast(colour, theme.page) for colour in (theme.ink, theme.soft, theme.bar)) >= 4.5


def contrast(one: str, other: str) -> float:
    """As WCAG 2.2 defines it."""
    low, high = sorted(map(find_luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def find_luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_a_picture_tells_large_numbers_with_all_their_digits() -> None:
    assert tell_values(("a", "b", "c"), (1_234_567, 0.5, 2.25)) == "a 1,234,567, b 0.5, c 2.25"
    chart = Chart("c", "bars", "T", "", ("one", "two"), (("this quarter", (1_234_567.0, 1.0)),))
    assert "1,234,567" in chart.svg


def test_a_sign_without_a_font_is_drawn_as_a_box_and_not_warned_of(recwarn: pytest.WarningsRecorder) -> None:
    Chart("c", "bars", "T", "", ("\N{THAI CHARACTER KO KAI}", "two"), (("this week", (2.0, 1.0)),)).png()
    assert not recwarn.list
