"""Definitions: what each figure counts, in a sentence that a manager can check."""

_REPLIES = "Only replies that were sent in the period count, by when they were sent."
_TIMES = f"Working hours from when the customer wrote to when our reply was sent. {_REPLIES}"

DEFINITIONS = {
    "posts": (
        "Public posts about us that were written in the period, each text once: repeats, posts about competitors "
        "alone, deleted ones and what colleagues pasted to get a draft are left out."
    ),
    "authors": "Different people who wrote these posts, by network and handle.",
    "posts_change": "The number of posts against the period before, on the networks that were read throughout both.",
    "posts_by_day": "Posts by the day on which they were written, in the company's time zone.",
    "sentiment_by_day": "Posts of each day by sentiment; those that are not sorted yet have none.",
    "posts_by_network": "Posts by the network they were written on.",
    "posts_by_language": "Posts by the language they are written in.",
    "posts_by_country": "Posts by the country that the post or its author names.",
    "posts_without_country": "Posts that name no country.",
    "posts_without": "Posts that have no row in the table above it, so that the table adds up to all posts.",
    "posts_by_triage": "Posts by what they need from us: a reply, an eye on them, or nothing.",
    "posts_by_intent": "Posts by what their author wants, as the program understands it.",
    "posts_by_sentiment": "Posts by their sentiment; unsure where no sentiment is much likelier than the others.",
    "repeats": "Posts that say the same as an earlier one, word for word or nearly. They are in no other number.",
    "share_of_voice": (
        "Of the posts that name us or a competitor, the share that names each; one that names two counts for both."
    ),
    "net_sentiment": (
        "The share of positive posts minus the share of negative ones, in points, of the posts that are sorted."
    ),
    "negative_share": "Negative posts, of those that are sorted.",
    "positive_share": "Positive posts, of those that are sorted.",
    "negative_share_by_network": "Negative posts of each network, of those that are sorted.",
    "posts_by_topic": "Posts by the company's own topics; a post has the nearest one, or none.",
    "topics_rising": (
        "Topics whose share of the posts grew against the period before by more than chance would explain."
    ),
    "topics_falling": (
        "Topics whose share of the posts shrank against the period before by more than chance would explain."
    ),
    "topics_new": "Topics that nobody wrote about in the period before.",
    "topic_words": (
        "Posts that use a word, without stop words, names of the company, and words in a third of all posts."
    ),
    "discovered_topics": "Groups of posts that are near to each other in meaning, named by the words they share.",
    "posts_that_mattered": (
        "Points: 3 for urgent, 1 for somewhat urgent, 2 for an author among the most heard, 2 for many reactions, 1 "
        "for each repeat up to 3, 1 for waiting."
    ),
    "advocates": "People with at least two positive posts and no negative one.",
    "critics": "People with at least two negative posts and no positive one.",
    "influencers": "People who are among the most heard on their network.",
    "ideas": "Posts whose author wants something that we do not offer yet.",
    "complaints": (
        "Posts that complain, are negative, or come from people who leave; those of an event are told there."
    ),
    "customer_questions": "Questions of customers for which a draft was made in the period.",
    "customer_questions_without_document": "Of these, the questions whose draft found no public document.",
    "questions_asked": "Questions that colleagues asked in the period.",
    "questions_unanswered": "Of these, the questions that no document answers.",
    "replies": f"Replies that we sent. {_REPLIES}",
    "answered_share": (
        "Of the posts of the period that need a reply, those that have one by now, from Earshot or from our own "
        "account; a reply that was deleted is none."
    ),
    "answered_share_by_network": "The same, for each network.",
    "answered_share_by_topic": "The same, for each topic.",
    "hours_to_reply": f"Half of the replies came within this time. {_TIMES}",
    "hours_to_reply_90th": f"Nine of ten replies came within this time; shown from ten replies on. {_TIMES}",
    "hours_to_reply_by_stage": f"Half of the replies took no longer for this stage. {_TIMES}",
    "hours_to_reply_by_stage_90th": f"Nine of ten replies took no longer for this stage. {_TIMES}",
    "hours_to_reply_by_network": f"Half of the replies on this network came within this time. {_TIMES}",
    "hours_to_reply_by_network_90th": f"Nine of ten replies on this network came within this time. {_TIMES}",
    "hours_to_reply_by_topic": f"Half of the replies about this topic came within this time. {_TIMES}",
    "hours_to_reply_by_topic_90th": f"Nine of ten replies about this topic came within this time. {_TIMES}",
    "calendar_hours_to_reply": f"Half of the customers waited no longer, nights and weekends included. {_REPLIES}",
    "costliest_stage": "The stage that takes the largest share of all working hours from post to reply.",
    "sla_kept": (
        "Of the posts that need a reply and have one or are late, those that were answered within REPLY_WITHIN_HOURS "
        "working hours of when the customer wrote. One that may still be answered in time counts for neither side."
    ),
    "drafts_made": "Drafts that were made in the period.",
    "drafts_by_decision": "Drafts by what people decided in the period; an approval that was undone is none.",
    "unedited_share": "Of the drafts that were approved or rejected, those that were approved as they were.",
    "reasons_for_rejecting": "Rejected drafts by the reason that was given.",
    "edit_distance": "The share of a draft's words that people's edits changed, on average.",
    "feeling_after_reply": "Replies by how their customer felt when writing again within seven days.",
    "promises": "Replies whose words promise something, by whether a later reply to the same person followed.",
    "minutes_to_answers_95th": (
        "Nineteen of twenty changes of a source's documents were in answers within this time; where nobody knows when "
        "a change was made, it counts from the reading before."
    ),
    "replies_to_recall": "Sent replies that quote what their document stopped saying in the period.",
    "model_calls": "Calls of the chat model.",
    "model_tokens": "Tokens that the chat model read and wrote.",
    "network_readings": "How often each network was read.",
    "minutes_spared": (
        "An estimate: each piece of work times the minutes it takes a person without Earshot, at least and at most. "
        "The assumptions are named beside it."
    ),
    "event_posts": (
        "Posts of the event or the danger: those that came at the same time and share its words or its place, and "
        "what answers or quotes them."
    ),
    "event_people": "Different people who wrote them; the list has one post of each.",
    "event_replied": "Of these posts, those that have a reply.",
    "event_waiting": "Of these posts, those that need a reply and have none.",
    "event_press": "Of these posts, those from the press.",
    "subject_posts": (
        "Posts that are nearest in meaning to each other, besides those of the events; praise, ideas, spam, jobs and "
        "the press are told elsewhere. Of very many, the newest 600 are compared."
    ),
    "event_leaving": "Of these posts, those whose author leaves, or says so.",
}


def define(name: str) -> str:
    """Return what the figure of this name counts; its label does not matter."""
    return DEFINITIONS.get(name.partition(".")[0], "")
