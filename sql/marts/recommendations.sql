-- grain: one row per related article on a page with a primary, because each is joined to the one primary of its page
-- Which text recommends which: the primary of a page and each article appended to it.
-- columns:
--     page_id: the page
--     position: rank of the recommendation on the page, from 1
--     from_article_id: the primary text
--     to_article_id: the recommended text
--     from_title: title of the primary
--     to_title: title of the recommended text
--     from_publisher_name: publisher of the page
--     to_publisher_name: publisher of the recommended text
--     age_gap_hours: how much older the recommended text is than the primary; negative when it is newer
--     is_own: both have the same publisher; null when one is unknown
--     captured_at: when the page was fetched, as far as known
with appearances as (
    select * from core.appearances
),

primaries as (
    select appearances.* from appearances where appearances.position = 0
),

others as (
    select appearances.* from appearances where appearances.position > 0
),

final as (
    select
        others.page_id,
        others.position,
        primaries.article_id as from_article_id,
        others.article_id as to_article_id,

        primaries.title as from_title,
        others.title as to_title,
        others.page_publisher_name as from_publisher_name,
        others.publisher_name as to_publisher_name,

        date_diff('second', others.published_at, primaries.published_at) / 3600 as age_gap_hours,

        others.page_publisher_id = others.publisher_id as is_own,

        others.captured_at
    from others
    inner join primaries on others.page_id = primaries.page_id
)

select * from final
