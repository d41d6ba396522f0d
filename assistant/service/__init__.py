"""The running service: jobs, schedules, webhook, doctor, backup."""
