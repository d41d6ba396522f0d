"""Reactions on a message: one entry for each emoji, with everybody who chose it."""

from .aliases import Json


def add_reaction(message: Json, name: str, user_id: str) -> bool:
    """False when this user has already reacted with it."""
    reactions = message.setdefault("reactions", [])
    entry = next((one for one in reactions if one["name"] == name), None)
    if entry is None:
        entry = {"name": name, "users": [], "count": 0}
        reactions.append(entry)
    if user_id in entry["users"]:
        return False
    entry["users"].append(user_id)
    entry["count"] += 1
    return True


def remove_reaction(message: Json, name: str, user_id: str) -> bool:
    """False when this user has not reacted with it."""
    for entry in message.get("reactions", []):
        if entry["name"] == name and user_id in entry["users"]:
            entry["users"].remove(user_id)
            entry["count"] -= 1
            message["reactions"] = [one for one in message["reactions"] if one["users"]]
            return True
    return False
