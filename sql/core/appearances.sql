-- grain: one row per article on a page, because every join is to one row of a page, an article or a publisher
-- Appearances with the page they stand on. The publisher is the printed one, else the one all appearances of the text
-- agree on.
-- columns:
--     page_id: the page
--     position: 0 is the primary; 1 and up are the others in page order
--     article_id: the text
--     publisher_id: publisher of the article
--     page_publisher_id: publisher of the page it stands on
--     zone: primary, related or sibling
--     title: the title as printed
--     publisher_name: name of the article's publisher
--     page_publisher_name: name of the page's publisher
--     language: ISO 639-1 code of the article; null when unsure
--     body_status: how much of the body is there
--     published_precision: the finest unit that was written
--     captured_from: where the page's capture time comes from
--     size_bytes: from its first byte to its last
--     word_count: words of the text
--     interval_hours: width of the publication interval
--     age_hours: from published_at to the capture of the page
--     confidence: chance that its text is right, as measured on labelled pages
--     has_date_text: a publication date is printed
--     is_dated: that date is on the time line
--     is_capture_weak: the capture time is unknown, inferred or only a file's modification time
--     published_at: best point under the stated assumption
--     published_earliest_at: start of the interval that holds under any assumption
--     published_latest_at: end of the interval that holds under any assumption
--     captured_at: when the page was fetched, as far as known
with appearances as (
    select * from staging.appearances
),

articles as (
    select * from staging.articles
),

pages as (
    select * from core.pages
),

publishers as (
    select * from staging.publishers
),

final as (
    select
        appearances.page_id,
        appearances.position,
        appearances.article_id,
        publishers.publisher_id,
        pages.publisher_id as page_publisher_id,

        appearances.zone,
        appearances.title,
        publishers.publisher_name,
        pages.publisher_name as page_publisher_name,
        articles.language,
        appearances.body_status,
        appearances.published_precision,
        pages.captured_from,

        appearances.size_bytes,
        articles.word_count,
        date_diff('second', appearances.published_earliest_at, appearances.published_latest_at) / 3600
            as interval_hours,
        date_diff('second', appearances.published_at, pages.captured_at) / 3600 as age_hours,
        appearances.confidence,

        appearances.date_text is not null as has_date_text,
        appearances.published_at is not null as is_dated,
        pages.is_capture_weak,

        appearances.published_at,
        appearances.published_earliest_at,
        appearances.published_latest_at,
        pages.captured_at
    from appearances
    inner join pages on appearances.page_id = pages.page_id
    inner join articles on appearances.article_id = articles.article_id
    left join publishers on coalesce(appearances.publisher_id, articles.publisher_id) = publishers.publisher_id
)

select * from final
