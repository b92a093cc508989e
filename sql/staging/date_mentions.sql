-- grain: one row per date text on a page, because it only renames the contract's date_mentions
-- Date texts as the models read them.
-- columns:
--     page_id: the page
--     byte_start: first byte of the text in the raw page
--     byte_end: first byte after the text
--     position: the appearance it belongs to; null when it belongs to none
--     date_use: what the date is for
--     date_form: name of the form it was read as
--     date_precision: the finest unit that was written
--     zone_from: where the time zone comes from
--     anchor: what fixes it on the time line: written, capture or none
--     is_ambiguous: more than one reading is possible
--     earliest_at: start of the interval that holds under any assumption
--     latest_at: end of the interval that holds under any assumption
with date_mentions as (
    select * from main.date_mentions
),

final as (
    select
        page_id,
        byte_start,
        byte_end,
        position,

        use as date_use,
        form as date_form,
        precision as date_precision,
        zone_from,
        anchor,

        is_ambiguous,

        earliest_at,
        latest_at
    from date_mentions
)

select * from final
