namespace LangGuard.Tests.Records;

internal static partial class PublicRecords
{
    private static PublicRecord[] Files =>
    [
        new("CVE-2024-3571, GHSA-rgp8-pm28-3759", "`..` in the key of a store", "MediationTests.Every_member_that_takes_a_name_refuses_one_that_leads_outside"),
        new("CVE-2024-7774", "`..` wrote, overwrote and deleted", "PathParserTests.Whatever_the_name_nothing_outside_is_read_or_changed"),
        new("CVE-2024-28088", "`..` in the last part of a path", "PracticeTests.Practice_S23_a_directory_is_a_limit_that_no_name_leaves"),
        new("CVE-2026-34070", "only the extension was checked", "FileAttackTests.Extensions_hold_for_every_way_of_naming_a_file"),
        new("CVE-2024-10940", "a template read any file as a picture", "NamesFromElsewhereTests.A_picture_for_a_prompt_is_read_inside_the_scope_only"),
        new("langchain attachment 26834322", "a link in an allowed folder was followed", "NamesFromElsewhereTests.A_link_to_outside_is_not_read_listed_looked_at_copied_or_moved"),
        new("deepagents #3035", "a loop of links was followed for ever", "NamesFromElsewhereTests.A_loop_of_links_ends"),
        new("deepagents #3039", "a linked file outside was read", "NamesFromElsewhereTests.A_link_to_outside_is_not_read_listed_looked_at_copied_or_moved"),
        new("deepagents #4588", "a pattern reached over the edge of a folder", "NamesFromElsewhereTests.A_pattern_grants_and_denies_no_more_than_it_says"),
        new("deepagents #4321", "a denied pattern held up other deletes", "NamesFromElsewhereTests.A_pattern_grants_and_denies_no_more_than_it_says"),
        new("deepagents #3131", "a helper did not inherit the limits", "PolicyPropertyTests.A_child_session_has_no_more_rights_than_its_parent"),
        new("CVE-2025-53109", "a link inside led outside", "NamesFromElsewhereTests.A_link_to_outside_is_not_read_listed_looked_at_copied_or_moved"),
        new("CVE-2025-53110", "a sibling directory with the same prefix", "PathParserTests.Refuses_what_is_beneath_no_root"),
        new("GHSA-53mr-w429-c597", "a directory was exchanged between check and use", "RaceTests.Nothing_outside_is_reached_while_names_are_exchanged"),
        new("GHSA-7rgq-gccq-qphx", "the check cleaned the name, the use did not", "PathParserTests.Whatever_the_name_nothing_outside_is_read_or_changed"),
        new("GHSA-4gxg-m5jx-9j57", "a tool that lists went without the check", "MediationTests.Every_member_is_on_the_reviewed_list"),
        new("CVE-2026-27967", "a link was followed", "NamesFromElsewhereTests.A_link_to_outside_is_not_read_listed_looked_at_copied_or_moved"),
        new("CVE-2026-32232", "a hard link to outside", "FileAttackTests.Hard_links_to_outside_or_to_denied_names_are_not_opened"),
        new("CVE-2026-77361", "the rule of a link's name held for its target", "NamesFromElsewhereTests.A_rule_holds_for_the_target_of_a_link_and_not_for_its_name"),
        new("CVE-2025-59944", "the list of sensitive files knew one letter case", "PracticeTests.Practice_S07_sensitive_files_are_closed_inside_a_granted_root"),
        new("CVE-2025-54130, CVE-2025-54135", "the agent wrote settings of its editor and of its tools", "SensitiveFilesTests.Denies_writing_but_not_reading_of"),
        new("CVE-2025-54136", "what was edited after the approval needed no new one", "ApprovalTextTests.An_overwrite_shows_the_difference_and_covers_no_other_content"),
        new("CVE-2025-55130", "chained relative links", "FileAttackTests.Links_are_made_only_to_what_stays_inside"),
        new("CVE-2026-39981, GHSA-qrm5-r67f-6692, CVE-2026-42867", "a name from a result became a path", "NamesFromElsewhereTests.A_name_in_a_response_is_no_better_than_any_other"),
        new("agent-framework PR 5842", "a dangling link counted as missing", "NamesFromElsewhereTests.A_link_to_outside_is_not_read_listed_looked_at_copied_or_moved"),
        new("Gemini CLI (July 2025)", "files moved into a folder that was not there replaced each other", "WipeTests.Moves_into_a_folder_that_was_never_made_lose_nothing"),
        new("gemini-cli #19729", "a folder of backups was deleted as temporary", "WipeTests.A_folder_that_looks_temporary_is_deleted_by_a_person_only"),
        new("Antigravity (December 2025)", "a clean-up deleted a drive", "LimitTests.Denies_a_recursive_delete_of_a_large_tree_whole"),
        new("CVE-2025-8217, nx s1ngularity", "planted orders to wipe a machine and to hunt for secrets", "WipeTests.A_planted_order_to_wipe_or_to_hunt_for_secrets_ends_at_the_limits"),
    ];
}
