"""Defects: each a name, the statements that put it into a good generation, and the checks that must find it.

`{page}` stands for a page with a primary and two others, all of its rows in order. The first check of a defect is the
one that is meant for it; a defect often breaks more, and those are listed too, because a check that fires where nobody
expects it is a false alarm.
"""

# ruff: noqa: E501 - one defect a line reads as a table

from __future__ import annotations

from dataclasses import dataclass

from cuttings.contract import TABLES


@dataclass(frozen=True)
class Mutation:
    """One defect kind. `fires` are `suite.check`; `previous` statements change the generation before instead."""

    name: str
    statements: tuple[str, ...]
    fires: tuple[str, ...]
    previous: tuple[str, ...] = ()


def _one(table: str, where: str = "true") -> str:
    """A condition that holds for the first row by key."""
    key = ", ".join(TABLES[table].key)
    return f"({key}) = (select ({key}) from main.{table} where {where} order by {key} limit 1)"


def _set(table: str, change: str, where: str = "true") -> tuple[str, ...]:
    return (f"update main.{table} set {change} where {_one(table, where)}",)


def _all(table: str, change: str, where: str = "true") -> tuple[str, ...]:
    return (f"update main.{table} set {change} where {where}",)


def _twice(table: str) -> tuple[str, ...]:
    return (f"insert into main.{table} select * from main.{table} where {_one(table)}",)


_RUN = (
    "insert into main.runs values ('r', '2025-03-01 10:00:00+00', '2025-03-01 10:00:01+00', 4, 40, 1, 10, 1, 10, 1, 10, "
    "1, 10, 'c', 'd', 'e')"
)
_CHECK = "insert into main.checks values ('r', 'pages', 'key_is_unique', 'fail', true, null, 0, [])"


# Checks that are derived from the contract, by table: a repeated key, a null in the key, a required column left empty,
# a value outside its list, a reference to nothing. Generated, so that a new column is covered the day it is added.
def contract_mutations() -> list[Mutation]:
    found = []
    for table in TABLES.values():
        history = {"runs": (_RUN,), "checks": (_RUN, _CHECK)}.get(table.name, ())
        found.append(
            Mutation(f"{table.name}: a row twice", (*history, *_twice(table.name)), (f"{table.name}.key_is_unique",))
        )
        for name in table.key:
            found.append(
                Mutation(
                    f"{table.name}: {name} is null",
                    (*history, *_set(table.name, f"{name} = null")),
                    (f"{table.name}.{name}_is_not_null",),
                )
            )
        for column in table.columns:
            if not column.is_nullable and column.name not in table.key:
                found.append(
                    Mutation(
                        f"{table.name}: {column.name} is null",
                        (*history, *_set(table.name, f'"{column.name}" = null')),
                        (f"{table.name}.required_columns_are_filled",),
                    )
                )
            if column.values is not None:
                found.append(
                    Mutation(
                        f"{table.name}: {column.name} is none of its list",
                        (*history, *_set(table.name, f"{column.name} = 'none of them'")),
                        (f"{table.name}.{column.name}_is_in_its_list",),
                    )
                )
            if column.references is not None:
                found.append(
                    Mutation(
                        f"{table.name}: {column.name} points to nothing",
                        (*history, *_set(table.name, f"{column.name} = 'nowhere'")),
                        (f"{table.name}.{column.name}_resolves",),
                    )
                )
    return found


_FAR = "timestamptz '2090-01-01 00:00:00+00'"
_OLD = "timestamptz '1980-01-01 00:00:00+00'"
_EMPTY_PREVIOUS = tuple(f"delete from main.{name}" for name in TABLES)

PRODUCT_MUTATIONS: tuple[Mutation, ...] = (
    # files
    Mutation("an object vanished", (f"delete from main.files where {_one('files', 'disposition = ' + repr('refused'))}",), ("files.objects_are_conserved",)),
    Mutation("some bytes vanished", _set("files", "size_bytes = size_bytes - 1"), ("files.objects_are_conserved",)),
    Mutation("a name twice", _set("files", "source_name = (select max(source_name) from main.files)"), ("files.names_are_unique",)),
    Mutation("a loaded object without its page", _set("files", "page_id = null", "disposition = 'loaded'"), ("files.a_page_stands_exactly_where_bytes_were_accepted", "pages.a_page_was_loaded_once")),
    Mutation("a refused object with a page", _set("files", "page_id = (select min(page_id) from main.pages)", "disposition = 'refused'"), ("files.a_page_stands_exactly_where_bytes_were_accepted",)),
    Mutation("another digest than its page", _set("files", "content_sha256 = repeat('0', 64)", "disposition = 'loaded'"), ("files.the_page_is_the_content",)),
    Mutation("refused for no reason", _set("files", "reason = null", "disposition = 'refused'"), ("files.what_was_set_aside_has_a_reason",)),
    Mutation("quarantined and lost", ("delete from main.quarantine",), ("files.what_was_quarantined_can_be_driven_again",)),
    Mutation("a negative size", _set("files", "size_bytes = -1"), ("files.size_is_not_negative",)),
    Mutation("an object captured by nothing", _set("files", "captured_from = 'none'", "captured_at is not null"), ("files.a_capture_time_has_a_source",)),
    Mutation("most objects refused", _all("files", "disposition = 'refused', reason = 'symlink', page_id = null"), ("files.few_objects_were_set_aside",)),
    Mutation("most objects are copies", _all("files", "disposition = 'duplicate'", "disposition = 'loaded'"), ("files.few_objects_are_copies",)),
    # pages
    Mutation("a page id that is no digest", _set("pages", "page_id = upper(page_id)"), ("pages.page_id_is_a_digest",)),
    Mutation("a page loaded twice", _all("files", "disposition = 'loaded'", "disposition = 'duplicate'"), ("pages.a_page_was_loaded_once",)),
    Mutation("a page from no object", ("delete from main.files where page_id = (select min(page_id) from main.pages)",), ("pages.a_page_was_loaded_once",)),
    Mutation("a page of negative size", _set("pages", "size_bytes = -1"), ("pages.size_is_not_negative",)),
    Mutation("two primaries", _set("pages", "primary_count = 2"), ("pages.at_most_one_primary", "pages.counts_agree_with_appearances")),
    Mutation("a related article counted that is not there", _set("pages", "related_count = related_count + 1"), ("pages.counts_agree_with_appearances",)),
    Mutation("surer than sure of a page", _set("pages", "confidence = 1.5"), ("pages.confidence_is_a_share",)),
    Mutation("a language with its region", _set("pages", "language = 'en-GB'"), ("pages.language_is_a_code",)),
    Mutation("a page captured by nothing", _set("pages", "captured_from = 'none'", "captured_at is not null"), ("pages.a_capture_time_has_a_source",)),
    Mutation("a capture outside its interval", _set("pages", "captured_latest_at = captured_at - interval 1 hour, captured_earliest_at = captured_at - interval 2 hours", "captured_at is not null"), ("pages.capture_interval_is_ordered",)),
    Mutation("half a capture interval", _set("pages", "captured_latest_at = null", "captured_at is not null"), ("pages.capture_interval_is_ordered",)),
    Mutation("a clock of 1980", _set("pages", f"captured_at = {_OLD}, captured_earliest_at = {_OLD}, captured_latest_at = {_OLD}", "captured_at is not null"), ("pages.captures_lie_in_the_age_of_the_web",)),
    Mutation("no capture known", _all("pages", "captured_at = null, captured_from = 'none', captured_earliest_at = null, captured_latest_at = null"), ("pages.most_captures_are_known",)),
    Mutation("all pages damaged", _all("pages", "is_damaged = true"), ("pages.few_pages_are_damaged",)),
    Mutation("no page type known", _all("pages", "page_type = 'unknown'"), ("pages.few_pages_of_an_unknown_type",)),
    Mutation("no language known", _all("pages", "language = null"), ("pages.most_languages_are_known",)),
    Mutation("articles without a primary", (*_all("pages", "page_type = 'article'", "primary_count = 0"), *_all("pages", "page_type = 'index'", "primary_count = 1 and page_id > '4'")), ("pages.article_pages_have_a_primary",)),
    Mutation("doubtful cuts", _all("pages", "confidence = 0.3"), ("pages.few_doubtful_cuts",)),
    Mutation("most pages gone", (), ("pages.the_warehouse_did_not_shrink",), _all("pages", "page_id = sha256(page_id)")),
    Mutation("stale captures", (), ("pages.captures_do_not_go_stale",), (f"delete from main.pages where {_one('pages')}", *_all("pages", f"captured_at = {_FAR}", "captured_at is not null"))),
    Mutation("page types drifted", (), ("pages.page_types_did_not_drift",), _all("pages", "page_type = 'live'")),
    Mutation("languages drifted", (), ("pages.languages_did_not_drift",), _all("pages", "language = 'fr'")),
    # segments
    Mutation("a gap between segments", _set("segments", "byte_end = byte_end - 1", "segment_no = 4"), ("segments.segments_tile_the_page",)),
    Mutation("segments overlap", _set("segments", "byte_start = byte_start - 1", "segment_no = 4"), ("segments.segments_tile_the_page",)),
    Mutation("a segment is missing", (f"delete from main.segments where {_one('segments', 'segment_no = 1')}",), ("segments.segments_tile_the_page",)),
    Mutation("the first segment is missing", (f"delete from main.segments where {_one('segments', 'segment_no = 0')}",), ("segments.segments_tile_the_page",)),
    Mutation("the last segment is missing", ("delete from main.segments where (page_id, segment_no) = (select (page_id, max(segment_no)) from main.segments group by page_id order by page_id limit 1)",), ("segments.segments_tile_the_page",)),
    Mutation("a page without segments", ("delete from main.segments where page_id = (select min(page_id) from main.pages)",), ("segments.segments_tile_the_page", "appearances.every_appearance_has_segments")),
    Mutation("two segments changed places", ("update main.segments set segment_no = case segment_no when 2 then 4 else 2 end where page_id = (select min(page_id) from main.pages) and segment_no in (2, 4)",), ("segments.segments_tile_the_page",)),
    Mutation("the page is longer than its segments", _set("pages", "size_bytes = size_bytes + 1"), ("segments.segments_tile_the_page",)),
    Mutation("an empty segment", _set("segments", "byte_end = byte_start", "segment_no = 3"), ("segments.segments_are_not_empty", "segments.segments_tile_the_page")),
    Mutation("furniture with a position", _set("segments", "position = 1", "zone = 'page'"), ("segments.furniture_alone_has_no_position", "segments.segments_belong_to_their_appearance")),
    Mutation("text of no article", _set("segments", "position = null", "role = 'body'"), ("segments.furniture_alone_has_no_position",)),
    Mutation("a segment of an article that is not there", _set("segments", "position = 99", "role = 'body'"), ("segments.segments_belong_to_their_appearance",)),
    Mutation("a segment in another zone than its article", _set("segments", "zone = 'sibling'", "zone = 'primary'"), ("segments.segments_belong_to_their_appearance",)),
    Mutation("surer than sure of a segment", _set("segments", "confidence = -0.1"), ("segments.confidence_is_a_share",)),
    Mutation("words in the white space", _set("segments", "text = 'lost words'", "role = 'ws'"), ("segments.white_space_is_white",)),
    Mutation("unknown bytes", _all("segments", "role = 'unknown'", "role = 'body'"), ("segments.few_unknown_bytes",)),
    Mutation("related titles in the primary bodies", ("update main.segments set role = 'body', text = found.title from main.appearances as found where segments.page_id = found.page_id and found.position = 1 and segments.position = 0 and segments.role = 'title'",), ("segments.few_leak_suspects",)),
    Mutation("roles drifted", (), ("segments.roles_did_not_drift",), _all("segments", "role = 'comments'", "role = 'body'")),
    Mutation("more bytes than before that no rule names", _all("segments", "role = 'unknown'", "role = 'body'"), ("segments.unknown_share_did_not_grow",)),
    # appearances
    Mutation("a gap in the positions", _set("appearances", "position = 50", "position = 1"), ("appearances.positions_have_no_gap",)),
    Mutation("a primary at another place", _set("appearances", "zone = 'primary'", "position = 1"), ("appearances.the_primary_stands_at_0", "pages.counts_agree_with_appearances")),
    Mutation("others out of order", ("update main.appearances set byte_start = byte_start - 1000000, byte_end = byte_end where position = 2 and page_id = (select min(page_id) from main.appearances where position = 2)",), ("appearances.positions_follow_the_page", "appearances.bytes_lie_on_the_page")),
    Mutation("an article beyond the page", _set("appearances", "byte_end = byte_end + 1000000"), ("appearances.bytes_lie_on_the_page",)),
    Mutation("an invented article", ("delete from main.segments where position = 1 and page_id = (select min(page_id) from main.appearances where position = 1)",), ("appearances.every_appearance_has_segments", "segments.segments_tile_the_page")),
    Mutation("a publication interval reversed", _set("appearances", "published_earliest_at = published_latest_at + interval 1 day", "published_at is not null"), ("appearances.published_interval_is_ordered",)),
    Mutation("a publication outside its interval", _set("appearances", "published_at = published_latest_at + interval 1 day", "published_at is not null"), ("appearances.published_interval_is_ordered",)),
    Mutation("half a publication interval", _set("appearances", "published_latest_at = null", "published_at is not null"), ("appearances.published_interval_is_ordered",)),
    Mutation("a date that nobody printed", _set("appearances", "date_text = null", "published_at is not null"), ("appearances.a_date_was_printed",)),
    Mutation("a date of no precision", _set("appearances", "published_precision = null", "published_at is not null"), ("appearances.a_date_has_a_precision",)),
    Mutation("an inferred publisher", _set("appearances", "source_name = null", "publisher_id is not null"), ("appearances.a_publisher_was_printed",)),
    Mutation("surer than sure of an article", _set("appearances", "confidence = 2"), ("appearances.confidence_is_a_share",)),
    Mutation("published after captured", _all("appearances", f"published_at = {_FAR}, published_earliest_at = {_FAR}, published_latest_at = {_FAR}", "published_at is not null"), ("appearances.few_published_after_captured", "articles.the_date_comes_from_an_appearance")),
    Mutation("printed dates nobody understood", _all("appearances", "published_at = null, published_earliest_at = null, published_latest_at = null, date_text = 'yestreen'", "date_text is not null"), ("appearances.most_printed_dates_are_read",)),
    Mutation("articles without a title", _all("appearances", "title = null"), ("appearances.most_articles_have_a_title",)),
    Mutation("paragraphs for titles", _all("appearances", "title = repeat('word ', 100)"), ("appearances.titles_are_short",)),
    Mutation("one title over everything", _all("appearances", "title = 'Read more'"), ("appearances.titles_are_no_furniture",)),
    Mutation("primaries without a body", _all("appearances", "body_status = 'absent'"), ("appearances.most_primaries_have_a_body",)),
    Mutation("the same text all over a page", _all("appearances", "article_id = (select min(article_id) from main.articles)"), ("appearances.few_texts_twice_on_a_page",)),
    Mutation("a publisher fell silent", _all("appearances", "publisher_id = null", "publisher_id = (select publisher_id from main.appearances where publisher_id is not null group by publisher_id order by count(*) desc, publisher_id limit 1)"), ("appearances.publishers_did_not_fall_silent",)),
    Mutation("dates are no longer found", _all("appearances", "published_at = null, published_earliest_at = null, published_latest_at = null"), ("appearances.date_coverage_did_not_drop",)),
    # articles
    Mutation("an article that appears nowhere", ("insert into main.articles select * replace ('nowhere' as article_id, null as story_id, null as published_at, null as published_earliest_at, null as published_latest_at, null as published_from) from main.articles limit 1",), ("articles.every_article_appears",)),
    Mutation("appearances miscounted", _set("articles", "appearance_count = appearance_count + 1"), ("articles.every_article_appears",)),
    Mutation("a full body without text", _set("articles", "body = '', word_count = 0"), ("articles.a_body_is_there_when_it_says_so",)),
    Mutation("words of no body", _set("articles", "body = '', body_status = 'absent'"), ("articles.words_are_counted",)),
    Mutation("an article's interval reversed", _set("articles", "published_earliest_at = published_latest_at + interval 1 day", "published_at is not null"), ("articles.published_interval_is_ordered",)),
    Mutation("a date from a page that does not show it", _set("articles", "published_from = (select max(page_id) from main.pages)", "published_from is not null"), ("articles.the_date_comes_from_an_appearance",)),
    Mutation("a date from nowhere", _set("articles", "published_from = null", "published_from is not null"), ("articles.the_date_comes_from_an_appearance",)),
    Mutation("a later first capture", _set("articles", "first_captured_at = first_captured_at + interval 1 day", "first_captured_at is not null"), ("articles.first_capture_is_the_earliest",)),
    Mutation("an article in a long language", _set("articles", "language = 'English'"), ("articles.language_is_a_code",)),
    Mutation("tiny bodies", _all("articles", "word_count = 3"), ("articles.few_tiny_bodies",)),
    Mutation("giant bodies", _all("articles", "word_count = 30000"), ("articles.few_giant_bodies",)),
    Mutation("no text is dated", _all("articles", "published_at = null"), ("articles.most_texts_are_dated",)),
    Mutation("texts of 1980", _all("articles", f"published_at = {_OLD}, published_earliest_at = {_OLD}, published_latest_at = {_OLD}", "published_at is not null"), ("articles.dates_lie_in_the_age_of_the_web",)),
    Mutation("articles shrank", (), ("articles.articles_did_not_shrink",), _all("articles", "word_count = word_count * 5")),
    # date_mentions
    Mutation("a date beyond the page", _set("date_mentions", "byte_end = 10000000"), ("date_mentions.bytes_lie_on_the_page",)),
    Mutation("a date's interval reversed", _set("date_mentions", "latest_at = earliest_at - interval 1 day", "earliest_at is not null"), ("date_mentions.interval_is_ordered",)),
    Mutation("half a date's interval", _set("date_mentions", "latest_at = null", "earliest_at is not null"), ("date_mentions.interval_is_ordered",)),
    Mutation("a guess that looks like a reading", _set("date_mentions", "anchor = 'none'", "earliest_at is not null"), ("date_mentions.a_date_without_anchor_has_no_interval",)),
    Mutation("a relative date on a page of unknown capture", _all("pages", "captured_at = null, captured_from = 'none', captured_earliest_at = null, captured_latest_at = null", "page_id in (select page_id from main.date_mentions where anchor = 'capture')"), ("date_mentions.an_anchored_date_knows_its_capture",)),
    Mutation("a date of an article that is not there", _set("date_mentions", "position = 99"), ("date_mentions.dates_belong_to_an_appearance",)),
    Mutation("the other reading was dropped", _set("date_mentions", "is_ambiguous = true, alternatives = []", "earliest_at is not null"), ("date_mentions.other_readings_are_kept",)),
    Mutation("another reading reversed", _set("date_mentions", f"alternatives = [{{'earliest_at': {_FAR}, 'latest_at': {_OLD}}}]"), ("date_mentions.other_readings_are_ordered",)),
    Mutation("a written zone was dropped", _set("date_mentions", "zone_written = null", "zone_from = 'written'"), ("date_mentions.a_written_zone_is_kept",)),
    Mutation("surer than sure of a date", _set("date_mentions", "confidence = 7"), ("date_mentions.confidence_is_a_share",)),
    Mutation("every date ambiguous", _all("date_mentions", "is_ambiguous = true, alternatives = [{'earliest_at': earliest_at, 'latest_at': latest_at}]"), ("date_mentions.few_ambiguous_dates",)),
    Mutation("no date placed", _all("date_mentions", "anchor = 'none', earliest_at = null, latest_at = null, instant_at = null"), ("date_mentions.most_dates_are_on_the_time_line",)),
    Mutation("dates in the future", _all("date_mentions", f"earliest_at = {_FAR}, latest_at = {_FAR}, instant_at = {_FAR}"), ("date_mentions.few_dates_in_the_future",)),
    # repairs
    Mutation("a repair of no article", _set("repairs", "position = 99"), ("repairs.repairs_belong_to_an_appearance",)),
    Mutation("a repair beyond the page", _set("repairs", "byte_at = 10000000"), ("repairs.bytes_lie_on_the_page",)),
    Mutation("an invented mending", _set("repairs", "kind = 'lost_value', after = 'a guess'"), ("repairs.a_loss_is_not_mended",)),
    # publishers
    Mutation("a publisher without a name", _set("publishers", "name = ''"), ("publishers.names_are_printable",)),
    Mutation("two publishers of one name", _all("publishers", "name = 'The Post'"), ("publishers.names_are_unique",)),
    Mutation("a publisher nobody spells", ("insert into main.publishers values ('0000', 'Ghost', 'publisher')",), ("publishers.every_publisher_has_a_spelling",)),
    Mutation("an empty spelling", _set("publisher_aliases", "alias = ' '"), ("publisher_aliases.aliases_are_printable",)),
    # stories
    Mutation("texts of a story miscounted", _set("stories", "article_count = article_count + 1"), ("stories.texts_are_counted",)),
    Mutation("a stranger stands for a story", _set("stories", "representative_article_id = (select max(article_id) from main.articles)"), ("stories.the_representative_is_one_of_them",)),
    Mutation("a later first publication", _set("stories", "first_published_at = first_published_at + interval 1 day", "first_published_at is not null"), ("stories.first_publication_is_the_earliest",)),
    Mutation("one story for everything", _all("stories", "article_count = 10000"), ("stories.no_giant_story", "stories.texts_are_counted")),
    # template_lines
    Mutation("a share over one", _set("template_lines", "share = 1.2"), ("template_lines.share_is_a_share",)),
    Mutation("last seen before first", _set("template_lines", "last_seen = first_seen - interval 1 day"), ("template_lines.seen_in_order",)),
    Mutation("a site changed its template", (), ("template_lines.few_templates_changed",), ("insert into main.template_lines select lines.* replace (line_hash || extra as line_hash) from main.template_lines as lines, unnest(['a', 'b', 'c', 'd']) as t(extra)",)),
    # quarantine
    Mutation("a loaded object in quarantine", _set("quarantine", "file_id = (select min(file_id) from main.files where disposition = 'loaded')"), ("quarantine.quarantined_objects_say_so",)),
    Mutation("kept bytes outside the warehouse", _set("quarantine", "bytes_kept_at = '../../etc/passwd'"), ("quarantine.kept_bytes_lie_in_the_warehouse",)),
    # history
    Mutation("a run that lost an object", (_RUN, "update main.runs set object_count = 5"), ("runs.objects_were_conserved",)),
    Mutation("a run that lost a byte", (_RUN, "update main.runs set object_bytes = 41"), ("runs.objects_were_conserved",)),
    Mutation("a run on a clock set back", (_RUN, "update main.runs set finished_at = started_at - interval 1 hour"), ("runs.runs_end_after_they_start",)),
    Mutation("a refused run in the history", (_RUN, _CHECK, "update main.checks set success = false, failing_count = 1"), ("checks.a_published_run_passed",)),
    Mutation("a failure of no row", (_RUN, _CHECK, "update main.checks set success = false, level = 'warn'"), ("checks.failing_rows_are_counted",)),
)  # fmt: skip
