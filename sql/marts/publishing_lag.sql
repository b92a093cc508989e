-- grain: one row per publisher, because the primaries are grouped by it
-- How old a primary article is when its page is fetched. Only primaries count, because related articles are old on
-- purpose; only captures with strong evidence count, because a weak one moves the lag by days.
-- columns:
--     publisher_id: publisher of the article; null when it prints none
--     publisher_name: name of the publisher
--     page_count: pages with a dated primary and a strong capture time
--     lag_hours_p10: a tenth of the primaries were fetched sooner after publication
--     lag_hours_median: half of the primaries were fetched sooner
--     lag_hours_p90: nine tenths of the primaries were fetched sooner
--     interval_hours_median: median width of the publication intervals: how exact the lag can be
--     future_count: primaries whose publication lies after the capture, whatever the time zone
with appearances as (
    select * from core.appearances
),

lags as (
    select
        appearances.publisher_id,
        appearances.publisher_name,
        appearances.age_hours,
        appearances.interval_hours,
        appearances.published_earliest_at > appearances.captured_at as is_future
    from appearances
    where appearances.position = 0 and appearances.age_hours is not null and not appearances.is_capture_weak
),

final as (
    select
        lags.publisher_id,

        lags.publisher_name,

        count(*) as page_count,
        quantile_cont(lags.age_hours, 0.1) as lag_hours_p10,
        quantile_cont(lags.age_hours, 0.5) as lag_hours_median,
        quantile_cont(lags.age_hours, 0.9) as lag_hours_p90,
        median(lags.interval_hours) as interval_hours_median,
        count(*) filter (where lags.is_future) as future_count
    from lags
    group by lags.publisher_id, lags.publisher_name
    order by page_count desc, lags.publisher_name, lags.publisher_id
)

select * from final
