-- grain: one row per distinct text, because appearances are grouped by it before the join
-- Articles with their publisher, where they appear, and how long after publication they were first seen.
-- columns:
--     article_id: sha256 of the normalised title and body, first 32 digits
--     publisher_id: publisher, when all its appearances agree
--     story_id: cluster of near-duplicate texts
--     title: the title as printed
--     publisher_name: name of the publisher
--     agency: news agency named in dateline or credit
--     language: ISO 639-1 code; null when unsure
--     body_status: how much of the body is there
--     published_precision: the finest unit that was written
--     word_count: words of the body
--     page_count: pages that show it
--     primary_page_count: pages whose primary it is
--     related_page_count: pages that append it as related or sibling
--     interval_hours: width of the publication interval
--     lag_hours: from published_at to the first capture; negative when the date was misread or is in the future
--     is_day_certain: the whole publication interval lies on one day in UTC
--     published_on: day of published_at, in UTC
--     published_at: best point under the stated assumption
--     published_earliest_at: start of the interval that holds under any assumption
--     published_latest_at: end of the interval that holds under any assumption
--     first_captured_at: earliest known capture of a page that shows it
with articles as (
    select * from staging.articles
),

appearances as (
    select * from staging.appearances
),

publishers as (
    select * from staging.publishers
),

shown as (
    select
        appearances.article_id,
        count(distinct appearances.page_id) as page_count,
        count(distinct appearances.page_id) filter (where appearances.zone = 'primary') as primary_page_count,
        count(distinct appearances.page_id) filter (where appearances.zone <> 'primary') as related_page_count
    from appearances
    group by appearances.article_id
),

final as (
    select
        articles.article_id,
        articles.publisher_id,
        articles.story_id,

        articles.title,
        publishers.publisher_name,
        articles.agency,
        articles.language,
        articles.body_status,
        articles.published_precision,

        articles.word_count,
        coalesce(shown.page_count, 0) as page_count,
        coalesce(shown.primary_page_count, 0) as primary_page_count,
        coalesce(shown.related_page_count, 0) as related_page_count,
        date_diff('second', articles.published_earliest_at, articles.published_latest_at) / 3600 as interval_hours,
        date_diff('second', articles.published_at, articles.first_captured_at) / 3600 as lag_hours,

        cast(articles.published_earliest_at at time zone 'UTC' as date)
        = cast(articles.published_latest_at at time zone 'UTC' as date) as is_day_certain,

        articles.published_on,
        articles.published_at,
        articles.published_earliest_at,
        articles.published_latest_at,
        articles.first_captured_at
    from articles
    left join shown on articles.article_id = shown.article_id
    left join publishers on articles.publisher_id = publishers.publisher_id
)

select * from final
