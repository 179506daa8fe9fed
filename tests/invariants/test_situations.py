"""Each situation that the design says must hold has a test, found here by its name."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.support.home import ROOT

# The situation as the design says it, in a few words; the folder, and the test without `test_`.
SITUATIONS: Mapping[str, tuple[str, ...]] = {
    # Parents
    "a divorced father with authority": (
        "families a_divorced_father_with_authority_opens_what_is_shared_and_nothing_of_the_mother",
    ),
    "a court ends his authority today": (
        "families a_court_ends_his_authority_today_and_the_next_request_is_404",
        "families an_open_stream_gives_nothing_after_a_withdrawal",
        "families a_mail_that_waited_is_not_sent",
    ),
    "a father without authority": (
        "families a_father_without_authority_sees_only_what_is_about_himself",
        "rights the_father_asks_by_the_pages_and_reads_what_was_released_and_no_more",
        "rights never_more_than_the_other_parent_gets",
    ),
    "one parent withdraws consent": (
        "families one_parent_withdraws_consent_and_sharing_with_school_stops_at_once",
        "shares one_parent_withdraws_consent_to_share_with_school_and_the_other_does_not",
    ),
    "sole authority that is claimed": (
        "families sole_authority_that_was_only_declared_lapses_after_14_days",
    ),
    "a stepfather with an unlocked phone": (
        "people after_a_quarter_of_an_hour_a_page_asks_who_is_there",
        "families the_mothers_partner_sees_no_compartment_of_the_child",
    ),
    "a foster parent without authority": (
        "families a_foster_parent_without_authority_sees_along_when_who_decides_agrees",
        "families with_a_yes_what_is_about_a_parent_is_still_not_told",
        "families nor_who_decided_before",
    ),
    "a family supervisor": (
        "families a_family_supervisor_joins_on_the_ground_of_the_court_whatever_anyone_says",
        "matching parents_read_on_what_it_rests_and_until_when_and_their_no_is_heard_elsewhere",
    ),
    # Child
    "birthdays at midnight": (
        "families at_twelve_the_own_record_opens_for_the_child_at_midnight",
        "families a_birthday_acts_at_midnight_for_who_raises",
        "kernel whoever_was_born_on_29_february_has_it_on_1_march_in_other_years",
    ),
    "14, don't tell my parents": ("families fourteen_years_dont_tell_my_parents",),
    "9, tells of abuse": (
        "families a_9_year_old_tells_of_abuse_and_only_who_is_named_sees_what_is_kept_of_it",
        "families of_a_child_of_9_too_where_who_was_told_says_why_in_own_words",
        "safety the_family_s_bytes_are_the_same_before_and_after",
        "safety hours_and_invoice_give_nothing_away_of_a_worry",
    ),
    "16, consents to one parent": (
        "families 16_agrees_to_one_parent_and_the_other_cannot_tell_that_there_is_a_record",
    ),
    "12, the trauma of a parent": ("families 12_sees_nothing_of_what_is_about_a_parent",),
    "17, not capable": (
        "families one_alone_changes_nothing_and_two_let_the_parents_decide_until_the_end_of_the_last_day",
    ),
    "18, asks destruction": (
        "safety 18_asks_destruction_done_within_three_months_backups_included_and_parents_cannot_ask_it",
    ),
    # Address and violence
    "a mother in a shelter": (
        "operations a_mother_in_a_shelter_is_found_by_who_may_and_nowhere_by_the_father",
    ),
    "a coach types a street": ("safety a_coach_who_types_a_street_in_a_shared_text_is_warned_before_saving",),
    "a photo with GPS": ("files a_photo_with_gps_is_gone_from_what_is_kept_and_what_anybody_opens",),
    "a father works for a partner": (
        "families the_own_family_is_closed_to_a_father_who_works_for_a_partner",
        "safety who_searches_the_own_child_finds_nobody_and_it_is_told_once",
    ),
    "a volunteer": (
        "opentent the_responder_has_no_name_for_the_family_until_both_said_yes",
        "opentent a_volunteer_sees_neighbourhood_and_task_and_the_address_only_after_both_and_a_yes_to_that",
    ),
    # Professionals
    "a colleague who is not in the tent": (
        "families a_colleague_who_is_not_in_the_tent_gets_what_nobody_gets",
        "safety five_refusals_in_ten_minutes_alert_the_privacy_officer_once",
    ),
    "somebody leaves the employer": (
        "families somebody_leaves_the_employer_at_five_and_what_was_open_is_shut",
        "people open_streams_end_within_a_second",
    ),
    "provider X is replaced by Y": (
        "matching provider_x_is_replaced_by_y_and_y_sees_only_what_the_family_agrees",
    ),
    "a GP": (
        "families a_child_of_13_refuses_it_is_not_shareable_and_the_coach_finds_nothing",
        "families until_the_yes_nothing_is_there_and_after_it_the_gp_takes_part_for_a_year",
    ),
    "Veilig Thuis asks": (
        "safety only_the_chosen_pieces_leave_after_a_second_person_agreed",
        "safety each_kind_of_the_record_leaves_by_itself_and_nothing_with_it",
    ),
    "a crisis worker at night": (
        "safety it_ends_in_mid_page_after_sixty_minutes",
        "safety a_volunteer_finance_an_administrator_and_the_family_never_can",
    ),
    "a trainee": ("families a_trainee_works_under_a_supervisor_and_the_log_shows_both",),
    # Municipality and money
    "a finance clerk": ("safety a_finance_clerk_reads_codes_units_and_amounts_and_no_way_to_a_record",),
    "a councillor": (
        "learning too_few_families_show_nothing_at_all",
        "learning two_looks_at_the_figures_never_differ_by_one_family",
        "learning no_two_views_give_a_number_or_a_difference_of_one_to_nine",
        "kernel no_small_number_is_shown_and_none_remains_by_subtracting",
    ),
    "a database administrator": (
        "operations a_dump_of_the_whole_database_holds_no_word_of_a_family",
        "audit a_tail_that_was_cut_is_seen_by_the_anchor_alone",
    ),
    "an administrator grants themself a part": ("people an_administrator_grants_themself_a_part",),
    "who enters, approves and pays": (
        "billing who_sent_an_invoice_does_not_pay_it",
        "billing who_asks_does_not_agree_whatever_else_they_are",
    ),
    "the police by telephone": ("safety the_police_by_telephone_get_no_path",),
    # System
    "a restore of yesterday's backup": (
        "operations what_was_taken_away_since_stays_taken_away",
        "operations who_came_in_by_something_comes_in_no_more",
        "operations what_was_taken_back_is_not_there_again",
    ),
    "the wrong J. Janssen": ("families before_the_code_there_is_nothing_and_no_mail_with_content",),
    "a mail domain lapses": (
        "operations a_mother_in_a_shelter_is_found_by_who_may_and_nowhere_by_the_father",
    ),
    "a father reads the log": ("safety written_is_shown_and_held",),
    "a death": (
        "safety after_a_death_the_family_s_view_stops_until_the_privacy_officer_opens_it",
        "families what_was_theirs_apart_opens_to_nobody_whatever_is_opened_after",
        "families the_child_s_record_goes_on_with_who_decides_now",
    ),
    "an informant": ("safety an_informant_is_in_no_copy_and_in_no_log_that_is_shown",),
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_each_situation_has_a_test_by_name(situation: str) -> None:
    for one in SITUATIONS[situation]:
        folder, _space, name = one.partition(" ")
        files = (ROOT / "tests" / folder).rglob("test_*.py")
        assert any(f"def test_{name}(" in file.read_text() for file in files), one


def test_none_is_forgotten() -> None:
    assert len(SITUATIONS) == 39
