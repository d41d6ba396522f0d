"""Issues and releases of GitHub and GitLab: is this a known bug?"""
