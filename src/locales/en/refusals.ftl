### What is wrong in particular, and how to mend it: the details of problems, below their titles.

## Keys: who may do what

send-a-key = send 'Authorization: Bearer KEY'; a coordinator of your region or the operator makes keys
send-a-key-as-password = send the key in { $headers }, in the place of the password; a coordinator of your region or the operator makes keys
key-not-made-here = send 'Authorization: Bearer KEY' with a key that was made here; keys are shown once, when they are made
key-not-made-here-as-password = send in '{ $name }' a key that was made here for this facility; it takes the place of the password
sign-in-of-program = a key of role '{ $role }' belongs to a program, which sends it with each request; people sign in with keys of their own
sign-in-needs-key = sign in with the key itself, not with a sign-in
not-a-sign-in = this is a key, not a sign-in; send the secret that 'POST /v1/sign-ins' gave
sign-in-ended = the sign-in has ended; sign in again with your key
openid-not-set = nobody signs in with a provider here; the operator sets one up with SEDIA_OPENID_ISSUER, and keys sign in at 'POST /v1/sign-ins'
openid-away = { $provider } does not answer now, or not as a provider of OpenID Connect does; try again later, or sign in with a key
openid-refused = { $provider } did not confirm who you are ({ $said }); begin again at the sign-in page
openid-begin-again = this is not the end of a sign-in that began in this browser within 15 minutes, or it was used already; begin again
# $count: how many values the claim has.
openid-no-role = { $count ->
    [0] { $provider } knows you, but says nothing in '{ $claim }', by which roles are given here
   *[other] { $provider } knows you, but no role here is for what it says in '{ $claim }': { $values }
}
openid-no-scope = { $provider } knows you, but does not say in '{ $claim }' for which one place you are { $role } here
key-revoked = the key was revoked at { $revoked-at }; ask your coordinator for a new one
key-stays-revoked = only the key of somebody who signs in with a provider comes back; make a new key, or a new link
key-expired = the key expired at { $expired-at }; ask your coordinator for a new one
role-not-allowed = a key of role '{ $role }' may not do this; ask the coordinator of the region or the operator
key-of-another-facility = this key does not report for { $name }; use that facility's own key
key-of-another-region = this key is held to region { $held-to }, and { $region } lies outside it
country-needs-admin = only an admin's key may change what belongs to the whole country; name a region
key-needs-region-named = this key is held to a region; name it
key-for-country-needs-region = an agent's key without a region is for the whole country; name { $held-to } or a region in it
key-needs-one-facility = a reporter's key or a link names exactly one facility
key-needs-facilities = a bridge's key lists its facilities
key-needs-region = a coordinator's key names its region
key-without-facilities = only reporters' and bridges' keys and links name facilities; leave them out
key-without-region = only agents' and coordinators' keys name a region; leave it out
# $usual: how many days such a key lasts if none are named, or none for one that does not end.
key-days = { $usual ->
    [none] { $days } is not 1 to 3650 days; leave it out for a key that does not end by itself
   *[other] { $days } is not 1 to 3650 days; leave it out for { $usual } days
}
key-consumer = only a key for a bridge has a consumer id: 1 to 64 letters, digits or signs, no space and no '&'
signature-missing = send X-timestamp and X-signature, the HMAC-SHA256 (Base64) of 'consid&timestamp' with the key as the consumer secret; or send the key in X-pass
signature-time = X-timestamp '{ $sent }' is more than { $minutes } minutes from now, { $now }; set the clock of the server, then send again
signature-wrong = X-signature does not fit the consumer id '{ $consumer }' and X-timestamp; check the consumer id and the consumer secret, which is the key that was made here
key-phone = only a reporter's key has a telephone number; leave it out
key-phone-taken = messages from { $phone } report with the key { $id } already; revoke that one first if the number moves to another facility
gateway-not-set = this node takes no messages of that gateway yet; the operator sets { $setting }
gateway-signature = the signature does not fit: this message is not from { $gateway }, or the secret or address that this node was given is wrong
verify-token-wrong = hub.mode must be 'subscribe' and hub.verify_token the one that this node was given
unknown-key = no key { $id }; /v1/keys lists the keys you may manage
unknown-link = no link { $id }; /v1/links lists the links you may manage

## Regions and places

invalid-region-code = '{ $text }' is not a Kemendagri code such as '33', '33.74', '33.74.10' or '33.74.10.1001'; look the region up by name at /v1/search?q=NAME
region-code-without-dots = '{ $text }' has no dots; if it is a Kemendagri code, write '{ $dotted }'. If it is a BPS code it may mean another place: look the region up by name at /v1/search
bps-code = '{ $text }' looks like a BPS code; regions are named by Kemendagri codes such as '33.74.10': look the region up by name at /v1/search, or send 'bps:CODE' if it is one of BPS
unknown-region = no region { $code } in the directory; look it up by name at /v1/search?q=NAME
# $choices: regions with their codes, as a choice; $more: how many are not among them.
ambiguous-region = '{ $given }' is the name of several regions. Which one: { $choices }{ $more ->
    [0] ?
    [one] , or another one? Add its kabupaten or kota, or send its code
   *[other] , or one of { $more } more? Add its kabupaten or kota, or send its code
}
# $near: regions with their codes, as a choice, or none.
unknown-region-name = { $near ->
    [none] no region is called '{ $given }'; look it up at /v1/search?q=NAME, or send a Kemendagri code such as '33.74'
   *[other] no region is called '{ $given }'; did you mean { $near }?
}
region-and-code = { $region } ({ $code })
# $wanted: the code of the region.
unknown-region-and-above = neither { $wanted } nor a region above it is in the directory
# $code: the kecamatan that was given; $sure: the kabupaten or kota that is sure.
region-outside-sure-region = { $code } does not lie in { $sure }; the facility stands under { $sure }
region-above-missing = { $code } lies in { $parent }, which is not in the directory; add { $parent } first
new-region-without-name = { $code } is a new region; give its name
row-without-region = the region is empty; give the code of the kabupaten or kota at least
coordinates-off-the-globe = { $lat },{ $lon } is not on the globe: latitude is -90 to 90 and comes first, longitude -180 to 180
not-coordinates = '{ $text }' is not 'latitude,longitude' in degrees, such as '-6.99,110.42'
not-degrees = '{ $text }' is not a number of degrees such as -6.99
coordinates-come-together = latitude and longitude come together; give both or neither
not-a-precision = '{ $text }' is neither centroid (the middle of the region) nor place (a town in it)
outline-off-the-globe = { $lon },{ $lat } is not on the globe; an outline is written in degrees (WGS 84), longitude first
outline-ring-short = a ring has { $positions } positions; it needs 4 at least, the last the same as the first
outline-ring-open = a ring is not closed; repeat its first position at its end
outline-without-area = the outline encloses nothing that a map could show; it needs an area of some metres at least
outline-no-area = { $kind } is no outline; it must be a Polygon or a MultiPolygon
outline-malformed = this is no GeoJSON feature with an outline: { $said }
outline-of-nowhere = the feature names no region; give it a member 'code' with the Kemendagri code, such as '33.74', or a member 'name'
outline-twice = feature { $first } is the outline of { $code } already; join the areas of a region into one MultiPolygon
outline-elsewhere = the outline lies { $km } km from where { $name } is; correct the region's code, or the coordinates, which begin with the longitude
boundaries-unreadable = the file is no GeoJSON with a list of features (FeatureCollection): { $said }; export it as GeoJSON, in WGS 84
boundaries-too-large = the file is larger than { $most } MB; simplify the outlines before, or import it in parts

## Facilities and contacts

unknown-facility = no facility '{ $text }'; give our id or system:value such as 'kemenkes:3374010', or look it up at /v1/search
unknown-facility-named = { $meant ->
    [none] there is no facility called '{ $text }' that you may report for; send its id, such as kemenkes:3374010, or look for its name in /v1/search
   *[other] '{ $text }' is not clearly one of the facilities that you may report for; did you mean { $meant }? Send its id
}
ambiguous-facility = '{ $text }' can be { $facilities }{ $more ->
    [0] {""}
    [one] {" "}or one more
   *[other] {" "}or { $more } more
}; send the id of the one that is meant, or its region behind the name
ambiguous-facility-in-region = '{ $text }' in this region can be { $facilities }{ $more ->
    [0] {""}
    [one] {" "}or one more
   *[other] {" "}or { $more } more
}; write the id of the one that is meant into a column 'external_ids' or 'id', or a smaller region
facility-named = { $name }, { $place } ({ $id })
facility-closed = { $name } is marked as closed; if it is open again, a coordinator sends PATCH with "closed": false
not-in-directory = it is not in the directory
invalid-external-id = '{ $text }' is not an external id such as 'kemenkes:3374010' (system:value)
likely-duplicate = this is probably { $name } ({ $id }) in { $place }; if it is, merge { $new } into it: POST /v1/facilities/{ $id }/merge
merge-of-one = { $name } is this facility already; name the other entry
external-id-taken = { $external } belongs to { $name } ({ $id }); change that facility, or leave the id out
invalid-phone = '{ $text }' is not a telephone number of 3 to 20 digits such as '024-8413476'
list-too-long = { $count } is more than { $most }
unknown-contact = no contact { $id }; the answer of its region lists the contacts with their ids

## Types

invalid-type-code = '{ $text }' is not a type code such as 'bed.icu_vent'; /v1/types lists them
# $isolation: whether the type is one of /v1/isolation; $meant: a type with a similar name, or none.
unknown-type-here = { $isolation ->
    [true] there is no type '{ $code }' here; ask /v1/isolation; /v1/types lists the types
   *[false] { $meant ->
        [none] there is no type '{ $code }' here; /v1/types lists the types
       *[other] there is no type '{ $code }' here; did you mean { $meant }? /v1/types lists the types
    }
}
sentence-too-long = a question has at most { $most } words, and this one has { $count }; leave out what does not matter
sentence-not-read = nothing in '{ $text }' says what is needed or where; write for example: icu anak ventilator tembalang
type-named = '{ $code }' ({ $label })
ambiguous-type = '{ $given }' can be { $types }{ $more ->
    [0] {""}
    [one] {" "}or one more
   *[other] {" "}or { $more } more
}; send the code of the one that is meant
type-named-twice = '{ $given }' and '{ $other }' are both the type '{ $code }'; send its numbers once
type-without-places = '{ $code }' counts no places: holds and notes are for beds and isolation; /v1/types lists them
one-of-two = send '{ $one }' or '{ $other }', not both
# $without: the attribute without which there are types, and $codes, those types; or none.
no-type-is-all = { $without ->
    [none] no type is all of what is asked for; /v1/types says what each is
   *[other] no type is all of what is asked for; without '{ $without }' there are { $codes }; /v1/types says what each is
}
external-code-taken = { $code } means { $other } already; take it out of that type first
kind-of-type-is-fixed = the kind of a type never changes; retire it and add another
not-hours = '{ $value }' is not a number of hours
type-hours-crossed = a number ages after { $aging } hours and is stale after { $stale }: the first must be at least 1, the second greater
not-a-flag = '{ $value }' is not yes, no or empty

## Numbers

count-is-negative = { $value } is negative; send 0 for none, or null for unknown
count-too-large = { $text } is more than { $most }; check the number
count-not-whole = { $text } is not a whole number; send a whole number, or leave it unknown
number-as-text = { $value } is text; send the number without quotes, or null for unknown
numbers-are-an-object = must be an object with capacity, occupied, available and queue
above-capacity-together = available { $available } + occupied { $occupied } = { $used } is more than capacity { $capacity }; correct one of them
above-capacity-occupied = occupied { $occupied } is more than capacity { $capacity }; correct one of them
above-capacity-available = available { $available } is more than capacity { $capacity }; correct one of them
above-capacity-kept = { $said }. This report leaves the capacity out, and { $capacity } was stated at { $moment }: state the capacity too if it is another now
delta-out-of-range = { $delta } is not -1000 to 1000 without 0; use confirm when nothing changed
too-few-free = only { $available } are free; report the numbers anew with PUT if that is wrong
nothing-to-adjust = the number of free places is unknown; report it once with PUT before adjusting it
nothing-to-confirm = there are no known numbers to confirm; report them once with PUT
# $code: the type; $field: one of its numbers; $moment: when the number before was true, or none if others came since, which are doubted too.
confirm-jump = { $code }: { $field } is { $now } and was { $before } { $moment ->
    [none] before it jumped
   *[other] before ({ $moment })
}; if that is right, send the same again with confirm=true, else correct it

## Times

not-an-actor = '{ $text }' names nobody who changes things; write the id of a key, or one of { $known }
not-a-time = '{ $text }' is not a time that has one reading; write it as 2021-07-01T14:05:00+07:00, or 2021-07-01 14:05 as the local clock shows it
observed-in-future = { $said } is after now ({ $now }); check the clock and the time zone, or leave the time out
time-before-2000 = { $said } is before the year 2000; check the time
not-a-time-of-day = '{ $text }' is not a local time of day such as 08:00
not-a-date = '{ $text }' is not a date of this century such as 2021-07-02
date-is-over = { $last } is over: today is { $yet }; ask about a day to come
as-of-in-future = it is { $now } now; ask about an earlier moment, or leave as_of out
moment-not-kept = the earliest moment kept is { $earliest }; /v1/facilities/ID/history has days in short before it
changes-not-kept = changes are kept from { $first } on; start again from /v1/snapshot
changes-not-there-yet = the newest change is { $last }: the directory was put back to an earlier state; start again from /v1/snapshot
changes-of-another-epoch = the directory was put back to an earlier state (this is epoch { $epoch } of its log); start again from /v1/snapshot
seq-unknown = the newest change is { $last } of epoch { $epoch }: the directory was put back to an earlier state, or the number is not from here; look whether your change is there, and leave sedia-seq out
header-not-a-number = send in '{ $name }' the number that came in the header of this name

## Reports and lists of rows

report-is-empty = name at least one type, or one session under 'sessions', with its numbers
list-is-empty = there is no row in it; send at least one report
all-rows-refused = none of the { $count } rows can be taken; 'errors' says why, row by row. Nothing was stored
too-many-rows = there are more than { $most } rows; send them in several requests. Nothing was stored
list-of-rows-missing = send a list of rows, or an object whose field 'reports' is one
field-beside-reports = '{ $name }' is not known here; beside 'reports' there is nothing
not-a-list-of-rows = must be a list of rows
not-a-row = a row must be an object such as { "{" }"facility": "kemenkes:3374010", "type": "bed.icu", "available": 3{ "}" }
row-without-facility-or-type = '{ $field }' is empty; a row names a facility and a type
row-without-session = 'session' is empty; numbers of { $session-type } name the session, as ID or ID@2021-07-02
row-with-needless-session = only { $session-type } has sessions; leave 'session' empty, or correct 'type'
row-twice = row { $other } reports the same type of the same facility at the same moment; keep one of them
session-day-twice = the numbers of { $date } are stated twice; keep one of them
# The refusal of one row of a list, as that row got it.
as-was-said = { $detail }

## Tables

header-lacks-all = the header line has none of the columns { $columns }
header-lacks-facility = the header line has no column 'facility'; add it, or name one 'facility' for the whole table
header-lacks-column = the header line has no column '{ $column }'; it needs { $required }
room-or-class = the room '{ $room }' and the class '{ $class }' may both be the type; write the type in one column only
mapping-unreadable = write it as a JSON object, such as '{"{"}"Sisa": "Kosong"{"}"}': { $error }
mapping-too-long = at most { $most } headings
mapping-to-nothing = '{ $heading }' is to be read as '{ $meant }', but no such heading is known; use the name of a column such as 'available' or 'ICU free', or null to pass it over
mapping-heading-missing = The heading '{ $heading }' of the mapping is not in this table.
column-twice = the header line has the column '{ $name }' twice; rename one of them
# A number of a table with a column for each number of a type.
in-column = column '{ $heading }' ({ $type }): { $detail }
# $shown: rounded to few digits, or with marks between thousands.
code-shown-as-number = { $shown ->
    [rounded] '{ $text }' is a code that the spreadsheet rounded to a number; its last digits are lost
   *[other] '{ $text }' is a code that the spreadsheet shows as a number with marks between thousands
}. Set the format of its column to Text, then write the code again
phone-completed = the telephone '{ $text }' without an area code is read as '{ $meant }', like the number before it
name-of-another-facility = the code is that of { $coded }, but the name '{ $text }' is that of { $named }; mend one of them
name-beside-code = the code is that of { $coded }, but the name is '{ $text }'; check the code
# $short: whether the row has too few cells.
row-of-another-width = { $short ->
    [true] row { $row } has { $has } cells where the header has { $needs }; is half the line missing?
   *[false] row { $row } has { $has } cells where the header has { $needs }; delete separators at its end, and put a cell that holds one into double quotes
}
# $row: the number of the row, 0 for the header line.
table-not-utf8 = { $row ->
    [0] the header line is not UTF-8; save the table as UTF-8
   *[other] row { $row } is not UTF-8; save the table as UTF-8
}
# $row: the number of the row, 0 for the header line.
table-unreadable = { $row ->
    [0] the header line cannot be read ({ $error })
   *[other] row { $row } cannot be read ({ $error })
}

# $what: what the file is.
table-is-something-else = { $what ->
    [json] this is JSON; a table is needed here, as .xlsx or CSV
    [html] this is a web page or XML, perhaps under the name of a spreadsheet; open it in a spreadsheet program and save it as .xlsx or CSV
    [image] this is a picture; send the table itself, as .xlsx or CSV
    [pdf] this is a PDF; send the table itself, as .xlsx or CSV
   *[word] this is a text document; send the table itself, as .xlsx or CSV
}
table-too-large = the table is too large to be read at once; delete empty rows and columns, or save it as CSV and send it in parts. Nothing was stored
workbook-binary = a binary workbook (.xlsb) is not read; open it in Excel, save it as .xlsx or CSV, and send that
workbook-locked = the workbook is protected by a password; take it off, or save the sheet as CSV
workbook-not-excel = this .xlsx file (Excel workbook) cannot be read ({ $error }); open it and save it anew, or save the sheet as CSV
workbook-unreadable = the workbook cannot be read ({ $error }); save it as .xlsx or CSV
workbook-is-empty = there is nothing in the visible sheets of the workbook
# $names: the names of sheets, in a list.
sheets-hidden = hidden sheets were not read: { $names }
# $name: the sheet that was read; $names: others, in a list.
sheets-not-read = only the sheet '{ $name }' was read, not { $names }; send each in a file of its own
cell-too-long = the cell under '{ $column }' is longer than { $most } characters; is a quote never closed?
column-misspelt = '{ $heading }' is no known column and was passed over: did you mean '{ $meant }'?
column-nearly-known = '{ $heading }' is no known column: did you mean '{ $meant }'? Correct the heading, or give it another name
column-of-no-type = the column '{ $heading }' was not read: beside the columns of each type it does not say which type it is about
formula-without-value = the formula under '{ $column }' has no value yet: open the workbook in a spreadsheet, save it, and send it again
column-of-which-number = the column '{ $heading }' names a type, but not which of its numbers it holds: write '{ $heading } tersedia' or '{ $heading } kapasitas'
unknown-bps-code = { $loaded ->
    [true] no region has the code '{ $given }'; look the region up by name at /v1/search
   *[other] '{ $given }' means nothing here, because no codes of BPS were loaded: load them with 'sedia import regions' from a table with the columns code,bps_code, or send the region's name or its Kemendagri code
}
not-a-bps-code = '{ $text }' is no code of BPS; it has 2, 4, 7 or 10 digits
bps-code-taken = the code '{ $text }' of BPS belongs to { $region } already; take it away there first
column-passed = the column '{ $heading }' is not known and was passed over
line-is-total = line { $line } was passed over: it is a total ('{ $text }')
line-is-remark = line { $line } was passed over: it is a remark ('{ $text }')
more-lines-passed = { $count } more lines were passed over
# $one and $other: the two numbers that it can be.
count-ambiguous = '{ $text }' can be { $one } or { $other }; write the number without a mark for thousands
count-of-several-rows = { $text } stands in a cell that is merged over several rows; write each row's own number
row-copied = the same as row { $other }; it counts once
# Rows of different rooms of one type.
rooms-added = the numbers of { $rooms } rooms were added up
room-added = added up with row { $other }
room-lacks = row { $other } is another room of the same type and cannot be read, so nobody knows the sum; correct that row
room-not-added = row { $other } is another room of the same type and was refused; correct that row
facility-twice = row { $other } says something else about { $id }; keep one of them
phone-lost-zero = '{ $text }' has lost its zero and was read as '{ $meant }': check it, and set the column to text in the spreadsheet
phone-rounded = '{ $text }' has lost digits and was left out; set the column to text in the spreadsheet and write the number anew
region-read-as = '{ $text }' was read as { $code }, { $name }
region-code-lost-zero = '{ $text }' is no region code; perhaps it was '{ $meant }' before a spreadsheet took it for a number: set the column to text
coordinates-mended = lat '{ $lat }', lon '{ $lon }' cannot be right and were read as lat { $read-lat }, lon { $read-lon }, the only reading in the region; correct them
coordinates-outside = lat '{ $lat }', lon '{ $lon }' do not lie in Indonesia; write degrees such as lat -6.99 and lon 110.42


## Rooms that hospital systems report

# $system: the hospital system, which names rooms in its own way.
bridge-path-not-taken = '{ $path }' is a path of { $system } that is not taken here; these are: { $taken }
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
too-many-rooms = the facility has { $most-rooms } rooms already; remove those that are no longer there
hospital-code-missing = send in X-rs-id the hospital's code at the ministry
neither-text-nor-number = { $other } is neither a text nor a number
# $row: the number of the row in the list.
room-of-row = row { $row }: { $detail }. No row was stored
not-a-room = { $other } is no row of a room; send a JSON object
row-member-twice = '{ $name }' stands there twice with different contents; send one of them

## Vaccination sessions

unknown-session = no session '{ $text }' there; /v1/vaccinations lists the sessions with their ids
no-session-that-day = the session is not held on { $date }, or that is more than { $furthest } days away; check the date, or leave it out for the next one
session-is-over = the session is over or cancelled; /v1/vaccinations lists those to come
session-without-days-to-come = none of its days is still to come; check the date and the hours, or cancel it
too-many-sessions = it has { $running } sessions to come; use 'weekly' instead of many days, or end some
session-of-another-facility = this session belongs to { $facility }; add a new one for another facility
session-date-or-weekly = give either 'date', for one day, or 'weekly', for days of every week
session-too-far-ahead = { $next } is more than { $furthest } days away; check the year
session-not-held-on-exception = { $day } is a { $weekday }, and the session is held on { $held }; give a day on which it would be held
session-exceptions-too-many = more than { $most } days
session-ends-early = it ends before it begins
session-closes-early = { $to } is not after { $from }; a session closes on the day it opens
session-without-weekdays = name at least one of mon, tue, wed, thu, fri, sat, sun
session-without-doses = name the doses that are given, each a number from 1 to 9, such as [1, 2]
session-ages-crossed = age_max { $max } is less than age_min { $min }; correct one of them
session-fee-too-high = { $fee } rupiah is more than 100000000; check the fee

## Calls, holds and notes

unknown-mark = no mark { $id }, or it has ended; /v1/marks lists those that stand
already-claimed = { $by } is phoning them, until { $until } at the latest; see what they find, or call another
held-by = { $by } until { $until }
all-held = { $label }: { $free } free, { $held } held already ({ $by }); if they keep one more for you all the same, send it again with confirm=true
too-many-marks = { $most-marks } marks stand at this facility; take some back, or wait until they end
too-many-notes-by-public = so much has been said of this facility that nothing more is taken; a coordinator will see to it
mark-of-somebody-else = only who left a mark takes it back, or a coordinator of the region; ask one of them
mark-minutes = { $minutes } is not 1 to { $most }; leave it out for { $usual }
phone-not-listed = the facility does not list { $wanted }; give a number of its 'phones', or leave it out for all
note-of-facility = this verdict is about the facility; leave the type out
note-phone-misplaced = a telephone belongs to phone_dead; leave it out
note-type-missing = name the type whose number it is about
note-numbers-of-nothing = numbers of what? name the type, or leave them out

## Texts, words and links

text-length = must be 1 to { $most } characters of plain text, not { $length }
text-invisible = the invisible character { $code } follows '{ $after }'; delete it, or type the text anew
name-without-letters = '{ $name }' has neither a letter nor a digit; write the name as people say it
invalid-word = '{ $text }' must be 1 to 40 lower-case letters, digits or '_'
invalid-url = must be an http or https link such as https://example.go.id/daftar, at most 500 characters
not-an-id-of-ours = '{ $text }' is not an id of ours, which looks like 0196f1b0-0000-7000-8000-000000000000

## Fields

missing-field = '{ $name }' is missing; add it
unknown-field = '{ $name }' is not known here; known are { $known }
unknown-field-without-others = '{ $name }' is not known here; leave it out
# $text: the word that was sent; $known: the words that fit, in a list.
none-of = '{ $text }' is none of { $known }
# $said: the reason in English, from a library.
field-unfit = this does not fit: { $said }
field-of-another-type = must be { $wanted }, and { $found } was sent
field-not-removable = '{ $name }' cannot be taken away; leave it out, or send another value
field-out-of-range = { $found } is too small or too large here
field-not-text = { $value } must be text in quotes
# What was sent, for field-of-another-type.
json-that-number = the number { $number }
json-that-text = the text "{ $text }"
# What must be sent, or was sent, for field-of-another-type.
json-list = a list
json-object = an object
json-text = text
json-truth = true or false
json-number = a number
json-whole-number = a whole number

## Parameters and pages

parameter-empty = '{ $name }' is empty; give it a value, or leave it out
parameter-twice = '{ $name }' is given more than once; give it once
parameter-out-of-range = '{ $text }' is not a whole number from { $least } to { $most }
not-a-change-number = '{ $text }' is not the number of a change, such as 8721
not-an-event-id = this is not the id of an event of ours; leave it out to start now
search-for-nothing = say what to look for: q=kariadi
within-needs-near = 'within' needs 'near': a distance from where?
date-or-span = give either 'date', or 'from' and 'to'
days-out-of-order = { $last } is before { $first }; exchange them, or leave one out
span-too-long = { $last } is more than { $most } days after { $first }; ask for fewer days
moments-out-of-order = 'to' must be later than 'from'
demand-span = 'from' must be 0 to { $most-days } days before 'to'
invalid-cursor = this is not a cursor of ours; take 'next' from the page before as it is, or start without a cursor
cursor-of-another-query = this cursor belongs to other parameters; keep them all the same from page to page, or start without a cursor

## The body and its form

json-empty = the body is empty; send the JSON of what you want to change
json-ends-early = the JSON ends too early, at line { $line }, column { $column }: a bracket or a quotation mark is not closed, or the text was cut off
form-unreadable = the form cannot be read ({ $error }); send it as multipart/form-data with its boundary
form-without-file = the form has no file; add one, as in curl -F file=@table.xlsx
json-broken = this is not JSON: look at the quotes, commas and brackets at line { $line }, column { $column }
json-member-twice = '{ $name }' stands there twice, once at line { $line }, column { $column }; send it once
body-not-utf8 = byte { $at } of the body is not UTF-8; send UTF-8
file-not-utf8 = this is not UTF-8 ({ $error }); save it as UTF-8
parameters-not-utf8 = the parameters are not UTF-8; percent-encode them from UTF-8
body-cut-short = the body ended before it was complete; send it again
body-too-large = the body is larger than { $most } KiB; send it in parts
body-packed = { $coding } is not taken; send the body as it is
media-type-not-taken = '{ $given }' is not taken here; send { $taken }
not-acceptable = this is served as { $types }
invalid-idempotency-key = must be 1 to 128 visible ASCII characters, such as a UUID
idempotency-key-reused = this key came with another request in the last 24 hours; make a new key for each new request
version-mismatch = { $what ->
    [session] the session is at version { $now } now; read it again, look at what changed, and send again
   *[facility] the facility is at version { $now } now; read it again, look at what changed, and send again
}
not-an-etag = '{ $tag }' is not the ETag of a facility; take it from GET /v1/facilities/ID as it is
path-unreadable = the path cannot be read: { $error }
no-such-path = there is nothing at this path; /docs lists what there is
metrics-elsewhere = metrics are at the address of the probes, SEDIA_LISTEN_PROBES
no-such-problem = there is no problem code '{ $name }'
method-not-allowed = this path does not know this method; the Allow header and /docs list the methods

## Too much at once, and what is not possible right now

too-many-requests = too many came from you or from everybody together; try again after Retry-After seconds, or tell the contacts of the region
overloaded-by-key = too many requests with this key at once; send fewer at the same time, again after Retry-After seconds
overloaded-connections = too many connections from this address at once; keep fewer open, again after Retry-After seconds
overloaded-bodies = too many bodies are being read; send it again after Retry-After seconds
overloaded-reports = too many reports are waiting; send it again after Retry-After seconds
overloaded-waits = too many questions are waiting for the newest changes; send it again after Retry-After seconds
overloaded-node = this node is too busy to answer in time; ask again after Retry-After seconds
overloaded-past = too many ask about the past just now; ask again after Retry-After seconds
overloaded-streams = as many clients as this node takes follow it already; come again after Retry-After seconds, or ask /v1/changes
overloaded-snapshots = too many snapshots at once; come again after Retry-After seconds
request-too-slow = the request took longer than 30 seconds; send less at once
body-too-slow = the body came too slowly: { $read } bytes, where { $rate } KiB a second are needed after the first { $grace } seconds; send less at once, or over a better line
unavailable-unstored = nothing of this was stored; send it again after Retry-After seconds
unavailable-unsure = it is not known whether this was stored; send it again with the same Idempotency-Key after Retry-After seconds
unavailable-read = the database is away; try again
behind = this node cannot read change { $seq } from the database at the moment; send it again after Retry-After seconds, or leave sedia-seq out and take an older answer
history-unavailable = the database is away; ask again after Retry-After seconds, current answers go on meanwhile
unavailable-stopping = this node is stopping
unavailable-database = the database is away
unavailable-failing = reports cannot be stored; the node keeps trying, and its log says why
unavailable-outdated = a newer version of Sedia has changed the database so that this one can no longer read it; start the newer version here
unavailable-damaged = the file of the database is damaged; put a backup in its place and start the node again
unavailable-disk = the disk of the database is almost full; make room on it
unavailable-stuck = nothing has moved in this node for { $seconds } seconds; start it anew
unavailable-slow = this node has not found out within { $seconds } s whether it is ready: it is overloaded, or its database does not answer; send requests to others meanwhile
internal-panicked = this should not have happened; tell the operator the request_id
internal-failed = the answer could not be made; try again, and tell the operator if it stays so
