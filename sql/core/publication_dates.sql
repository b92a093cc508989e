-- grain: one row per article on a page that prints when it was published, because date texts are grouped by it
-- What the printed publication dates of an article are like, of all that it prints on that page.
-- columns:
--     page_id: the page
--     position: 0 is the primary; 1 and up are the others in page order
--     is_ambiguous: one of them has more than one reading
--     is_relative: one of them is counted from the capture
--     is_written: one of them is written out
--     is_zone_known: one of them is written out, and its zone is written or the publisher's
--     is_zone_written: one of them is written out with its zone
with date_mentions as (
    select * from staging.date_mentions
),

final as (
    select
        date_mentions.page_id,
        date_mentions.position,

        bool_or(date_mentions.is_ambiguous) as is_ambiguous,
        bool_or(date_mentions.anchor = 'capture') as is_relative,
        bool_or(date_mentions.anchor = 'written') as is_written,
        bool_or(date_mentions.anchor = 'written' and date_mentions.zone_from <> 'none') as is_zone_known,
        bool_or(date_mentions.anchor = 'written' and date_mentions.zone_from = 'written') as is_zone_written
    from date_mentions
    where date_mentions.date_use = 'published' and date_mentions.position is not null
    group by date_mentions.page_id, date_mentions.position
)

select * from final
