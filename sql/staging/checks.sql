-- grain: one row per expectation on a table in a run, because it only renames the contract's checks
-- Results of the audits without their failing keys.
-- columns:
--     run_id: the run
--     suite: the table that was checked
--     expectation: name of the check
--     check_level: fail refuses the publish, warn is reported
--     failing_count: rows that broke it
--     is_success: the expectation held
with checks as (
    select * from main.checks
),

final as (
    select
        run_id,
        suite,
        expectation,

        level as check_level,

        failing_count,

        success as is_success
    from checks
)

select * from final
