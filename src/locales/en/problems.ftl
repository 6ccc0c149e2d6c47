### Why something was refused.

## Titles of problems with a question

problem-unknown-region = There is no such region
problem-invalid-region-code = This is not a region code
problem-region-code-without-dots = The region code needs its dots
problem-bps-code = This looks like a BPS code
problem-unknown-type = There is no such resource type
problem-invalid-type-code = This is not a type code
problem-unknown-facility = There is no such facility
problem-unknown-contact = There is no such contact
problem-unknown-key = There is no such key
problem-unknown-link = There is no such link
problem-unknown-mark = There is no such mark
problem-unknown-room = There is no such room
problem-unknown-parameter = There is no such parameter
problem-invalid-parameter = A parameter cannot be read
problem-parameters-disagree = Two parameters do not go together
problem-unknown-word = No resource type uses this word
problem-limit-out-of-range = The limit is out of range
problem-invalid-cursor = The cursor cannot be used
problem-cursor-of-another-query = The cursor belongs to another question
problem-invalid-coordinates = The coordinates cannot be used
problem-unknown-session = There is no such session
problem-not-kept = This is no longer kept
problem-as-of-in-future = The moment lies in the future

## Titles of problems with a report

problem-negative-count = A count is negative
problem-count-too-large = A count is too large
problem-count-not-whole = A count is not a whole number
problem-number-as-text = A number was sent as text
problem-above-capacity = The numbers exceed the capacity
problem-observed-in-future = The observation lies in the future
problem-invalid-time = The time cannot be read
problem-nothing-reported = The report is empty
problem-nothing-to-adjust = There is no known number to adjust
problem-confirm-jump = The number is far from the one before
problem-already-claimed = Somebody is phoning them already
problem-confirm-hold = Every free place is held
problem-too-many-marks = Too many marks stand at the facility
problem-facility-closed = The facility is closed
problem-duplicate-row = The same number is reported twice
problem-all-rows-refused = Every row was refused
problem-incomplete-row = The row is incomplete
problem-too-many-rows = Too many rows in one request
problem-no-occurrence = The session is not held that day
problem-session-over = The session is over
problem-too-many-rooms = The facility has too many rooms

## Titles of problems with a change

problem-invalid-date = The date cannot be used
problem-invalid-schedule = The session's days or hours cannot be
problem-invalid-url = The link cannot be used
problem-too-many-sessions = The facility has too many sessions
problem-invalid-text = A text cannot be used
problem-invalid-word = A word cannot be used
problem-invalid-phone = The phone number cannot be used
problem-invalid-external-id = The external id cannot be used
problem-external-id-taken = Another facility has this external id
problem-missing-field = A field is missing
problem-unknown-field = There is no such field
problem-invalid-field = A field cannot be read
problem-version-mismatch = It was changed by somebody else meanwhile
problem-idempotency-key-reused = The idempotency key was used for another request
problem-invalid-idempotency-key = The idempotency key cannot be used

## Titles of problems with a key

problem-key-required = A key is required
problem-key-invalid = The key is not valid
problem-key-expired = The key has expired
problem-key-revoked = The key was revoked
problem-role-not-allowed = The key's role may not do this
problem-outside-scope = This is outside the key's scope

## Titles of problems with a request

problem-invalid-body = The body cannot be read
problem-invalid-encoding = The text is not UTF-8
problem-body-too-large = The body is too large
problem-unsupported-media-type = The body's media type is not supported
problem-not-acceptable = No acceptable representation
problem-not-found = There is nothing here
problem-method-not-allowed = The method is not allowed here
problem-request-timeout = The request took too long

## Titles of problems of the server

problem-unavailable = Writing is not possible right now
problem-history-unavailable = The history cannot be read right now
problem-too-many-requests = You have sent too many of these
problem-overloaded = Too many requests at once
problem-internal = Something went wrong here

## What is wrong in particular, and how to mend it

outside-scope-changes = only an admin's key may change what belongs to the whole country; name a region
outside-scope-sees-internal = this key is held to a region; name it
outside-scope-makes = an agent's key without a region is for the whole country; name { $held-to } or a region in it
key-required-principal = send 'Authorization: Bearer KEY'; a coordinator of your region or the operator makes keys
role-not-allowed = a key of role '{ $role }' may not do this; ask the coordinator of the region or the operator
outside-scope-facility = this key does not report for { $name }; use that facility's own key
outside-scope-region = this key is held to region { $held-to }, and { $region } lies outside it
invalid-external-id = '{ $text }' is not an external id such as 'kemenkes:3374010' (system:value)
unknown-facility = no facility '{ $text }'; give our id or system:value such as 'kemenkes:3374010', or look it up at /v1/search
invalid-phone = '{ $text }' is not a telephone number of 3 to 20 digits such as '024-8413476'
invalid-coordinates-geo = { $lat },{ $lon } is not on the globe: latitude is -90 to 90 and comes first, longitude -180 to 180
invalid-coordinates-geo-pointer = '{ $text }' is not 'latitude,longitude' in degrees, such as '-6.99,110.42'
invalid-field-scope = only reporters' and bridges' keys and links name facilities; leave them out
invalid-field-scope-region = only agents' and coordinators' keys name a region; leave it out
key-revoked = the key was revoked at { $revoked-at }; ask your coordinator for a new one
key-expired = the key expired at { $expired-at }; ask your coordinator for a new one
negative-count-from-i128 = { $value } is negative; send 0 for none, or null for unknown
count-too-large = { $text } is more than { $most }; check the number
count-not-whole = { $text } is not a whole number; send a whole number, or leave it unknown
invalid-field-from-json = must be an object with capacity, occupied, available and queue
unknown-field-from-json = '{ $field }' is none of capacity, occupied, available, queue
nothing-to-adjust-adjusted = the number of free places is unknown; report it once with PUT before adjusting it
invalid-time-observed-at = '{ $text }' is not an RFC 3339 time such as 2021-07-01T14:05:00+07:00
observed-in-future = { $said } is after now ({ $now }); check the clock and the time zone, or leave the time out
invalid-time-observed-at-pointer = { $said } is before the year 2000; check the time
region-code-without-dots = '{ $text }' has no dots; if it is a Kemendagri code, write '{ $dotted }'. If it is a BPS code it may mean another place: look the region up by name at /v1/search
bps-code = '{ $text }' looks like a BPS code; regions are named by Kemendagri codes such as '33.74.10': look the region up by name at /v1/search
invalid-region-code = '{ $text }' is not a Kemendagri code such as '33', '33.74', '33.74.10' or '33.74.10.1001'; look the region up by name at /v1/search?q=NAME
invalid-type-code = '{ $text }' is not a type code such as 'bed.icu_vent'; /v1/types lists them
unknown-session = no session '{ $text }' there; /v1/vaccinations lists the sessions with their ids
invalid-time-session-time = '{ $text }' is not a local time of day such as 08:00
invalid-date = '{ $text }' is not a date of this century such as 2021-07-02
invalid-word = '{ $text }' must be 1 to 40 lower-case letters, digits or '_'
invalid-text = must be 1 to { $most } characters of plain text, not { $length }
invalid-text-invisible = the invisible character { $code } follows '{ $after }'; delete it, or type the text anew
invalid-text-name = '{ $name }' has neither a letter nor a digit; write the name as people say it
invalid-url = must be an http or https link such as https://example.go.id/daftar, at most 500 characters
request-timeout-too-slow = the request took longer than 30 seconds; send less at once
internal-panicked = this should not have happened; tell the operator the request_id
not-found-gone = it is not in the directory
not-found-bed = '{ $other }' is none of create, update, delete
missing-field-hospital = send in X-rs-id the hospital's code at the ministry
key-invalid-caller = send in '{ $name }' a key that was made here for this facility; it takes the place of the password
invalid-field-text = { $other } is neither a text nor a number
not-kept-start = changes are kept from { $first } on; start again from /v1/snapshot
not-kept-start-after = the newest change is { $last }: the directory was put back to an earlier state; start again from /v1/snapshot
history-unavailable = the database is away; ask again after Retry-After seconds, current answers go on meanwhile
invalid-parameter = this is not the id of an event of ours; leave it out to start now
version-mismatch-if-match = '{ $tag }' is not the ETag of a facility; take it from GET /v1/facilities/ID as it is
refused-uuid = '{ $text }' is not an id of ours, which looks like 0196f1b0-0000-7000-8000-000000000000
not-found-problem = there is no problem code '{ $name }'
key-invalid-principal = send 'Authorization: Bearer KEY' with a key that was made here; keys are shown once, when they are made
invalid-encoding-utf8 = byte { $at } of the body is not UTF-8; send UTF-8
invalid-idempotency-key = must be 1 to 128 visible ASCII characters, such as a UUID
too-many-requests = too many came from you or from everybody together; try again after Retry-After seconds, or tell the contacts of the region
body-too-large = the body is larger than { $most } KiB; send it in parts
request-timeout-too-slow-limits = the body came too slowly: { $read } bytes, where { $rate } KiB a second are needed after the first { $grace } seconds; send less at once, or over a better line
invalid-body-cut-short = the body ended before it was complete; send it again
not-found-operations = there is nothing at this path; /docs lists what there is
method-not-allowed = this path does not know this method; the Allow header and /docs list the methods
overloaded-from = too many reports are waiting; send it again after Retry-After seconds
unavailable-from = it is not known whether this was stored; send it again with the same Idempotency-Key after Retry-After seconds
refused-put-availability = name at least one type, or one session under 'sessions', with its numbers
all-rows-refused = none of the { $count } rows can be taken; 'errors' says why, row by row. Nothing was stored
parameters-disagree = 'from' must be 0 to { $most-days } days before 'to'
missing-field-need-one = the header line has none of the columns { $all }
missing-field-region = the region is empty; give the code of the kabupaten or kota at least
unknown-region-facilities = { $code } does not lie in { $sure }; the facility stands under { $sure }
missing-field-external-ids = there is neither 'code' nor 'external_ids'; give an id of your own such as 'dinkes:17', so that the next import changes this facility and does not add it again
invalid-coordinates-number = '{ $text }' is not a number of degrees such as -6.99
invalid-field-zone = '{ $text }' is not Asia/Jakarta, Asia/Makassar or Asia/Jayapura
invalid-field-precision = '{ $text }' is neither centroid (the middle of the region) nor place (a town in it)
missing-field-rows = send a list of rows, or an object whose field 'reports' is one
unknown-field-rows = '{ $name }' is not known here; beside 'reports' there is nothing
invalid-encoding-text = this is not UTF-8 ({ $error }); save it as UTF-8
invalid-field-no-row = a row must be an object such as { "{" }"facility": "kemenkes:3374010", "type": "bed.icu", "available": 3{ "}" }
invalid-field-no-list = must be a list of rows
missing-field-columns = the header line has none of the columns { $fields }
missing-field-needed = '{ $field }' is empty; a row names a facility and a type
missing-field-session-needed = 'session' is empty; numbers of { $session-type } name the session, as ID or ID@2021-07-02
invalid-field-no-session-here = only { $session-type } has sessions; leave 'session' empty, or correct 'type'
unknown-field-reports = '{ $name }' is none of { $columns }
nothing-reported = there is no row in it; send at least one report
too-many-rows = there are more than { $most } rows; send them in several requests. Nothing was stored
invalid-field-table = the header line has the column '{ $name }' twice; rename one of them
internal-failed = the answer could not be made; try again, and tell the operator if it stays so
invalid-cursor = this is not a cursor of ours; take 'next' from the page before as it is, or start without a cursor
cursor-of-another-query = this cursor belongs to other parameters; keep them all the same from page to page, or start without a cursor
as-of-in-future = it is { $now } now; ask about an earlier moment, or leave as_of out
not-kept-rejection = the earliest moment kept is { $earliest }; /v1/facilities/ID/history has days in short before it
overloaded-rejection = too many ask about the past just now; ask again after Retry-After seconds
unknown-contact = no contact { $id }; the answer of its region lists the contacts with their ids
unknown-region-known = no region { $code }; look it up by name at /v1/search
invalid-coordinates-point = latitude and longitude come together; give both or neither
unknown-region-import = neither { $wanted } nor a region above it is in the directory
unknown-link = no link { $id }; /v1/links lists the links you may manage
invalid-field-mark = { $minutes } is not 1 to { $most }; leave it out for { $usual }
already-claimed = { $by } is phoning them, until { $until } at the latest; see what they find, or call another
too-many-marks-said-often = so much has been said of this facility that nothing more is taken; a coordinator will see to it
too-many-marks-mark = { $most-marks } marks stand at this facility; take some back, or wait until they end
refused-not-theirs = only who left a mark takes it back, or a coordinator of the region; ask one of them
unknown-mark = no mark { $id }, or it has ended; /v1/marks lists those that stand
unknown-type-known = '{ $code }' counts no places: holds and notes are for beds and isolation; /v1/types lists them
invalid-field-listed-phone = the facility does not list { $wanted }; give a number of its 'phones', or leave it out for all
confirm-jump = { $code }: { $field } is { $now } and was { $before } before{ $moment }; if that is right, send the same again with confirm=true, else correct it
unknown-region-applied = { $code } lies in { $parent }, which is not in the directory; add { $parent } first
missing-field-applied = { $code } is a new region; give its name
invalid-field-codes = { $code } means { $other } already; take it out of that type first
invalid-field-checked-type = the kind of a type never changes; retire it and add another
nothing-to-adjust-report = there are no known numbers to confirm; report them once with PUT
facility-closed = { $name } is marked as closed; if it is open again, a coordinator sends PATCH with "closed": false
duplicate-row-report = row { $other } reports the same type of the same facility at the same moment; keep one of them
duplicate-row-occurrences = the numbers of { $date } are stated twice; keep one of them
no-occurrence = the session is not held on { $date }, or that is more than { $furthest } days away; check the date, or leave it out for the next one
session-over-report-sessions = the session is over or cancelled; /v1/vaccinations lists those to come
too-many-rooms = the facility has { $most-rooms } rooms already; remove those that are no longer there
invalid-field-session = this session belongs to { $facility }; add a new one for another facility
invalid-schedule-to-come = { $next } is more than { $furthest } days away; check the year
session-over-to-come = none of its days is still to come; check the date and the hours, or cancel it
too-many-sessions = it has { $running } sessions to come; use 'weekly' instead of many days, or end some
invalid-schedule-session-input = give either 'date', for one day, or 'weekly', for days of every week
invalid-schedule-excepted = { $day } is a { $weekday }, and the session is held on { $held }; give a day on which it would be held
idempotency-key-reused = this key came with another request in the last 24 hours; make a new key for each new request
key-needs-one-facility = a reporter's key or a link names exactly one facility
key-needs-facilities = a bridge's key lists its facilities
key-needs-region = a coordinator's key names its region
number-as-text = { $value } is text; send the number without quotes, or null for unknown
above-capacity-together = available { $available } + occupied { $occupied } = { $used } is more than capacity { $capacity }; correct one of them
above-capacity-occupied = occupied { $occupied } is more than capacity { $capacity }; correct one of them
above-capacity-available = available { $available } is more than capacity { $capacity }; correct one of them
negative-count-adjusted = only { $available } are free; report the numbers anew with PUT if that is wrong
key-required-bridge = send the key in { $headers }, in the place of the password; a coordinator of your region or the operator makes keys
not-acceptable = this is served as { $types }
unavailable-stopping = this node is stopping
unavailable-database = the database is away
unavailable-failing = the last reports could not be stored; the node keeps trying
unavailable-damaged = the file of the database is damaged; put a backup in its place and start the node again
unavailable-disk = the disk of the database is almost full; make room on it
unavailable-read = the database is away; try again
field-not-text = { $value } must be text in quotes
type-hours = '{ $value }' is not a number of hours
type-flag = '{ $value }' is not yes, no or empty
type-kind = '{ $value }' is not bed, isolation or vaccination
header-lacks-column = the header line has no column '{ $column }'; it needs { $required }
row-of-another-width = { $short ->
    [true] row { $row } has { $has } cells where the header has { $needs }; is half the line missing?
   *[false] row { $row } has { $has } cells where the header has { $needs }; delete separators at its end, and put a cell that holds one into double quotes
}
table-not-utf8 =
    { $row ->
        [0] the header line is not UTF-8; save the table as UTF-8
       *[other] row { $row } is not UTF-8; save the table as UTF-8
    }
table-unreadable =
    { $row ->
        [0] the header line cannot be read ({ $error })
       *[other] row { $row } cannot be read ({ $error })
    }
overloaded-streams = as many clients as this node takes follow it already; come again after Retry-After seconds, or ask /v1/changes
overloaded-snapshots = too many snapshots at once; come again after Retry-After seconds
session-closes-early = { $to } is not after { $from }; a session closes on the day it opens
session-without-doses = name the doses that are given, each a number from 1 to 9, such as [1, 2]
session-ages-crossed = age_max { $max } is less than age_min { $min }; correct one of them
session-fee-too-high = { $fee } rupiah is more than 100000000; check the fee
session-without-weekdays = name at least one of mon, tue, wed, thu, fri, sat, sun
session-ends-early = it ends before it begins
session-exceptions = more than { $most } days
room-nameless = { $system ->
    [aplicares] the row does not say which room it is about; give kodekelas and koderuang
   *[kemenkes] the row does not say which room it is about; give id_t_tt, or id_tt and ruang
}
room-without-contents = { $system ->
    [aplicares] this facility has no room '{ $room }' here; send it with kodekelas first, which says what is in it
   *[kemenkes] this facility has no room '{ $room }' here; POST it with id_tt first, which says what is in it
}
room-ambiguous = { $system ->
    [aplicares] several rooms of this facility are called so; say which by kodekelas and koderuang
   *[kemenkes] several rooms of this facility are called so; say which by id_t_tt
}
room-not-there = { $system ->
    [aplicares] this facility has no such room here; name it by kodekelas and koderuang as when it was reported
   *[kemenkes] this facility has no such room here; name it by id_t_tt, or id_tt and ruang as when it was reported
}
note-of-facility = this verdict is about the facility; leave the type out
note-phone-misplaced = a telephone belongs to phone_dead; leave it out
note-type-missing = name the type whose number it is about
note-numbers-of-nothing = numbers of what? name the type, or leave them out
key-days = { $usual ->
    [none] { $days } is not 1 to 3650 days; leave it out for a key that does not end by itself
   *[other] { $days } is not 1 to 3650 days; leave it out for { $usual } days
}
unknown-key = no key { $id }; /v1/keys lists the keys you may manage
type-hours-crossed = a number ages after { $aging } hours and is stale after { $stale }: the first must be at least 1, the second greater
external-id-taken = { $external } belongs to { $name } ({ $id }); change that facility, or leave the id out
list-too-long = { $count } is more than { $most }
path-unreadable = the path cannot be read: { $error }
body-packed = { $coding } is not taken; send the body as it is
media-type-not-taken = '{ $given }' is not taken here; send { $taken }
delta-out-of-range = { $delta } is not -1000 to 1000 without 0; use confirm when nothing changed
unknown-type-here = { $isolation ->
    [true] there is no type '{ $code }' here; ask /v1/isolation; /v1/types lists the types
   *[false] { $meant ->
        [none] there is no type '{ $code }' here; /v1/types lists the types
       *[other] there is no type '{ $code }' here; did you mean '{ $meant }'? /v1/types lists the types
    }
}
version-mismatch = { $what ->
    [session] the session is at version { $now } now; read it again, look at what changed, and send again
   *[facility] the facility is at version { $now } now; read it again, look at what changed, and send again
}
held-by = { $by } until { $until }
all-held = { $label }: { $free } free, { $held } held already ({ $by }); if they keep one more for you all the same, send it again with confirm=true
overloaded-by-key = too many requests with this key at once; send fewer at the same time, again after Retry-After seconds
overloaded-bodies = too many bodies are being read; send it again after Retry-After seconds
as-was-said = { $detail }

## What a field or a parameter must be

invalid-field-unfit = this does not fit: { $said }
invalid-field-type = must be { $wanted }, and { $found } was sent
invalid-field-removed = '{ $name }' cannot be taken away; leave it out, or send another value
invalid-field-range = { $found } is too small or too large here
invalid-field-word = '{ $word }' is none of { $known }
missing-field = '{ $name }' is missing; add it
unknown-field = '{ $name }' is not known here; known are { $known }
unknown-field-none = '{ $name }' is not known here; leave it out
json-that-number = the number { $number }
json-that-text = the text "{ $text }"
json-list = a list
json-object = an object
json-text = text
json-truth = true or false
json-number = a number
json-whole-number = a whole number
invalid-encoding-parameters = the parameters are not UTF-8; percent-encode them from UTF-8
invalid-parameter-empty = '{ $name }' is empty; give it a value, or leave it out
invalid-parameter-twice = '{ $name }' is given more than once; give it once
invalid-parameter-seq = '{ $text }' is not the number of a change, such as 8721
invalid-parameter-number = '{ $text }' is not a whole number from { $least } to { $most }
missing-field-q = say what to look for: q=kariadi
parameters-disagree-within = 'within' needs 'near': a distance from where?
parameters-disagree-date = give either 'date', or 'from' and 'to'
parameters-disagree-days = { $last } is before { $first }; exchange them, or leave one out
parameters-disagree-span = { $last } is more than { $most } days after { $first }; ask for fewer days
invalid-date-over = { $last } is over: today is { $yet }; ask about a day to come
parameters-disagree-history = 'to' must be later than 'from'
json-member-twice = '{ $name }' stands there twice, once at line { $line }, column { $column }; send it once
json-broken = this is not JSON: look at the quotes, commas and brackets at line { $line }, column { $column }
unknown-region-asked = no region { $code } in the directory; look it up by name at /v1/search?q=…
no-type-is-all = { $without ->
    [none] no type is all of what is asked for; /v1/types says what each is
   *[other] no type is all of what is asked for; without '{ $without }' there are { $codes }; /v1/types says what each is
}
