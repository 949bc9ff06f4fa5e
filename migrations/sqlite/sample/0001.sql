-- Rows of a database at number 0001, for the test that every later migration brings them along.

insert into selection (id, code, title, organiser, policy, created_utc_ms)
values (zeroblob(16), 'cpns-2027', 'CPNS 2027', 'Kota Contoh', '{}', 1800000000000);

insert into stage (id, selection_id, code, title, ordinal)
values (zeroblob(16), zeroblob(16), 'skd', 'SKD', 0);

insert into formation (id, selection_id, code, title, slots)
values (zeroblob(16), zeroblob(16), 'perawat', 'Perawat', 2);

insert into blueprint (stage_id, formation_id, body)
values (zeroblob(16), null, '{"sections":[],"duration_s":5400,"tie_order":[],"pass":{"by":"none"}}');

insert into hall (id, selection_id, code, title)
values (zeroblob(16), zeroblob(16), 'aula', 'Aula');

insert into seat (id, hall_id, label, row_no, column_no, spare)
values (zeroblob(16), zeroblob(16), 'A-01', 0, 0, 0);

insert into sitting (id, stage_id, hall_id, code, starts_utc_ms, policy)
values (zeroblob(16), zeroblob(16), zeroblob(16), 'pagi', 1800000000000, '{}');

insert into staff (id, login, name, password_hash, disabled, created_utc_ms)
values (zeroblob(16), 'ani', 'Ani', '$argon2id$', 0, 1800000000000);

insert into staff_grant (staff_id, role, selection_id, hall_id)
values (zeroblob(16), 'proctor', zeroblob(16), zeroblob(16));

insert into staff_session (token_hash, staff_id, created_utc_ms, last_seen_utc_ms, expires_utc_ms)
values (zeroblob(32), zeroblob(16), 1800000000000, 1800000000000, 1800000060000);

insert into candidate (id, selection_id, participant_no, participant_key, name, birth_date, gpa_milli, nik, formation_id, category,
    accommodation, extra_time_s)
values (zeroblob(16), zeroblob(16), '24-001', '24-001', 'Peserta', '1999-12-31', 3510, null, zeroblob(16), 'umum', '', 0);

insert into enrolment (id, candidate_id, stage_id, category, accommodation, extra_time_s)
values (zeroblob(16), zeroblob(16), zeroblob(16), 'umum', '', 0);

insert into attempt (id, enrolment_id, number, reason, created_utc_ms)
values (zeroblob(16), zeroblob(16), 1, '', 1800000000000);

insert into session (id, attempt_id, sitting_id, seat_id)
values (zeroblob(16), zeroblob(16), zeroblob(16), zeroblob(16));

insert into enrolment_change (enrolment_id, at_utc_ms, staff_id, kind, from_sitting, to_sitting, reason)
values (zeroblob(16), 1800000000000, zeroblob(16), 'assigned', null, zeroblob(16), '');

insert into draw (id, sitting_id, seed, report, at_utc_ms, staff_id)
values (zeroblob(16), zeroblob(16), zeroblob(32), '{}', 1800000000000, zeroblob(16));

insert into paper (session_id, body, digest, draw_id)
values (zeroblob(16), x'83', zeroblob(32), zeroblob(16));

insert into item (id, version, latest, code, section, topic, subtopic, level, difficulty, choices, multiple, face, basis, face_digest,
    created_utc_ms)
values (zeroblob(16), 1, 1, 'n-1', 'umum', 'numerik', '', 'C3', 'medium', 2, 0,
    '{"language":"id","stem":"<p>1+1?</p>","choices":["<p>1</p>","<p>2</p>"],"multiple":false}', '', zeroblob(32), 1800000000000);

insert into item_key (item_id, version, sealed)
values (zeroblob(16), 1, x'840100008200191388');

insert into picture (hash, media_type, bytes)
values (zeroblob(32), 'image/png', x'00');

insert into bank_import (id, at_utc_ms, staff_id, pending, expires_utc_ms)
values (zeroblob(16), 1800000000000, zeroblob(16), x'00', 1800000060000);

insert into pin (session_id, mac, expires_utc_ms, attempts_left, used_utc_ms, seat_id)
values (zeroblob(16), zeroblob(32), 1800000060000, 5, null, zeroblob(16));

insert into terminal_token (token_hash, session_id, epoch, created_utc_ms)
values (zeroblob(32), zeroblob(16), 1, 1800000000000);

insert into proposal (id, sitting_id, command, proposer_id, reason, at_utc_ms, state, decided_by, decided_utc_ms)
values (zeroblob(16), zeroblob(16), '{}', zeroblob(16), '', 1800000000000, 'pending', null, null);

insert into publication (id, selection_id, stage_id, revision, number, title, reason, people, input_hash, body, sha256, published_utc_ms,
    staff_id)
values (zeroblob(16), zeroblob(16), zeroblob(16), 1, '800/1', 'Hasil SKD', '', 1, zeroblob(32), x'7b7d', zeroblob(32), 1800000000000,
    zeroblob(16));

insert into installation (key, value)
values ('secret', x'00');
