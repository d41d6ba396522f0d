"""Every text that people read on cards and in the forms that cards open, in one place."""

from assistant.domain import DecisionAction, DraftLook, DraftStatus, Urgency
from assistant.domain.replies import Effect
from assistant.replies.guards.injection import RiskLevel

# Where a draft stands
STATES = {
    DraftStatus.PENDING: "ready for a decision",
    DraftStatus.APPROVED: "approved",
    DraftStatus.SENDING: "being sent",
    DraftStatus.SENT: "sent",
    DraftStatus.UNKNOWN: "checking whether it was posted",
    DraftStatus.REJECTED: "rejected",
    DraftStatus.STALE: "out of date",
    DraftStatus.FAILED: "refused by the network",
    DraftStatus.DELETED: "sent, then deleted",
}
LOOKS = {
    DraftLook.READY: STATES[DraftStatus.PENDING],
    DraftLook.NEEDS_WORK: "needs work",
    DraftLook.FINDINGS_ONLY: "no draft yet, write one",
}
FOR_HAND = "approved, ready for you to post"
SECOND = "needs a second approval"
NO_REPLY = "no reply suggested"
BLOCKED = "can't be sent as written"
DRAFT = "Draft {number}"
FALLBACK = "Draft {number} for a post on {place}: {state}"
UNASSIGNED = "Unassigned"
CLAIMED = "{who} is working on it until {until}"
VERSION = "version {number}"
URGENT = {Urgency.HIGH: ":fire: *Urgent*", Urgency.RAISED: "Medium priority"}

# Post, reply and sources
SOMEBODY = "somebody"
WE = "we"
OPEN = "open"
REPLY = "Reply: "
NO_TEXT = "*No draft yet.* Write one with *Write a reply*, or ask for one with *Another version*."
NO_REPLY_BECAUSE = ":speech_balloon: *No reply suggested*: {reason}"
SOURCES = "Sources: {sources}"
NEAREST = "Nearest pages: {sources}"
MORE_SOURCES = "{sources} +{number}"
MEANS = "*In {language}. It means:* {text}"
IN_LANGUAGE = "*In {language}.* Ask a speaker of the language to check it."
LEFT_OUT = "This doesn't fit into a message: *Details* shows the whole thread and post."

# Notes that change the decision
EFFECTS = {
    Effect.BLOCK: ":no_entry: *Can't be sent*",
    Effect.HOLD: ":raised_hand: *Needs a second approver*",
    Effect.WARN: ":warning: *Check*",
}
OVERRIDDEN = ":unlock: Overridden: {said}"
BECAUSE = " Because: {reason}"
WARNING = ":warning: {text}"
MORE_NOTES = "… and {number} more in *Details*"
FROZEN = ":snowflake: {told} Nothing can be approved; two people lift it: `/earshot unfreeze`"
TWO_PEOPLE = ":busts_in_silhouette: *Two people approve this*, one of them a second approver: {why}"
FIRST_DONE = " {who} has approved it; somebody else has to as well."
CANNOT = ":no_entry_sign: *Can't be answered*: {reason}"
BY_HAND = ":information_source: After approving, you'll need to post this on {place} yourself."
TOO_LONG = ":warning: This reply is too long for a card: *Details* shows it, and there it can be approved."
RISKS = {
    RiskLevel.HIGH: ":rotating_light: *This post is written to trick a machine*{reasons}",
    RiskLevel.SOME: ":warning: Parts of this post seem meant for a machine{reasons}",
}
NO_RISK = "No manipulation detected."
THREAD_SINCE = ":speech_balloon: {number} newer in the thread, the latest by {author}: {text}"

# Buttons
APPROVE = "Approve"
AGREE = "No reply needed"
ANYWAY = "Reply anyway"
PROBLEMS = "See what's missing"
BLOCKS = "See what's wrong"
EDIT = "Edit"
WRITE = "Write a reply"
REJECT = "Reject"
NOT_OURS = "Not ours"
MENU = {
    "details": "Details",
    "regenerate": "Another version",
    "versions": "Versions",
    "relabel": "Correct labels",
    "claim": "Claim",
    "release": "Release",
    "undo": "Undo the approval",
}
UNDO = "Undo"
UNDO_FOR = "Undo ({seconds} s left)"
COPY = "Copy"
OPEN_POST = "Open the post"
MARK_SENT = "Mark as sent"
SEEN_THERE = "I can see it there: mark as sent"
DELETE = "Delete the sent reply"
DELETE_TITLE = "Delete the reply?"
DELETE_QUESTION = "It disappears from the network for everyone. Who deleted it stays on record here."
DELETE_YES = "Delete it"
REDRAFT = "New draft"
OURS = "It is ours after all"
ADD_REASON = "Add a reason"

# What became of it
VERBS = {
    DecisionAction.FIRST: "Approved, as the first of two,",
    DecisionAction.APPROVE: "Approved",
    DecisionAction.EDIT: "Edited",
    DecisionAction.REJECT: "Rejected",
    DecisionAction.NOT_OURS: "Called not ours to answer",
}
DECIDED = "{verb} by {who}, {when}{reason}"
TAKEN_BACK = "Taken back by {who}, {when}"
STAYS = ":no_entry_sign: It won't be sent: {reason}"
STAYS_FROZEN = ":snowflake: {told} It won't be sent; Undo brings it back."
LEAVES = ":hourglass_flowing_sand: Sent at {when} UTC unless you undo it."
POSTED_BY_HAND = "Posted by hand, marked as sent"
SENT_BY_US = "Sent by Earshot"
SENT = "{how}, {when}{link}"
SEE_REPLY = "see the reply"
DELETED = "\nDeleted by {who}, {when}"

# Details
DETAILS = "Details"
WHY = "*Why a reply:* {why}"
LABELS = "*Labels:* {labels}"
FOLLOWERS_UNKNOWN = "Followers unknown"
FIRST_POST = "first post we've seen"
EARLIER = "{number} here{since}, {answered}"
SINCE = " since {when}"
ANSWERED_NONE = "we answered none"
ANSWERED = "we answered {times}, last {when}{said}"
RULE = "*May we reply:* {reason}{rule}{until}"
RULE_NAME = " (rule {name})"
UNTIL = " Until {when}."
THE_POST = "*The post*"
THE_REPLY = "*The reply*"
NO_DRAFT = "*No draft yet.*"
THE_SOURCES = "*Sources*"
IN_THREAD = "{author} in the thread, {when}"
HISTORY = "*So far*"
UNSOURCED = ":warning: *No public page says this:*"

# Forms
EDIT_TITLE = "Edit the reply"
SAVE = "Save"
FIELD_REPLY = "Reply"
FIELD_OVERRIDE = "Reason for overriding a check"
HINT_OVERRIDE = "Second approvers only. Usually left empty."
FIELD_FIND = "Insert a source"
HINT_FIND = "Search the public pages and press Enter."
PLACEHOLDER_FIND = "price of a pause"
INSERT = "Insert"
NOTHING_FOUND = "No public page is about “{text}”."
INSERTED = ":white_check_mark: Inserted, with its source: {place}"
TAKEN_TITLE = "Someone's on it"
TAKEN = "{who} is working on draft {number} until {until}, so you can't edit it now."
TAKEN_HINT = "They can release it in the card's menu; so can an admin."
RELABEL_TITLE = "Correct labels"
RELABEL_NOTE = "What you change counts for this post from now on, and later posts are judged by it too."
LABEL_FIELDS = {"sentiment": "Sentiment", "intent": "Intent", "topic": "Topic"}
REASON_TITLE = "Add a reason"
FIELD_REASON = "Why?"
REGENERATE_TITLE = "Another version"
FIELD_WISH = "What should change?"
PLACEHOLDER_WISH = "shorter, offer the phone number"  # a chat model can do any
PLACEHOLDER_NO_WISH = "Without a chat model, edit the text instead"
REGENERATE_NOTE = "Another version is made from the same documents; the ones before are kept."
WRITE_IT = "Write it"
PROBLEM_BLOCKED = "*This can't be sent as written.*"
PROBLEM_MISSING = "*This isn't ready to send.*"
FROZEN_FORM = "*Replies are frozen.* You can edit, but nothing is sent until two people lift the freeze."
PROBLEMS_TITLE = "Before you approve"
PROBLEMS_HINT = "*Edit* on the card fixes it: *Insert a source* there puts a fact and its page in."
FIELD_OVERRULE = "Reason for overriding"
OVERRULE_NOTE = "For second approvers. Your reason is kept, and somebody else has to approve the reply too."
OVERRIDE = "Override"
APPROVE_ANYWAY = "Approve anyway"
MARK_TITLE = "Mark as sent"
FIELD_LINK = "Link to your reply"
IT_IS_SENT = "It is sent"
COPY_TITLE = "Copy the reply"
COPY_HINT = "Select the text and copy it."
VERSIONS_TITLE = "Versions"
ONE_VERSION = "There is one version only, the one on the card."
BRING_BACK = "Bring back"
BRING_IT_BACK = "Bring it back"
VERSION_OPTION = "Version {number}"
VERSION_LINE = "*Version {number}*, {asked}\n{text}"
VERSION_BY = "{who}, {when}"
ASKED_FOR = "asked for “{wish}”"
FIRST_VERSION = "the first one"
CLOSE = "Close"
CANCEL = "Cancel"
THE_DRAFT = "*The draft*\n{text}"

# What one person is told
OLDER_CARD = "An older Earshot drew this card."
OLDER_CARD_HINT = "It is drawn again: look at it again, then decide."
FIRST_KEPT = "Your approval is kept. Somebody else has to approve draft {number} too: {why}."
NOTHING_CHANGED = "Nothing changed in version {version} of draft {number}. See the card for why."
CHANGED_SINCE = "Somebody changed this draft since you saw it."
CHANGED_HINT = "Read the new text, then decide."
REDRAFTED = "Draft {number} takes its place; its card is at the end of the channel."
