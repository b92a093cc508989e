-- grain: one row per publisher, because pages are grouped by it
-- What a page is made of, by publisher: text, adverts, furniture. The shares of a row add up to 1.
-- columns:
--     publisher_id: publisher of the pages; null when they name none
--     publisher_name: name of the publisher
--     page_count: pages
--     size_bytes: bytes of all of them
--     article_share: share of article text in the bytes, 0 to 1
--     advert_share: share of adverts and own promotions
--     furniture_share: share of navigation, legal lines and other furniture
--     blank_share: share of blanks and line ends
--     unknown_share: share that no rule could name
--     advert_page_count: pages with at least one advert
with pages as (
    select * from core.pages
),

final as (
    select
        pages.publisher_id,

        pages.publisher_name,

        count(*) as page_count,
        cast(sum(pages.size_bytes) as bigint) as size_bytes,
        sum(pages.article_bytes) / nullif(sum(pages.size_bytes), 0) as article_share,
        sum(pages.advert_bytes) / nullif(sum(pages.size_bytes), 0) as advert_share,
        sum(pages.furniture_bytes) / nullif(sum(pages.size_bytes), 0) as furniture_share,
        sum(pages.blank_bytes) / nullif(sum(pages.size_bytes), 0) as blank_share,
        sum(pages.unknown_bytes) / nullif(sum(pages.size_bytes), 0) as unknown_share,
        count(*) filter (where pages.advert_bytes > 0) as advert_page_count
    from pages
    group by pages.publisher_id, pages.publisher_name
    order by page_count desc, pages.publisher_name, pages.publisher_id
)

select * from final
