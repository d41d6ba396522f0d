"""The demo's page in a real browser: headless Chromium, driven by selenium."""
