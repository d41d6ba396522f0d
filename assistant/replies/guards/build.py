"""Puts the guards together."""

from assistant.guards.audience import AudienceGuard
from assistant.guards.claims import ClaimsGuard
from assistant.guards.guarding import Guards
from assistant.guards.injection import InjectionGuard
from assistant.guards.manner import MannerGuard
from assistant.guards.personal import PersonalGuard
from assistant.guards.private import PrivateWords
from assistant.networks.listening import Listening
from assistant.prompts import Prompts
from assistant.store.documents import DocumentTables


def build_guards(
    audience: AudienceGuard, documents: DocumentTables, private: PrivateWords, listening: Listening, prompts: Prompts
) -> Guards:
    """All guards over one company's documents, names and prompts."""
    # Those that tell a model what to do; what templates say to customers is meant to leave.
    instructions = [prompts.read(name) for name in prompts.names(".") if not name.startswith("reply-")]
    return Guards(
        [
            audience,
            PersonalGuard(documents),
            ClaimsGuard(),
            InjectionGuard(documents, private, instructions),
            MannerGuard(listening.handles, listening.competitors),
        ]
    )
