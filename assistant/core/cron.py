"""Cron schedules of five fields."""


def is_schedule(text: str) -> bool:
    """Return whether a text is a cron schedule of five fields that ever comes due: no 31st of February."""
    from croniter import CroniterError, croniter

    if len(text.split()) != 5 or not croniter.is_valid(text):
        return False
    try:
        croniter(text).get_prev()
    except CroniterError:
        return False
    return True
