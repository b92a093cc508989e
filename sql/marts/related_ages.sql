-- grain: one row per page with a dated related article, because appearances are grouped by page
-- The freshest and the oldest article that a page appends, and how old they were when it was fetched.
-- columns:
--     page_id: the page
--     publisher_name: publisher of the page
--     freshest_title: title of the article published last
--     oldest_title: title of the article published first
--     related_count: dated related and sibling articles on the page
--     freshest_age_hours: age of the freshest at the capture; null when the capture is unknown
--     median_age_hours: median age at the capture
--     oldest_age_hours: age of the oldest at the capture
--     freshest_published_at: when the freshest was published
--     oldest_published_at: when the oldest was published
with appearances as (
    select * from core.appearances
),

final as (
    select
        appearances.page_id,

        appearances.page_publisher_name as publisher_name,
        first(appearances.title order by appearances.published_at desc, appearances.position) as freshest_title,
        first(appearances.title order by appearances.published_at, appearances.position) as oldest_title,

        count(*) as related_count,
        min(appearances.age_hours) as freshest_age_hours,
        median(appearances.age_hours) as median_age_hours,
        max(appearances.age_hours) as oldest_age_hours,

        max(appearances.published_at) as freshest_published_at,
        min(appearances.published_at) as oldest_published_at
    from appearances
    where appearances.position > 0 and appearances.published_at is not null
    group by appearances.page_id, appearances.page_publisher_name
    order by appearances.page_id
)

select * from final
