"""Whose name is spoken how often: ours beside the competitors'."""

from assistant.reports.figures.query import ALL_POSTS, Query

_VOICES = f"""with posts as materialized (select mention_id {ALL_POSTS} and copy_of is null), voices as (
    select b.name as label, max(b.is_ours) as is_ours, count(*) as posts
    from posts p join mention_brands b on b.mention_id = p.mention_id group by 1
)"""

VOICE = (
    # A post that names two counts for both. Where no competitor is named there is nothing to share.
    Query(
        "share_of_voice",
        "percent",
        f"""{_VOICES} select label, round(100.0 * posts / (select sum(posts) from voices), 1) as value,
        format('%,d', posts) || iif(posts = 1, ' post', ' posts') || iif(is_ours, ', ours', '') as note from voices
        where exists (select 1 from voices where not is_ours) order by posts desc, 1 limit 20""",
        f"{ALL_POSTS} and copy_of is null"
        " and mention_id in (select mention_id from mention_brands where name = :label)",
        compares=True,
    ),
)
