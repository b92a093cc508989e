-- grain: one row per language, because articles are grouped by it
-- What is written in which language, and how well it is dated.
-- columns:
--     language: ISO 639-1 code; null when unsure
--     article_count: distinct texts
--     dated_count: texts with a publication time
--     publisher_count: publishers that write in it
--     word_count: words of their bodies
with articles as (
    select * from core.articles
),

final as (
    select
        articles.language,

        count(*) as article_count,
        count(articles.published_at) as dated_count,
        count(distinct articles.publisher_id) as publisher_count,
        cast(sum(articles.word_count) as bigint) as word_count
    from articles
    group by articles.language
    order by article_count desc, articles.language
)

select * from final
