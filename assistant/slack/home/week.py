"""The weeks' figures of App Home: counted when somebody asks, kept for some minutes, with their picture in Slack."""

import hashlib
import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from assistant.core.home import Home
from assistant.domain import Period
from assistant.errors import EarshotError
from assistant.reports.charts import Chart
from assistant.reports.digest import Overview
from assistant.reports.figures import week_of
from assistant.slack.home.blocks import Counted
from assistant.slack.home.queue import HomeView

# Each count that differs puts another picture into Slack: four an hour at most, and only while somebody looks.
_FRESH = timedelta(minutes=15)
_NO_PICTURE = "The picture couldn't be uploaded to Slack."
_log = logging.getLogger(__name__)


class UploadsPictures(Protocol):
    """The part of Uploads that is needed."""

    def upload_once(self, key: str, title: str, png: bytes, alt_text: str) -> str:
        """The Slack file id of a picture."""


class Weeks:
    """Figures of this week and the last one."""

    def __init__(
        self,
        look_over: Callable[[Period, datetime], Overview],
        clock: Callable[[], datetime],
        home: Home,
        uploads: UploadsPictures,
    ) -> None:
        self._look_over = look_over
        self._clock = clock
        self._home = home
        self._uploads = uploads
        self._counted: dict[str, Counted] = {}
        self._lock = threading.Lock()

    def find(self, week: str) -> Counted | None:
        """Find the last count, however old."""
        return self._counted.get(self._find_period(week).label)

    def is_fresh(self, week: str) -> bool:
        """Return whether the last count may still be shown."""
        counted = self.find(week)
        return counted is not None and self._clock() - counted.overview.made_at < _FRESH

    def count(self, week: str) -> None:
        """Count again. While another counts, nothing: `version` tells when that is done, and nobody has to wait."""
        if not self._lock.acquire(blocking=False):
            return
        try:
            if not self.is_fresh(week):
                self._count(self._find_period(week))
        finally:
            self._lock.release()

    @property
    def version(self) -> str:
        """Changes with every count."""
        return "/".join(f"{label} {counted.overview.made_at}" for label, counted in sorted(self._counted.items()))

    def _count(self, period: Period) -> None:
        overview = self._look_over(period, self._clock())
        others = [(label, counted) for label, counted in self._counted.items() if label != period.label]
        # Weeks go by while the program runs: only one besides is kept.
        self._counted = {period.label: self._add_picture(overview), **dict(others[:1])}

    def _find_period(self, week: str) -> Period:
        ago = timedelta(days=7 if week == HomeView.LAST else 0)
        return week_of(self._clock() - ago, self._home.settings.zone)

    def _add_picture(self, overview: Overview) -> Counted:
        chart = overview.trend.chart
        if chart is None:
            return Counted(overview)
        try:
            return Counted(overview, self._upload(overview.period, chart))
        except EarshotError as error:
            _log.warning("the picture of %s is not in Slack: %s %s", overview.period.label, error.message, error.hint)
            return Counted(overview, no_picture=_NO_PICTURE)

    def _upload(self, period: Period, chart: Chart) -> str:
        png = chart.png()
        key = f"home:{period.label}:{chart.name}:{hashlib.sha256(png).hexdigest()[:16]}"
        return self._uploads.upload_once(key, f"{chart.title}, {period.label}", png, chart.alt)
