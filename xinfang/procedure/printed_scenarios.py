"""The law as scenarios: a situation, its articles, and what comes of it as the rules have it today.

Printed by `xinfang explain --scenarios`. Each is played in tests/articles by the tests it names: facts in, answers out;
tests/articles/test_printed_scenarios.py fails where one names none, or one that isn't there.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from .articles import ALL_ARTICLES, Article, cite


@dataclass(frozen=True, slots=True)
class Scenario:
    """A situation and its outcome. `tests` names files of tests/articles and the tests in them: file::test."""

    code: str
    situation: str
    cites: tuple[Article, ...]
    outcome: str
    tests: tuple[str, ...]


PENDING: tuple[str, ...] = ("S4b", "S5", "S12", "S14", "S15", "S17b", "S23", "U5")
"""Scenarios whose right outcome isn't built yet; they aren't in the table."""

HEADS = ("编号", "情形", "依据", "处理结果")


def _of(code: str, cites: str, situation: str, outcome: str, *tests: str) -> Scenario:
    return Scenario(code, situation, tuple(ALL_ARTICLES[name] for name in cites.split()), outcome, tests)


SCENARIOS: tuple[Scenario, ...] = (
    _of("S1", "H13 N23 N34", "收到后第18日才受理",
        "可以受理；书面告知记超期，办结期限自收到后第15日起算，晚受理不延长信访人的等待",
        "test_article_13::test_a_late_acceptance_never_lengthens_the_wait"),
    _of("S1b", "H7 N21", "受理日期填（更正）在厅领导批示之前", "不予办理：受理不得早于批示",
        "test_national_21::test_a_matter_isn_t_accepted_before_it_was_instructed"),
    _of("S2", "H13 N34", "期满当日申请延期30日，包案厅领导批准", "办结期限为受理之日起第90日，并书面告知延期理由",
        "test_article_13::test_thirty_days_more_with_the_consent_of_the_responsible_leader"),
    _of("S2b", "H13 N34", "延期31日、0日，期满后延期，第二次延期，由其他厅领导批准", "均不予办理",
        "test_article_13::test_not_a_day_more_than_thirty", "test_article_13::test_not_a_second_time",
        "test_article_13::test_the_last_day_is_early_enough", "test_article_13::test_not_after_the_limit_has_passed"),
    _of("S2c", "H13 N34", "期满当日申请延期，次日才批准", "不予办理：办结期限已过",
        "test_article_13::test_not_after_the_limit_has_passed"),
    _of("S31", "H13 N34", "申请延期5日，包案厅领导批准30日", "以批准的日数为准，由包案厅领导决定",
        "test_article_13::test_the_leader_grants_more_or_fewer_days_than_were_asked_for"),
    _of("S3", "N32 N35", "有一项诉求没有认定事实、结论、依据", "不得签发",
        "test_national_32::test_each_request_has_its_finding_conclusion_and_basis"),
    _of("S3b", "H13 N31", "没有法律顾问意见，或者没有听取信访人陈述就签发", "不得签发",
        "test_article_13::test_a_reply_is_never_signed_without_legal_advice",
        "test_national_31::test_nothing_is_signed_before_the_petitioner_was_heard"),
    _of("S3c", "H13", "征求法律意见后退回重写，新稿与原稿相反", "原法律意见作废，须就新稿重新征求",
        "test_what_is_void::test_an_opposite_reply_is_not_signed_on_advice_that_was_given_on_another_draft"),
    _of("S3d", "N35", "意见书没有写明复查的权利、期限和机关", "用语不能启用，意见书无法制作",
        "papers/test_wording_sandbox::test_words_that_the_law_wants_cant_be_left_out"),
    _of("S4", "H8 N23", "转来件在5个工作日内、第6个工作日提出异议（假日、调休）",
        "第5个工作日为最后一日；其后须写明逾期理由，经另一人确认",
        "test_article_08::test_an_objection_is_possible_until_the_fifth_working_day",
        "test_article_08::test_after_the_fifth_working_day_it_says_why_it_is_late_and_another_agrees"),
    _of("S4c", "H8 N23", "来文机关不同意异议", "回到已登记，由本厅办理；15日一直在计算",
        "test_national_23::test_an_objection_does_not_stop_it",
        "test_article_08::"
        "test_of_what_was_handed_down_and_is_elsewhere_the_office_is_asked_to_object_and_after_a_refusal_to_handle_it"),
    _of("S6", "H10 N23", "匿名来信以无参考价值存信", "登记编号，两人办理，可以恢复办理；无法联系的不计15日",
        "test_article_10::test_it_is_registered_and_numbered_and_two_persons_file_it",
        "test_article_10::test_filing_can_be_undone"),
    _of("S6b", "H10", "把来访、来电按存信处理", "不予办理：存信限来信（含网络、传真）",
        "test_article_10::test_a_visitor_or_caller_is_asked_and_never_filed"),
    _of("S6c", "H10", "首件还没有答复，以重复来信存信", "不予办理：限已回复的重复来信",
        "test_article_10::test_a_repeat_of_what_nobody_answered_is_not_filed"),
    _of("S6d", "H10", "以已办结存信，编号随意填写", "不予办理：本系统有记录的核对记录，此前的附意见书",
        "test_article_10::test_a_concluded_matter_names_its_number",
        "test_article_10::test_what_was_concluded_before_this_system_is_proven_by_its_reply"),
    _of("S6e", "H10 N44", "蒙古文来信以内容不清存信", "不予办理：应当翻译，翻译不占信访人的时间",
        "test_article_10::test_a_letter_in_mongolian_is_translated_and_not_called_unclear"),
    _of("S6f", "H10", "认定为重复件", "两人认定，两件各有编号",
        "test_article_10::test_a_repeat_must_first_be_found_to_be_one_by_two_persons"),
    _of("S7", "N20 N23", "多人来访，没有代表或者推选6名代表", "没有代表的照常登记，代表以后补登；超过5名的不予登记为代表",
        "test_article_15::test_a_group_that_chose_nobody_is_registered_and_its_representatives_are_added_later",
        "test_national_20::test_six_are_too_many"),
    _of("S8", "N36", "不再受理，三份意见书的文号随意填写", "不予办理：本系统有记录的核对记录，此前的附复核意见书",
        "test_national_36::test_invented_numbers_of_three_opinions_refuse_nobody"),
    _of("S9", "N28", "包案厅领导回避", "由其他厅领导决定；决定后立即看不到此件，另定包案厅领导",
        "test_national_28::test_a_superior_decides_and_the_recused_lose_the_case_at_once",
        "test_national_28::test_nobody_decides_on_himself"),
    _of("S9b", "H13 N28", "法律顾问出具意见后、厅领导签发后回避", "其意见、签发作废，须另请、另签",
        "test_what_is_void::"
        "test_advice_of_an_adviser_who_must_withdraw_counts_no_more_and_the_signature_that_rests_on_it_neither",
        "test_what_is_void::test_a_reply_leaves_with_no_signature_of_a_leader_who_must_withdraw"),
    _of("S10", "N28 N30", "把被反映的单位列为拟办、批示、协办单位", "不予办理",
        "test_national_28::test_it_is_proposed_to_no_such_unit_either",
        "test_national_28::test_the_unit_complained_of_does_not_handle_it",
        "test_national_28::test_nor_does_it_assist"),
    _of("S10b", "N28", "承办单位或者其负责人被反映", "承办单位退出，由办公室另行交办，60日照常计算",
        "test_national_28::test_a_unit_that_is_accused_or_whose_head_is_gives_the_case_back_and_the_sixty_days_run_on"),
    _of("S10c", "N28 N30", "登记后才知道反映的是谁", "随时可以补登，被反映的人立即看不到此件",
        "test_national_28::test_who_is_complained_of_may_be_added_at_any_time_and_loses_the_case_at_once"),
    _of("S11", "N17", "撤回后再次提出", "可以再次提出，按新件登记",
        "test_national_17::test_what_was_withdrawn_can_be_brought_again"),
    _of("S11b", "N17 N35", "办公室登记信访人撤回；意见书印发后撤回", "须附信访人自己的书面表示，经办公室另一人确认；印发后不再撤回",
        "test_national_17::test_the_office_needs_the_petitioner_s_own_words",
        "test_national_17::test_what_the_office_enters_waits_for_another_of_the_office",
        "test_national_17::test_once_the_reply_is_issued_there_is_nothing_to_withdraw"),
    _of("S12b", "N30", "误作检举控告转入密封区", "由专管员转回，回到原处，期限照旧",
        "test_national_30::test_wrongly_sealed_it_is_back_where_it_was_and_no_day_is_gained"),
    _of("S13", "H5 H6", "涉及两个处室", "一个承办、一个协办：承办签收、拟稿，协办接谈，未办的列入督办",
        "test_article_06::test_of_two_units_one_handles_it_and_the_other_assists"),
    _of("S15b", "H9 N44", "属于本厅的事项，一人以“不想办”不予受理", "不予办理：须有证明材料、依据和理由，两人办理",
        "test_national_19::test_on_no_other_ground_is_the_department_s_own_matter_declined",
        "test_article_09::test_nothing_is_declined_without_its_law_and_its_reason"),
    _of("S15c", "N19", "下级机关正在办理，又向本厅提出", "附下级机关的文书，两人办理不予受理",
        "test_national_19::test_what_a_lower_body_is_handling_is_declined_on_its_paper_by_two_persons"),
    _of("S16", "H11 N32", "简易办理的申诉求决答复“不予支持”", "不予办理：须支持或者解释说明，否则转为普通程序",
        "test_national_32::test_it_is_never_refused_so_nor_answered_without_a_conclusion",
        "test_national_32::test_nor_is_it_refused_in_other_words",
        "test_national_32::test_what_cannot_be_supported_goes_the_ordinary_way"),
    _of("S17", "H14 N35", "信访人拒收", "须有见证人，没有的不予登记",
        "test_national_35::test_a_refused_delivery_has_a_witness"),
    _of("S18", "N35", "请求复查的最后一日逢国庆假期", "顺延到假后第一个工作日；其后请求的须写明理由",
        "test_national_35::test_thirty_days_from_service_rolled_past_the_holiday",
        "test_national_35::test_a_late_request_gives_its_reason"),
    _of("S18b", "N32 N35", "本厅不予支持，复查机关变更", "变更的内容由本厅执行，执行前不得结案",
        "test_national_35::test_what_the_reviewing_body_changed_is_owed_by_the_department"),
    _of("S19", "H13 N34", "60日在10月1日期满", "不顺延，10月1日到期，9月30日提醒",
        "test_article_13::test_sixty_days_from_acceptance"),
    _of("S20", "N35", "不服下级机关处理意见，请求本厅复查", "自收到请求起30日，由没有参与原办理的人员复查，出具复查意见书",
        "test_reviewing::test_it_has_thirty_days_from_its_receipt_and_no_sixty",
        "test_reviewing::test_nobody_who_handled_the_matter_is_named_instructs_checks_or_signs"),
    _of("S21", "H4", "办理中更换包案厅领导", "厅领导一人可以改定；办公室改定须另一人确认",
        "test_article_04::test_a_leader_changes_it_alone",
        "test_article_04::test_the_office_changes_the_responsible_leader_only_with_another_person"),
    _of("S22", "N21 N44", "更正收到日期", "另一人确认后期限重算；原记录保留在经过里",
        "test_national_44::test_another_day_of_receipt_counts_once_another_person_agrees",
        "test_national_44::test_the_record_of_before_stays_beside_the_corrected_one"),
    _of("S24", "N31", "举行听证", "不以双方同意为条件，书面通知即可；调解须双方同意",
        "test_national_31::test_a_hearing_asks_for_a_notice_in_writing_and_for_nobodys_consent",
        "test_national_33::test_nobody_is_mediated_against_their_will"),
    _of("S25", "N23", "受理后没有发出书面告知", "书面告知的期限一直计算，到告知书当面交付、交邮或者发送之日为止",
        "test_national_23::test_any_written_notice_ends_it"),
    _of("S26", "N32", "予以支持的诉求没有执行就结案", "不得结案：逐项登记执行情况或者时间安排（时间安排不另设期限）",
        "test_national_32::test_what_is_supported_is_carried_out_before_it_is_closed"),
    _of("S30", "H13 N32", "签发后信访人增加诉求", "拟稿、法律意见、签发均作废，重新办理",
        "test_what_is_void::test_a_further_request_takes_away_draft_advice_and_signature"),
    _of("T1", "H7", "办公室两次登记同一纸质批示，算作两位厅领导", "不予办理：一张呈批单是一次批示，并附扫描件",
        "test_second_person::test_one_sheet_is_one_instruction"),
    _of("T2", "H11 H13", "承诺答复的日期晚于办结期限", "不予办理",
        "test_article_11::test_nobody_promises_a_day_after_the_matter_must_be_concluded"),
    _of("T3", "N22 N30", "检举控告一直没有移送", "收到之日起15日移送，逾期提醒专管员；不录入自治区系统",
        "test_national_22::test_it_is_handed_over_within_fifteen_days_of_receipt",
        "test_national_30::test_it_is_not_to_be_entered_in_the_regional_system"),
    _of("T4", "N35", "复查机关逾期", "记复查机关逾期，不记本厅逾期",
        "test_national_35::test_a_slow_reviewing_body_is_late_itself_and_not_the_department"),
    _of("T5", "N23", "在期限内作出决定，告知书期满后才寄出", "书面告知记超期",
        "test_national_23::test_any_written_notice_ends_it",
        "test_as_a_lawyer_counts::test_the_same_walk_is_late_where_the_paper_was_late"),
    _of("T6", "N21", "收到日期更正到登记之后", "不予办理：收到不得晚于登记",
        "test_national_44::test_nothing_is_received_after_it_was_registered"),
    _of("T7", "N21 N44", "告知书写明受理日期后，更正受理日期", "另一人确认后才生效",
        "test_national_44::test_so_do_the_days_of_acceptance_and_of_service",
        "test_national_44::test_what_no_paper_shows_yet_one_person_corrects_and_once_one_was_issued_two"),
    _of("T9", "N28 N30", "反映的是办公室，或者反映唯一的专管员", "办公室看不到此件，厅主要领导指定单位代行；专管员看不到反映自己的件",
        "test_national_30::"
        "test_a_complaint_about_the_office_is_seen_by_the_principal_leader_alone_who_is_asked_to_name_a_unit",
        "test_national_30::test_a_report_of_wrongdoing_about_the_office_is_kept_by_no_officer_of_the_office",
        "test_national_30::test_not_even_the_officer_when_the_report_is_about_them"),
    _of("T10", "N35", "复查机关责令重办", "回到办理中，自复查意见之日另计60日，重新征求法律意见、出具意见书",
        "test_national_35::test_a_case_ordered_to_be_redone_comes_back_with_a_new_sixty_days"),
    _of("T11", "N23", "来文机关一直不答复异议", "由本厅办理，15日照常计算",
        "test_national_23::test_a_sender_who_does_not_answer_leaves_the_matter_here"),
    _of("T12", "H7 N44", "认定属于本厅职权后又告知向其他机关提出", "须另一人确认",
        "test_article_07::test_of_what_was_found_to_be_ours_or_a_subordinate_s_two_persons_tell"),
    _of("U1", "N23", "期满后登记“当时已经告知”", "须另一人确认",
        "test_national_23::test_a_date_on_the_other_side_of_the_limit_needs_another_though_it_is_yesterday_s",
        "test_national_23::test_an_invented_date_that_another_does_not_believe_stops_nothing"),
    _of("U8", "N23", "来访人留了姓名、电话，没有住址", "视为能够联系，15日书面告知照常计算",
        "test_national_23::test_a_visitor_who_left_a_telephone_number_is_told_in_writing"),
    _of("U9", "N23 N31", "来访人留了电话、没有住址，办理中没有听取陈述", "应当听取陈述，不得签发",
        "test_national_31::test_a_visitor_without_an_address_is_heard_all_the_same"),
    _of("V1", "N23", "来访人没有住址，收到后第19日才受理", "书面告知记超期",
        "test_national_23::test_a_visitor_who_left_a_telephone_number_is_told_in_writing"),
    _of("U10", "N19 N44", "用蒙古文提出", "以原文为准，翻译不占信访人的时间",
        "test_article_10::test_a_letter_in_mongolian_is_translated_and_not_called_unclear"),
    _of("U12", "N44", "已转送、告知、导入、不再受理、撤回、回复的，发现有误", "可以恢复办理，收到之日和各项期限照旧",
        "test_national_44::test_every_end_beside_the_path_can_be_undone",
        "test_national_44::test_what_is_reopened_is_as_old_as_it_was_and_open_as_if_it_had_just_come"),
    _of("U13", "N31", "把申诉求决改作“咨询”答复", "须另一人确认；答复不得对诉求作出结论",
        "test_national_31::test_a_claim_is_not_made_a_consultation_by_one_person",
        "test_national_31::test_the_answer_to_a_question_decides_on_no_claim"),
    _of("U18", "H7 H8", "受理、交办与厅领导批示不一致", "由作出批示的厅领导同意后才生效",
        "test_article_07::test_what_is_accepted_otherwise_than_instructed_waits_for_the_leader_who_instructed",
        "test_article_07::test_so_does_what_is_handed_to_another_unit_than_was_instructed"),
    _of("U19", "N36", "复核举行听证10日", "听证的日数只在复核中扣除",
        "test_national_36::test_the_days_of_a_hearing_do_not_count"),
    _of("V2", "H6", "处室负责人自己承办、拟稿，又由自己审核", "不予办理：由办公室主任审核，不能的由厅领导审核",
        "test_article_06::test_a_head_who_wrote_the_reply_does_not_review_it_the_head_of_the_office_does",
        "test_article_06::test_where_the_head_of_the_office_wrote_it_or_is_gone_a_leader_reviews_it"),
    _of("W1", "H5 N22", "向来文机关报送，但不是办结报告", "反馈期限照常计算；办结前报送的不算办结报告",
        "test_national_22::test_what_is_sent_before_the_matter_is_concluded_is_no_completion_report"),
    _of("W2", "H11", "承诺答复后接谈“无人接听”", "承诺没有兑现，期限照常计算",
        "test_article_11::test_a_call_that_nobody_answers_keeps_no_promise"),
    _of("W3", "H13", "法律顾问查看事项", "只看到送交的文稿",
        "test_what_is_void::test_the_adviser_reads_the_draft_itself"),
    _of("W4", "H5 N40", "交办以前办公室自己拖延", "厅领导可以督办办公室，由办公室反馈",
        "test_national_40::"
        "test_the_offices_own_delay_is_pressed_by_a_leader_from_the_first_day_and_answered_by_the_office"),
    _of("W9", "N21 N35", "更正送达日期，使复查期限提前届满", "另一人确认后才生效，原记录保留",
        "test_national_44::test_so_do_the_days_of_acceptance_and_of_service"),
    _of("I1", "H15 H17 H18 N20 N25 N47", "来访人持刀；电话扬言；4人来访；推选6名代表",
        "立即报警，不以劝阻为前提；电话扬言可以立即报告；4人不是集体访；代表不超过5名",
        "test_article_17::test_the_police_is_asked_at_once_where_there_is_danger",
        "test_article_18::test_a_threat_by_telephone_is_reported_at_once_though_nobody_can_be_handed_a_paper",
        "test_article_15::test_four_people_are_no_group",
        "test_national_20::test_the_visitors_of_an_event_choose_at_most_five"),
)  # fmt: skip


def scenario_rows() -> Iterator[tuple[str, str, str, str]]:
    """Yield the scenarios as a table."""
    for s in SCENARIOS:
        yield s.code, s.situation, cite(s.cites), s.outcome
