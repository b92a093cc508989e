-- grain: one row per publisher and zone, because appearances are grouped by them
-- How many articles carry a date, how many dates could be put on the time line, and how exact they are.
-- columns:
--     publisher_id: publisher of the article; null when it prints none
--     publisher_name: name of the publisher
--     zone: primary, related or sibling
--     appearance_count: articles on pages
--     date_text_count: of these, with a printed publication date
--     dated_count: of these, with a place on the time line
--     ambiguous_count: articles with a date of more than one reading
--     relative_count: articles with a date that hangs on the capture time
--     hour_certain_count: articles whose publication is known to the hour or better
--     dated_share: dated_count over appearance_count, 0 to 1
--     median_interval_hours: median width of the publication intervals
with appearances as (
    select * from core.appearances
),

publication_dates as (
    select * from core.publication_dates
),

final as (
    select
        appearances.publisher_id,

        appearances.publisher_name,
        appearances.zone,

        count(*) as appearance_count,
        count(*) filter (where appearances.has_date_text) as date_text_count,
        count(*) filter (where appearances.is_dated) as dated_count,
        count(*) filter (where publication_dates.is_ambiguous) as ambiguous_count,
        count(*) filter (where publication_dates.is_relative) as relative_count,
        count(*) filter (where appearances.interval_hours <= 1) as hour_certain_count,
        count(*) filter (where appearances.is_dated) / count(*) as dated_share,
        median(appearances.interval_hours) as median_interval_hours
    from appearances
    left join publication_dates
        on appearances.page_id = publication_dates.page_id and appearances.position = publication_dates.position
    group by appearances.publisher_id, appearances.publisher_name, appearances.zone
    order by appearance_count desc, appearances.publisher_name, appearances.publisher_id, appearances.zone
)

select * from final
