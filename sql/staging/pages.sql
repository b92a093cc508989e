-- grain: one row per page, because it only renames the contract's pages
-- Pages as the models read them.
-- columns:
--     page_id: sha256 of the raw bytes
--     publisher_id: publisher of the primary, when the page says so
--     language: ISO 639-1 code of the page's main language; null when unsure
--     page_type: article, index, live, feed, empty or unknown
--     captured_from: where captured_at comes from
--     size_bytes: length of the raw bytes
--     primary_count: 1 when the page has a primary article, else 0
--     related_count: related and sibling articles on the page
--     confidence: that of its least sure article; 0.5 where it has none
--     is_damaged: some bytes could not be decoded
--     captured_on: day of the capture, in UTC
--     captured_at: when the page was fetched, as far as known
with pages as (
    select * from main.pages
),

final as (
    select
        page_id,
        publisher_id,

        language,
        page_type,
        captured_from,

        size_bytes,
        primary_count,
        related_count,
        confidence,

        is_damaged,

        cast(captured_at at time zone 'UTC' as date) as captured_on,
        captured_at
    from pages
)

select * from final
