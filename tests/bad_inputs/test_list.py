"""The list of bad inputs with the tests of each: as a user sees it, and in the module that first receives it."""

import ast
from pathlib import Path
from typing import Final

import pytest

TESTS: Final = Path(__file__).resolve().parents[1]

BAD_INPUTS: Final = {
    "an empty file": (
        "bad_inputs/test_documents.py::test_the_command_line_names_each_unreadable_file_with_the_reason",
        "bad_inputs/test_documents.py::test_the_inbox_puts_each_unreadable_file_aside_with_the_reason_and_one_log_line",
        "handlers/sources/documents/test_document.py::test_an_unreadable_document_is_refused_with_the_reason",
        "bot/web/test_api.py::test_an_unreadable_document_is_refused_with_the_reason",
    ),
    "a file of 200 MB": (
        "bad_inputs/test_documents.py::test_the_command_line_names_each_unreadable_file_with_the_reason",
        "bad_inputs/test_documents.py::test_the_inbox_puts_each_unreadable_file_aside_with_the_reason_and_one_log_line",
        "handlers/sources/fetch/test_client.py::test_a_body_over_the_limit_is_refused",
        "handlers/sources/fetch/test_client.py::test_a_gzip_bomb_is_refused_before_it_fills_the_memory",
    ),
    "a file that is not UTF-8": (
        "bad_inputs/test_documents.py::test_a_text_in_another_encoding_than_utf_8_is_read_correctly",
        "bad_inputs/test_documents.py::test_the_inbox_puts_each_unreadable_file_aside_with_the_reason_and_one_log_line",
        "handlers/sources/text/test_encoding.py::test_a_text_in_another_encoding_is_read",
        "handlers/sources/feeds/test_preparse.py::test_a_damaged_or_wrongly_encoded_feed_is_read",
    ),
    "HTML without a body": (
        "bad_inputs/test_documents.py::test_the_command_line_names_each_unreadable_file_with_the_reason",
        "bad_inputs/test_documents.py::test_the_inbox_puts_each_unreadable_file_aside_with_the_reason_and_one_log_line",
        "handlers/sources/documents/test_document.py::test_an_unreadable_document_is_refused_with_the_reason",
    ),
    "a feed that is an HTML page": (
        "bad_inputs/test_feeds.py::test_each_bad_feed_is_reported_once_and_the_others_are_read",
        "handlers/ingest/test_poll.py::test_a_web_page_in_place_of_a_feed_gives_an_error_with_the_feeds_it_names",
        "handlers/sources/feeds/test_feed.py::test_a_document_that_is_not_a_feed_is_refused_with_the_reason",
    ),
    "a feed with a billion laughs": (
        "bad_inputs/test_feeds.py::test_an_entity_bomb_is_never_expanded",
        "handlers/sources/feeds/test_preparse.py::test_an_entity_bomb_is_not_expanded",
    ),
    "a feed that never ends": (
        "bad_inputs/test_feeds.py::test_each_bad_feed_is_reported_once_and_the_others_are_read",
        "handlers/sources/fetch/test_client.py::test_a_response_that_never_ends_is_cut_off",
    ),
    "a headline with <!channel> and @everyone": (
        "bad_inputs/test_headlines.py::test_on_slack_nobody_is_mentioned",
        "bad_inputs/test_headlines.py::test_on_discord_nobody_is_mentioned",
        "bad_inputs/test_headlines.py::test_on_the_console_no_script_runs",
        "bot/slack/test_render.py::test_text_from_outside_never_becomes_markup",
        "bot/discord/test_render.py::test_text_from_outside_never_acts",
        "bot/console/test_render.py::test_text_from_outside_stays_text",
    ),
    "a query with an unclosed quote": (
        "bad_inputs/test_queries.py::test_in_chat_a_caret_points_at_the_unclosed_quotation_mark",
        "bad_inputs/test_queries.py::test_in_the_terminal_a_caret_points_at_the_unclosed_quotation_mark",
        "bot/cli/test_app.py::test_a_query_error_points_at_its_place_however_long_the_query_is",
        "handlers/topics/query/test_query.py::test_a_caret_is_printed_under_the_column_of_the_error",
    ),
    "a database that is locked": (
        "bad_inputs/test_database.py::test_while_the_database_is_locked_a_document_waits_in_the_inbox",
        "storage/test_driver_errors.py::test_the_error_of_a_locked_file_says_so",
    ),
    "a database that is full": (
        "bad_inputs/test_database.py::test_while_the_disk_is_full_a_document_waits_in_the_inbox",
        "storage/test_driver_errors.py::test_a_full_disk_rolls_the_change_back_and_the_error_says_so",
    ),
    "a database that is gone": (
        "bad_inputs/test_database.py::test_while_the_database_is_gone_a_document_waits_in_the_inbox_and_health_says_so",
        "bad_inputs/test_database.py::test_a_database_server_that_cannot_be_reached_is_named_without_its_password",
        "storage/test_engine.py::test_nothing_is_written_to_a_file_that_was_moved_while_it_was_open",
        "storage/test_driver_errors.py::test_a_lost_postgresql_connection_fails_one_transaction_only",
    ),
    "a port in use": ("bad_inputs/test_start.py::test_a_port_in_use_is_named_with_a_solution",),
    "a token that is wrong": (
        "bad_inputs/test_start.py::test_a_wrong_token_is_named_but_not_shown_and_everything_else_runs",
        "bot/slack/test_gateway.py::test_a_wrong_token_is_reported_by_the_name_of_its_setting",
        "bot/discord/test_gateway.py::test_a_wrong_token_is_named",
        "bot/web/test_api.py::test_with_an_api_token_posting_documents_requires_it",
    ),
}


@pytest.mark.parametrize("bad_input", BAD_INPUTS)
def test_each_bad_input_has_tests(bad_input: str) -> None:
    for test in BAD_INPUTS[bad_input]:
        file, _, name = test.partition("::")
        tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
        defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
        assert name in defined, f"{bad_input}: {file} has no test {name}"
