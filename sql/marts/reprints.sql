-- grain: one row per text that stands on two pages or more, because appearances are grouped by it
-- The same text, word for word, in several places: reprints, and articles that many pages recommend.
-- columns:
--     article_id: the text
--     title: its title
--     publishers: names of the publishers printed over it, in the order of the alphabet
--     page_count: pages that show it
--     publisher_count: publishers printed over it: two or more is a reprint
--     primary_page_count: pages whose primary it is
--     seen_hours: from its first to its last known capture
--     first_captured_at: earliest known capture of a page that shows it
--     last_captured_at: latest known capture of a page that shows it
with appearances as (
    select * from core.appearances
),

articles as (
    select * from core.articles
),

shown as (
    select
        appearances.article_id,
        list_sort(array_agg(distinct appearances.publisher_name) filter (where appearances.publisher_name is not null))
            as publishers,
        count(distinct appearances.page_id) as page_count,
        count(distinct appearances.publisher_id) as publisher_count,
        min(appearances.captured_at) as first_captured_at,
        max(appearances.captured_at) as last_captured_at
    from appearances
    group by appearances.article_id
    having count(distinct appearances.page_id) >= 2
),

final as (
    select
        shown.article_id,

        articles.title,
        coalesce(shown.publishers, []) as publishers,

        shown.page_count,
        shown.publisher_count,
        articles.primary_page_count,
        date_diff('second', shown.first_captured_at, shown.last_captured_at) / 3600 as seen_hours,

        shown.first_captured_at,
        shown.last_captured_at
    from shown
    inner join articles on shown.article_id = articles.article_id
    order by shown.page_count desc, shown.article_id
)

select * from final
