-- grain: one row per page, because every join is to one row of a page
-- Pages with their publisher and what their bytes are spent on. A page that does not name its publisher takes the one
-- its primary article prints.
-- columns:
--     page_id: sha256 of the raw bytes
--     publisher_id: publisher of the page, else of its primary
--     publisher_name: its name
--     language: ISO 639-1 code; null when unsure
--     page_type: article, index, live, feed, empty or unknown
--     captured_from: where captured_at comes from
--     size_bytes: length of the raw bytes
--     article_bytes: bytes of primary, related and sibling articles
--     furniture_bytes: bytes of navigation, legal lines and other furniture
--     advert_bytes: bytes of adverts and own promotions
--     blank_bytes: bytes between the lines
--     unknown_bytes: bytes that no rule could name
--     related_count: related and sibling articles on the page
--     confidence: that of its least sure article; 0.5 where it has none
--     has_primary: the page has a primary article
--     is_damaged: some bytes could not be decoded
--     is_capture_weak: the capture time is unknown, inferred or only a file's modification time
--     captured_on: day of the capture, in UTC
--     captured_at: when the page was fetched, as far as known
with pages as (
    select * from staging.pages
),

primaries as (
    select * from staging.appearances where position = 0
),

publishers as (
    select * from staging.publishers
),

page_roles as (
    select * from core.page_roles
),

spent as (
    select
        page_roles.page_id,
        sum(page_roles.size_bytes) filter (where page_roles.content_kind = 'article') as article_bytes,
        sum(page_roles.size_bytes) filter (where page_roles.content_kind = 'furniture') as furniture_bytes,
        sum(page_roles.size_bytes) filter (where page_roles.content_kind = 'advert') as advert_bytes,
        sum(page_roles.size_bytes) filter (where page_roles.content_kind = 'blank') as blank_bytes,
        sum(page_roles.size_bytes) filter (where page_roles.content_kind = 'unknown') as unknown_bytes
    from page_roles
    group by page_roles.page_id
),

final as (
    select
        pages.page_id,
        publishers.publisher_id,

        publishers.publisher_name,
        pages.language,
        pages.page_type,
        pages.captured_from,

        pages.size_bytes,
        cast(coalesce(spent.article_bytes, 0) as bigint) as article_bytes,
        cast(coalesce(spent.furniture_bytes, 0) as bigint) as furniture_bytes,
        cast(coalesce(spent.advert_bytes, 0) as bigint) as advert_bytes,
        cast(coalesce(spent.blank_bytes, 0) as bigint) as blank_bytes,
        cast(coalesce(spent.unknown_bytes, 0) as bigint) as unknown_bytes,
        pages.related_count,
        pages.confidence,

        pages.primary_count > 0 as has_primary,
        pages.is_damaged,
        pages.captured_from in ('mtime', 'inferred', 'none') as is_capture_weak,

        pages.captured_on,
        pages.captured_at
    from pages
    left join primaries on pages.page_id = primaries.page_id
    left join publishers on coalesce(pages.publisher_id, primaries.publisher_id) = publishers.publisher_id
    left join spent on pages.page_id = spent.page_id
)

select * from final
