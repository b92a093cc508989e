-- grain: one row per story of two texts or more, because articles are grouped by their story
-- Nearly the same text from several desks: agency copy, rewrites, follow-ups.
-- columns:
--     story_id: the cluster of near-duplicate texts
--     title: title of the text that was published first, else of the first by id
--     publishers: names of their publishers, in the order of the alphabet
--     agencies: news agencies they name, in the order of the alphabet
--     article_count: distinct texts
--     publisher_count: distinct publishers
--     page_count: pages that show one of the texts, a page counted once a text
--     spread_hours: from the first publication to the last
--     first_published_at: earliest publication time
--     last_published_at: latest publication time
with articles as (
    select * from core.articles
),

told as (
    select
        articles.story_id,
        first(articles.title order by articles.published_at nulls last, articles.article_id) as title,
        list_sort(array_agg(distinct articles.publisher_name) filter (where articles.publisher_name is not null))
            as publishers,
        list_sort(array_agg(distinct articles.agency) filter (where articles.agency is not null)) as agencies,
        count(*) as article_count,
        count(distinct articles.publisher_id) as publisher_count,
        cast(sum(articles.page_count) as bigint) as page_count,
        date_diff('second', min(articles.published_at), max(articles.published_at)) / 3600 as spread_hours,
        min(articles.published_at) as first_published_at,
        max(articles.published_at) as last_published_at
    from articles
    where articles.story_id is not null
    group by articles.story_id
    having count(*) >= 2
),

final as (
    select
        told.story_id,

        told.title,
        coalesce(told.publishers, []) as publishers,
        coalesce(told.agencies, []) as agencies,

        told.article_count,
        told.publisher_count,
        told.page_count,
        told.spread_hours,

        told.first_published_at,
        told.last_published_at
    from told
    order by told.article_count desc, told.story_id
)

select * from final
