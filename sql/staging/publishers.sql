-- grain: one row per publisher, because it only renames the contract's publishers
-- Publishers as the models read them.
-- columns:
--     publisher_id: sha256 of the folded name, first 16 digits
--     publisher_name: the spelling used most
--     publisher_kind: publisher, agency or aggregator
with publishers as (
    select * from main.publishers
),

final as (
    select
        publisher_id,

        name as publisher_name,
        kind as publisher_kind
    from publishers
)

select * from final
