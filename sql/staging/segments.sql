-- grain: one row per segment, because it only renames the contract's segments
-- Segments without their text: what the models count.
-- columns:
--     page_id: the page
--     segment_no: order on the page, from 0
--     position: the appearance it belongs to; null in zone page
--     zone: primary, related, sibling or page
--     role: what the range is
--     size_bytes: length of the range
with segments as (
    select * from main.segments
),

final as (
    select
        page_id,
        segment_no,
        position,

        zone,
        role,

        byte_end - byte_start as size_bytes
    from segments
)

select * from final
