-- grain: one row per distinct text, because it only renames the contract's articles
-- Articles without their body: what the models count.
-- columns:
--     article_id: sha256 of the normalised title and body, first 32 digits
--     publisher_id: publisher, when all its appearances agree
--     story_id: cluster of near-duplicate texts
--     title: the title as printed
--     agency: news agency named in dateline or credit
--     language: ISO 639-1 code; null when unsure
--     body_status: how much of the body is there
--     published_precision: the finest unit that was written
--     word_count: words of the body; characters for scripts without spaces
--     published_on: day of published_at, in UTC
--     published_at: best point under the stated assumption
--     published_earliest_at: start of the interval that holds under any assumption
--     published_latest_at: end of the interval that holds under any assumption
--     first_captured_at: earliest known capture of a page that shows it
with articles as (
    select * from main.articles
),

final as (
    select
        article_id,
        publisher_id,
        story_id,

        title,
        agency,
        language,
        body_status,
        published_precision,

        word_count,

        cast(published_at at time zone 'UTC' as date) as published_on,
        published_at,
        published_earliest_at,
        published_latest_at,
        first_captured_at
    from articles
)

select * from final
