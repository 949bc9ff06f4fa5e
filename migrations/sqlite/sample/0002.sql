
-- Rows that 0002 adds to those of 0001.

insert into rule_set (id, selection_id, hash, texts, reason, at_utc_ms, staff_id)
values (zeroblob(16), zeroblob(16), zeroblob(32), '{}', '', 1800000000000, zeroblob(16));

insert into attendance_count (id, sitting_id, present, absent, note, at_utc_ms, staff_id)
values (zeroblob(16), zeroblob(16), 1, 0, '', 1800000000000, zeroblob(16));

insert into difference_explained (id, sitting_id, code, numbers, text, at_utc_ms, staff_id)
values (zeroblob(16), zeroblob(16), 'present_differs', '1/0', 'keluar sebelum mulai', 1800000000000, zeroblob(16));

insert into objection_window (id, stage_id, opens_utc_ms, closes_utc_ms, at_utc_ms, staff_id)
values (zeroblob(16), zeroblob(16), 1800000000000, 1800000060000, 1800000000000, zeroblob(16));

insert into objection (id, stage_id, candidate_id, text, attachment_name, attachment_type, attachment, at_utc_ms)
values (zeroblob(16), zeroblob(16), zeroblob(16), 'Keberatan', 'bukti.pdf', 'application/pdf', x'00', 1800000000000);

insert into correction (id, stage_id, change, reason, objection_id, at_utc_ms, staff_id, state, rejected_because, rejected_by)
values (zeroblob(16), zeroblob(16), '{"kind":"recompute"}', '', zeroblob(16), 1800000000000, zeroblob(16), 'open', '', null);

insert into correction_approval (correction_id, effect_hash, staff_id, browser_hash, at_utc_ms)
values (zeroblob(16), zeroblob(32), zeroblob(16), zeroblob(32), 1800000000000);

insert into revision (id, stage_id, number, correction_id, reason, people, rule_set, rule_set_hash, input_hash, results_hash, at_utc_ms,
    staff_id, second_id)
values (zeroblob(16), zeroblob(16), 1, null, '', 1, 'skd-2024', '', zeroblob(32), zeroblob(32), 1800000000000, zeroblob(16), null);

insert into revision_file (revision_id, name, body, sha256)
values (zeroblob(16), 'results.csv', x'00', zeroblob(32));

insert into objection_decision (id, objection_id, granted, answer, correction_id, staff_id, browser_hash, at_utc_ms, state, second_id,
    second_reason, second_utc_ms)
values (zeroblob(16), zeroblob(16), 1, 'Diterima', zeroblob(16), zeroblob(16), zeroblob(32), 1800000000000, 'decided', null, '', null);

insert into candidate_session (token_hash, candidate_id, expires_utc_ms)
values (zeroblob(32), zeroblob(16), 1800000060000);

update blueprint set body = json_remove(body, '$.pass');
