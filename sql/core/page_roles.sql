-- grain: one row per page, zone and role, because segments are grouped by them
-- How many bytes of each page are what; the only model that reads every segment.
-- columns:
--     page_id: the page
--     zone: primary, related, sibling or page
--     role: what the bytes are
--     content_kind: article, furniture, advert, blank or unknown: a coarser split of all bytes
--     segment_count: segments of this zone and role
--     size_bytes: their bytes
with segments as (
    select * from staging.segments
),

final as (
    select
        segments.page_id,

        segments.zone,
        segments.role,
        case
            when segments.role = 'ws' then 'blank'
            when segments.role = 'unknown' then 'unknown'
            when segments.role in ('ad', 'promo') then 'advert'
            when segments.zone = 'page' then 'furniture'
            else 'article'
        end as content_kind,

        count(*) as segment_count,
        cast(sum(segments.size_bytes) as bigint) as size_bytes
    from segments
    group by segments.page_id, segments.zone, segments.role
)

select * from final
