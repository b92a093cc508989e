-- grain: one row per article on a page, because core.appearances is joined to one row of its page
-- What the dashboard counts: every column that a chart groups by is short, already binned, and has a value on every
-- row, so that the bars add up to all rows. A closed list is an enum whose order is the order of the axis.
-- columns:
--     page_id: the page; /page/<page_id> in the inspector
--     position: 0 is the primary; 1 and up are the others in page order
--     article_id: the text
--     publisher_id: publisher of the article; null when none is known
--     zone: primary, related or sibling
--     title: the title as printed
--     publisher_name: name of the article's publisher, or not named
--     page_publisher_name: name of the page's publisher, or not named
--     language: ISO 639-1 code of the article, or not sure
--     page_type: article, index, live, feed, empty or unknown
--     body_status: how much of the body is there
--     captured_from: where the page's capture time comes from
--     published_precision: the finest unit that was written, or not dated
--     date_origin: what puts its publication on the time line
--     certainty: how wide the publication interval is
--     age_bin: how old the article was when its page was captured
--     word_bin: how long the text is, in words
--     confidence_bin: chance that its text is right, in tenths: 0.9 holds all from 0.9 up
--     word_count: words of the text
--     age_hours: from published_at to the capture of the page; null when one of them is not known
--     confidence: chance that its text is right, as measured on labelled pages
--     has_date_text: a publication date is printed
--     is_dated: that date is on the time line
--     is_capture_weak: the capture time is unknown, inferred or only a file's modification time
--     published_on: day of published_at, in UTC; null without a date
--     published_week: Monday of that week
--     captured_on: day of the capture, in UTC; null when not known
--     captured_week: Monday of that week
--     published_at: best point under the stated assumption
--     captured_at: when the page was fetched, as far as known
with appearances as (
    select * from core.appearances
),

pages as (
    select * from core.pages
),

publication_dates as (
    select * from core.publication_dates
),

final as (
    select
        appearances.page_id,
        appearances.position,
        appearances.article_id,
        appearances.publisher_id,

        try_cast(appearances.zone as enum ('primary', 'related', 'sibling')) as zone,
        appearances.title,
        coalesce(appearances.publisher_name, 'not named') as publisher_name,
        coalesce(appearances.page_publisher_name, 'not named') as page_publisher_name,
        coalesce(appearances.language, 'not sure') as language,
        try_cast(pages.page_type as enum ('article', 'index', 'live', 'feed', 'empty', 'unknown')) as page_type,
        try_cast(
            appearances.body_status as enum ('full', 'truncated', 'caption_only', 'promo_only', 'absent')
        ) as body_status,
        try_cast(
            appearances.captured_from as enum ('sidecar', 'record', 'option', 'name', 'mtime', 'inferred', 'none')
        ) as captured_from,
        try_cast(
            coalesce(appearances.published_precision, 'not dated')
            as enum ('second', 'minute', 'hour', 'day', 'week', 'month', 'year', 'not dated')
        ) as published_precision,
        cast(
            case
                when publication_dates.is_zone_written then 'written with its zone'
                when publication_dates.is_zone_known then 'written, zone of the publisher'
                when publication_dates.is_written then 'written without a zone'
                when publication_dates.is_relative then 'counted from the capture'
                when appearances.has_date_text then 'printed, not placed'
                else 'none printed'
            end
            as enum (
                'written with its zone', 'written, zone of the publisher', 'written without a zone',
                'counted from the capture', 'printed, not placed', 'none printed'
            )
        ) as date_origin,
        try_cast(
            case
                when appearances.interval_hours is null then 'not dated'
                when appearances.interval_hours <= 1 then 'within an hour'
                when appearances.interval_hours <= 24 then 'within a day'
                when appearances.interval_hours <= 72 then 'within 3 days'
                else 'wider'
            end
            as enum ('within an hour', 'within a day', 'within 3 days', 'wider', 'not dated')
        ) as certainty,
        try_cast(
            case
                when appearances.age_hours is null then 'not known'
                when appearances.age_hours < 0 then 'after capture'
                when appearances.age_hours < 1 then 'under an hour'
                when appearances.age_hours < 6 then 'under 6 hours'
                when appearances.age_hours < 24 then 'under a day'
                when appearances.age_hours < 168 then 'under a week'
                when appearances.age_hours < 720 then 'under 30 days'
                when appearances.age_hours < 8760 then 'under a year'
                else 'a year or more'
            end
            as enum (
                'after capture', 'under an hour', 'under 6 hours', 'under a day', 'under a week', 'under 30 days',
                'under a year', 'a year or more', 'not known'
            )
        ) as age_bin,
        try_cast(
            case
                when appearances.word_count = 0 then 'no words'
                when appearances.word_count < 50 then 'under 50'
                when appearances.word_count < 200 then 'under 200'
                when appearances.word_count < 500 then 'under 500'
                when appearances.word_count < 1000 then 'under 1,000'
                else '1,000 or more'
            end
            as enum ('no words', 'under 50', 'under 200', 'under 500', 'under 1,000', '1,000 or more')
        ) as word_bin,
        least(floor(appearances.confidence * 10) / 10, 0.9) as confidence_bin,

        cast(appearances.word_count as integer) as word_count,
        cast(appearances.age_hours as float) as age_hours,
        cast(appearances.confidence as float) as confidence,

        appearances.has_date_text,
        appearances.is_dated,
        appearances.is_capture_weak,

        cast(appearances.published_at at time zone 'UTC' as date) as published_on,
        cast(date_trunc('week', appearances.published_at at time zone 'UTC') as date) as published_week,
        pages.captured_on,
        cast(date_trunc('week', pages.captured_on) as date) as captured_week,
        appearances.published_at,
        appearances.captured_at
    from appearances
    inner join pages on appearances.page_id = pages.page_id
    left join publication_dates
        on appearances.page_id = publication_dates.page_id and appearances.position = publication_dates.position
)

select * from final
