-- grain: one row per publisher, because articles are grouped by it
-- What each publisher contributes to the dump. Texts without a publisher stand on a row without one.
-- columns:
--     publisher_id: the publisher; null when the appearances name none or disagree
--     publisher_name: name of the publisher
--     article_count: distinct texts
--     dated_count: texts with a publication time
--     primary_count: texts that are the primary of at least one page
--     language_count: languages they are written in
--     median_words: median length of a full text in words
--     first_published_at: earliest publication time
--     last_published_at: latest publication time
with articles as (
    select * from core.articles
),

final as (
    select
        articles.publisher_id,

        articles.publisher_name,

        count(*) as article_count,
        count(articles.published_at) as dated_count,
        count(*) filter (where articles.primary_page_count > 0) as primary_count,
        count(distinct articles.language) as language_count,
        median(articles.word_count) filter (where articles.body_status = 'full') as median_words,

        min(articles.published_at) as first_published_at,
        max(articles.published_at) as last_published_at
    from articles
    group by articles.publisher_id, articles.publisher_name
    order by article_count desc, articles.publisher_name, articles.publisher_id
)

select * from final
