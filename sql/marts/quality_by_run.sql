-- grain: one row per run that published, because checks are grouped by run before the join
-- How each run went: what came in, what was set aside, what the audit said, and what changed since the run before.
-- columns:
--     run_id: id of the generation it published
--     object_count: objects discovered
--     loaded_count: objects loaded
--     duplicate_count: objects with the bytes of another
--     set_aside_count: objects quarantined or refused
--     set_aside_share: set_aside_count over object_count, 0 to 1
--     object_bytes: bytes of all objects
--     check_count: checks run
--     warned_count: warn-level checks that did not hold
--     failing_rows: rows that broke a check that did not hold
--     object_change: objects more or less than in the run before; null for the first run
--     set_aside_share_change: difference of set_aside_share to the run before
--     warned_change: checks that warn, more or less than in the run before
--     failing_rows_change: difference of failing_rows to the run before
--     run_seconds: wall-clock seconds of the run
--     started_at: wall clock at the start
with runs as (
    select * from main.runs
),

checks as (
    select * from staging.checks
),

checked as (
    select
        checks.run_id,
        count(*) as check_count,
        count(*) filter (where not checks.is_success and checks.check_level = 'warn') as warned_count,
        sum(checks.failing_count) filter (where not checks.is_success) as failing_rows
    from checks
    group by checks.run_id
),

counted as (
    select
        runs.run_id,

        runs.object_count,
        runs.loaded_count,
        runs.duplicate_count,
        runs.quarantined_count + runs.refused_count as set_aside_count,
        (runs.quarantined_count + runs.refused_count) / nullif(runs.object_count, 0) as set_aside_share,
        runs.object_bytes,
        coalesce(checked.check_count, 0) as check_count,
        coalesce(checked.warned_count, 0) as warned_count,
        cast(coalesce(checked.failing_rows, 0) as bigint) as failing_rows,
        date_diff('millisecond', runs.started_at, runs.finished_at) / 1000 as run_seconds,

        runs.started_at
    from runs
    left join checked on runs.run_id = checked.run_id
),

final as (
    select
        counted.run_id,

        counted.object_count,
        counted.loaded_count,
        counted.duplicate_count,
        counted.set_aside_count,
        counted.set_aside_share,
        counted.object_bytes,
        counted.check_count,
        counted.warned_count,
        counted.failing_rows,
        counted.object_count - lag(counted.object_count) over in_time as object_change,
        counted.set_aside_share - lag(counted.set_aside_share) over in_time as set_aside_share_change,
        counted.warned_count - lag(counted.warned_count) over in_time as warned_change,
        counted.failing_rows - lag(counted.failing_rows) over in_time as failing_rows_change,
        counted.run_seconds,

        counted.started_at
    from counted
    window in_time as (order by counted.started_at, counted.run_id)
    order by counted.started_at, counted.run_id
)

select * from final
