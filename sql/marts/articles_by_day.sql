-- grain: one row per day, publisher and language, because articles are grouped by them
-- How many distinct texts each publisher published on each day. Texts without a date stand on a row without a day, so
-- that the rows add up to all articles.
-- columns:
--     published_on: day of publication, in UTC; null for texts without a date
--     publisher_id: the publisher; null when the appearances name none or disagree
--     publisher_name: name of the publisher
--     language: ISO 639-1 code; null when unsure
--     article_count: distinct texts
--     day_certain_count: texts whose whole publication interval lies on this day
--     word_count: words of their bodies
with articles as (
    select * from core.articles
),

final as (
    select
        articles.published_on,
        articles.publisher_id,

        articles.publisher_name,
        articles.language,

        count(*) as article_count,
        count(*) filter (where articles.is_day_certain) as day_certain_count,
        cast(sum(articles.word_count) as bigint) as word_count
    from articles
    group by articles.published_on, articles.publisher_id, articles.publisher_name, articles.language
    order by articles.published_on, articles.publisher_name, articles.publisher_id, articles.language
)

select * from final
