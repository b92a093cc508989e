-- grain: one row per distinct text, because core.articles is joined to one row of where the text stands
-- What the dashboard lists and filters: a text with the page to look it up on. As in marts.dashboard_appearances every
-- column that a chart groups by has a value on every row, and a closed list is an enum in the order of the axis. The
-- rows stand newest first, the order in which they are listed: the first page, and that of a search, reads few of them.
-- columns:
--     article_id: sha256 of the normalised title and body, first 32 digits
--     publisher_id: publisher, when all its appearances agree
--     story_id: cluster of near-duplicate texts
--     page_id: a page that shows it, one whose primary it is if there is one; /page/<page_id> in the inspector
--     position: where it stands on that page
--     title: the title as printed
--     publisher_name: name of the publisher, or not named
--     agency: news agency named in dateline or credit, or none
--     language: ISO 639-1 code, or not sure
--     zone: primary when it is the primary of some page, else sibling or related
--     body_status: how much of the body is there
--     published_precision: the finest unit that was written, or not dated
--     date_origin: what puts its publication on the time line, the best of its appearances
--     certainty: how wide the publication interval is
--     age_bin: how old it was when it was first captured
--     word_bin: how long it is, in words
--     word_count: words of the body
--     page_count: pages that show it
--     lag_hours: from published_at to the first capture; null when one of them is not known
--     is_dated: a publication time is known
--     published_on: day of published_at, in UTC; null without a date
--     published_week: Monday of that week
--     first_captured_week: Monday of the week of its first capture, in UTC
--     published_at: best point under the stated assumption
--     first_captured_at: earliest known capture of a page that shows it
with articles as (
    select * from core.articles
),

appearances as (
    select * from staging.appearances
),

ranked as (
    select
        appearances.article_id,
        appearances.page_id,
        appearances.position,
        appearances.zone
    from appearances
    qualify row_number() over (
        partition by appearances.article_id order by appearances.position, appearances.page_id
    ) = 1
),

publication_dates as (
    select * from core.publication_dates
),

dated as (
    select
        appearances.article_id,
        bool_or(publication_dates.is_zone_written) as is_zone_written,
        bool_or(publication_dates.is_zone_known) as is_zone_known,
        bool_or(publication_dates.is_written) as is_written,
        bool_or(publication_dates.is_relative) as is_relative
    from appearances
    inner join publication_dates
        on appearances.page_id = publication_dates.page_id and appearances.position = publication_dates.position
    group by appearances.article_id
),

final as (
    select
        articles.article_id,
        articles.publisher_id,
        articles.story_id,
        ranked.page_id,
        ranked.position,

        articles.title,
        coalesce(articles.publisher_name, 'not named') as publisher_name,
        coalesce(articles.agency, 'none') as agency,
        coalesce(articles.language, 'not sure') as language,
        try_cast(ranked.zone as enum ('primary', 'related', 'sibling')) as zone,
        try_cast(
            articles.body_status as enum ('full', 'truncated', 'caption_only', 'promo_only', 'absent')
        ) as body_status,
        try_cast(
            coalesce(articles.published_precision, 'not dated')
            as enum ('second', 'minute', 'hour', 'day', 'week', 'month', 'year', 'not dated')
        ) as published_precision,
        cast(
            case
                when dated.is_zone_written then 'written with its zone'
                when dated.is_zone_known then 'written, zone of the publisher'
                when dated.is_written then 'written without a zone'
                when dated.is_relative then 'counted from the capture'
                when dated.article_id is not null then 'printed, not placed'
                else 'none printed'
            end
            as enum (
                'written with its zone', 'written, zone of the publisher', 'written without a zone',
                'counted from the capture', 'printed, not placed', 'none printed'
            )
        ) as date_origin,
        try_cast(
            case
                when articles.interval_hours is null then 'not dated'
                when articles.interval_hours <= 1 then 'within an hour'
                when articles.interval_hours <= 24 then 'within a day'
                when articles.interval_hours <= 72 then 'within 3 days'
                else 'wider'
            end
            as enum ('within an hour', 'within a day', 'within 3 days', 'wider', 'not dated')
        ) as certainty,
        try_cast(
            case
                when articles.lag_hours is null then 'not known'
                when articles.lag_hours < 0 then 'after capture'
                when articles.lag_hours < 1 then 'under an hour'
                when articles.lag_hours < 6 then 'under 6 hours'
                when articles.lag_hours < 24 then 'under a day'
                when articles.lag_hours < 168 then 'under a week'
                when articles.lag_hours < 720 then 'under 30 days'
                when articles.lag_hours < 8760 then 'under a year'
                else 'a year or more'
            end
            as enum (
                'after capture', 'under an hour', 'under 6 hours', 'under a day', 'under a week', 'under 30 days',
                'under a year', 'a year or more', 'not known'
            )
        ) as age_bin,
        try_cast(
            case
                when articles.word_count = 0 then 'no words'
                when articles.word_count < 50 then 'under 50'
                when articles.word_count < 200 then 'under 200'
                when articles.word_count < 500 then 'under 500'
                when articles.word_count < 1000 then 'under 1,000'
                else '1,000 or more'
            end
            as enum ('no words', 'under 50', 'under 200', 'under 500', 'under 1,000', '1,000 or more')
        ) as word_bin,

        cast(articles.word_count as integer) as word_count,
        cast(articles.page_count as integer) as page_count,
        cast(articles.lag_hours as float) as lag_hours,

        articles.published_at is not null as is_dated,

        articles.published_on,
        cast(date_trunc('week', articles.published_on) as date) as published_week,
        cast(date_trunc('week', articles.first_captured_at at time zone 'UTC') as date) as first_captured_week,
        articles.published_at,
        articles.first_captured_at
    from articles
    left join ranked on articles.article_id = ranked.article_id
    left join dated on articles.article_id = dated.article_id
    order by articles.published_at desc nulls last, articles.article_id
)

select * from final
