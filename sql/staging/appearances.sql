-- grain: one row per article on a page, because it only renames the contract's appearances
-- Appearances as the models read them.
-- columns:
--     page_id: the page
--     position: 0 is the primary; 1 and up are the others in page order
--     article_id: the text
--     publisher_id: the publisher behind the printed source line; null when none is printed
--     zone: primary, related or sibling
--     title: the title as printed
--     date_text: the publication date as printed
--     published_precision: the finest unit that was written
--     body_status: how much of the body is there
--     size_bytes: from the first byte of the first segment to the last byte of the last
--     confidence: chance that its text is right, as measured on labelled pages
--     is_contiguous: no foreign segment stands inside the body
--     published_at: best point under the stated assumption
--     published_earliest_at: start of the interval that holds under any assumption
--     published_latest_at: end of the interval that holds under any assumption
with appearances as (
    select * from main.appearances
),

final as (
    select
        page_id,
        position,
        article_id,
        publisher_id,

        zone,
        title,
        date_text,
        published_precision,
        body_status,

        byte_end - byte_start as size_bytes,
        confidence,

        is_contiguous,

        published_at,
        published_earliest_at,
        published_latest_at
    from appearances
)

select * from final
