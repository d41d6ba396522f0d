"""Puts the guards together."""

from assistant.core.prompts import Prompts
from assistant.knowledge.tables.documents import DocumentTables
from assistant.listening.networks.settings import NetworkSettings
from assistant.replies.guards.guards import Guards
from assistant.replies.guards.injection import InjectionGuard
from assistant.replies.guards.internal_words import AudienceGuard
from assistant.replies.guards.personal_data import PersonalGuard
from assistant.replies.guards.private_words import PrivateWords
from assistant.replies.guards.promises import ClaimsGuard
from assistant.replies.guards.sources import FindSource
from assistant.replies.guards.tone import MannerGuard


def build_guards(
    audience: AudienceGuard,
    documents: DocumentTables,
    private: PrivateWords,
    listening: NetworkSettings,
    prompts: Prompts,
    find_source: FindSource,
) -> Guards:
    """All guards over one company's documents, names and prompts."""
    # Those that tell a model what to do; what templates say to customers is meant to leave.
    instructions = [prompts.read(name) for name in prompts.names(".") if not name.startswith("reply-")]
    return Guards(
        [
            audience,
            PersonalGuard(documents),
            ClaimsGuard(find_source),
            InjectionGuard(documents, private, instructions),
            MannerGuard(listening.handles, listening.competitors),
        ]
    )
