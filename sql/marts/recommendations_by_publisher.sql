-- grain: one row per recommending and recommended publisher, because recommendations are grouped by both
-- Who sends readers to whom.
-- columns:
--     from_publisher_name: publisher of the page; null when it is unknown
--     to_publisher_name: publisher of the recommended text; null when it is unknown
--     recommendation_count: recommended texts, a text counted on every page
--     page_count: pages of the recommending publisher with at least one
--     article_count: distinct texts recommended
--     share: recommendation_count over all recommendations of the recommending publisher, 0 to 1
--     median_age_gap_hours: how much older than the primary a recommendation is
with recommendations as (
    select * from marts.recommendations
),

counted as (
    select
        recommendations.from_publisher_name,
        recommendations.to_publisher_name,
        count(*) as recommendation_count,
        count(distinct recommendations.page_id) as page_count,
        count(distinct recommendations.to_article_id) as article_count,
        median(recommendations.age_gap_hours) as median_age_gap_hours
    from recommendations
    group by recommendations.from_publisher_name, recommendations.to_publisher_name
),

final as (
    select
        counted.from_publisher_name,
        counted.to_publisher_name,

        counted.recommendation_count,
        counted.page_count,
        counted.article_count,
        counted.recommendation_count / sum(counted.recommendation_count) over (partition by counted.from_publisher_name)
            as share,
        counted.median_age_gap_hours
    from counted
    order by counted.recommendation_count desc, counted.from_publisher_name, counted.to_publisher_name
)

select * from final
