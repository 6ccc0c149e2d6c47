### The pages of the coordinator's office.

## Every page of the office

office-page = Coordinator's office
office-title = Coordinator's office · { $region }
office-sections = Sections of the office
office-first = What to do
office-facilities = Facilities
office-site = Add an isolation site
office-import = Import a table
office-links = Report links
office-keys = Keys
office-duplicates = Possible duplicates
office-unmapped = Rooms without a type
office-contacts = Contacts
office-sessions = Vaccination sessions
office-changes = Log of changes
office-elsewhere = This is outside your region
office-back = Back to what to do
office-wrong-title = To be mended: { $title }
office-overtaken = While this form was open, somebody else changed the same data. Nothing was stored. Compare it with what stands now, and save again if yours is right.
office-stands-now = Stands now
office-save = Save
office-cancel = Cancel
office-change = Change
office-remove = Remove
office-more = Next page
office-actions = Actions
office-text = Text
office-whatsapp = Open WhatsApp
office-copy = Copy the text
office-copied = Copied
office-done-stored = The change is stored and shows.
office-done-number = The number is stored and shows.
office-done-confirmed = The number is confirmed. It has left this list.
office-done-seen = The note is marked as seen to.
office-done-closed = The facility is closed. Answers leave it out; its history stays.
office-done-reopened = The facility is open again and shows in answers.
office-done-revoked = Revoked. It is refused from now on.
office-done-merged = Merged. The old address and codes lead to this facility.
office-done-mapped = The code is known now. Its rooms count.
office-done-ended = Ended. Answers leave it out.

## Who has not reported, and odd numbers

office-tile-silent = have not reported
office-tile-doubts = doubtful numbers
office-silent = Not reported
office-reporting = { $facilities ->
    [1] Of 1 facility, { $fresh } has fresh numbers.
   *[other] Of { $facilities } facilities, { $fresh } have fresh numbers.
}
office-since = Not reported since
office-since-due = Numbers no longer fresh
office-since-today = Not today
office-since-yesterday = Since yesterday
office-since-week = Since a week
office-silent-none = Everybody has reported.
office-silent-caption = { $since }, the longest silent first
office-facility = Facility
office-last-report = Last report
office-telephone = Telephone
office-remind = Remind
office-old-types = { $count ->
    [1] 1 type has old numbers
   *[other] { $count } types have old numbers
}
office-never = Never reported
office-no-phone = No telephone number
office-mend-phone = Correct the telephone
office-reminder-text = Text of a reminder
office-reminder = To { $facility }: { $last ->
    [none] we have not received a report of free places from you yet.
   *[other] { $last }
} Please send today's numbers through your report link. If you have lost the link, answer this message and we will send a new one. Thank you.
office-reminder-last = the last report of free places that we received is from { $age } ({ $moment }).
office-new-link = Make a new link
office-doubts = Doubtful numbers
office-doubts-none = No number is in doubt.
office-doubts-lead = { $count ->
    [1] 1 number or note needs a look. Phone the facility, then confirm or correct it.
   *[other] { $count } numbers or notes need a look. Phone the facility, then confirm or correct them.
}
office-doubt = { $why ->
    [jump] { $type } is far from before: { $now } now, before it was { $before ->
        [none] unknown
       *[other] { $before }
    }.
    [disputed] { $type } is disputed by several callers: it says { $now }{ office-heard }.
    [wrong] { $type ->
        [none] Somebody says that the data are wrong{ office-heard }.
       *[other] { $type } is said to be wrong: it says { $now }{ office-heard }.
    }
    [phone_dead] Nobody answers the telephone.
   *[closed] It is said to be closed.
}
office-heard = { $heard ->
    [none] {""}
   *[other] , by telephone they said { $heard }
}
office-is-right = The number is right
office-mend-number = Correct the number
office-seen-to = Seen to the note of { $by }

## Facilities

office-find = Name of the facility
office-to-mend = To be mended
office-any = All
office-closed-too = Closed ones too
office-nothing-found = No facility fits. Try only a part of its name.
office-facilities-caption = { $count ->
    [1] 1 facility on this page
   *[other] { $count } facilities on this page
}
office-closed = closed
office-flag = { $flag ->
    [region_unsure] region not sure
    [location_doubtful] point doubtful
    [location_invalid] point unreadable
   *[phone_unsure] telephone doubtful
}
office-internal = for staff only
office-mend = Correct the data
office-mend-numbers = Correct a number
office-numbers-heading = Numbers
office-numbers-caption = The last number of each type
office-standing = Says
office-observed = As of
office-source = From
office-source-way = { source-way }{ $reporter ->
    [none] {""}
   *[other] { " " }({ $reporter })
}
office-disputed = disputed
office-jump = jumped
office-freshness = { $freshness ->
    [aging] growing old
    [stale] old
    [unknown] unknown
   *[fresh] fresh
}
office-history = History
office-history-of = History: { $type }
office-history-table = History as a table
office-late = late
office-chart-legend = Thick line: free. Dashed line: places in all. Gap: no report that can still be believed. The last 14 days.
office-notes = Notes
office-note = { $source ->
    [public] The public
   *[other] { $by }
}, { $when }: { $verdict ->
    [confirmed] the number is right
    [wrong] the number is wrong
    [phone_dead] nobody answers the telephone
    [closed] closed
   *[open] open
}{ $heard ->
    [none] {""}
   *[other] , they said { $heard }
}.
office-existence = Close and reopen
office-close = This facility is closed
office-close-hint = Answers leave a closed facility out. Its history stays, and it can be opened again.
office-reopen = Open this facility again
office-ids = Codes in other systems: { $ids }
office-ids-heading = Codes in other systems
office-mend-title = Correct the data of { $facility }
office-name = Name
office-kind = Kind
office-kind-hint = Such as hospital, puskesmas, isolation_site.
office-region-hint = Kecamatan, then kabupaten or kota. Such as: Tembalang, Kota Semarang.
office-address = Address
office-point = Point on the map
office-point-hint = Latitude, longitude. Such as: -7.0512, 110.4381. Copy it from a map.
office-phone-number = Telephone { $place }
office-number = Number
office-phone-label = Description
office-phone-internal = For staff only, not for the public
office-which-number = Which number do you correct?
office-number-title = Correct a number: { $type }
office-number-hint = Leave empty what is not known. Empty is not 0.
office-capacity = Places in all
office-free-now = Free now

## An isolation site

office-site-lead = Enter its name, region and places. Then you get a report link for those who run it.
office-site-name-hint = As people there call it. Such as: Isoter Rumah Dinas Wali Kota.
office-site-phone-hint = The number that people who need a place call.
office-site-add = Add the isolation site
office-site-added = The isolation site is added
office-site-added-next = It shows in answers already. Send the link below to those who run it, so that its numbers stay fresh.

## Links and keys

office-links-lead = With a link, a facility reports without an account. Revoke a link that was lost, and make a new one on the page of its facility.
office-links-none = No link is valid.
office-links-caption = Report links
office-links-find = Find a facility to make a link
office-link-holder = Holder
office-link-holder-hint = For whom the link is. Such as: Bu Sri, IGD.
office-link-days = Valid for how many days
office-link-days-hint = Empty: 30 days.
office-make-link = Make a report link
office-made-at = Made
office-ends = Valid
office-ends-at = { $state ->
    [revoked] revoked { $moment }
    [over] ended { $moment }
    [until] until { $moment }
   *[never] without an end
}
office-revoke = Revoke
office-link-made = The report link is made
office-shown-once = Shown this once. Send it or note it now; when this page is closed, nobody can see it again.
office-qr = QR code of the report link of { $facility }
office-link-send = Send it to its holder
office-link-text = Report link of { $facility }: { $address }
    Open it on a phone, enter the numbers, send. { $until ->
        [none] It has no end.
       *[other] Valid until { $until }.
    } Do not pass it on.
office-to-facility = To the facility's page
office-keys-lead = People sign in with keys, and hospital systems send numbers with them.
office-keys-caption = Keys of this region
office-key-holder = For whom
office-role = Role
office-role-name = { $role ->
    [agent] call-centre agent
    [coordinator] coordinator
    [reporter] reporter of one facility
    [bridge] hospital system
    [admin] admin
   *[link] link
}
office-key-openid = signs in at { $issuer } as { $subject }
office-last-used = Last used
office-never-used = never
office-make-key = Make a key
office-key-region-hint = For agents and coordinators. { $region ->
    [none] Empty: the whole country.
   *[other] Empty: { $region }.
}
office-key-facilities = Facilities
office-key-facilities-hint = For reporters and hospital systems: codes of facilities, such as kemenkes:3374010, separated by commas.
office-key-days-hint = Empty: without an end.
office-key-made = The key is made
office-key-made-next = Its holder signs in with it once. Send it in a safe way.

## Importing a table

office-import-lead = A table of a hospital or an agency, in Excel or CSV. Nothing is stored before you have seen how it was read.
office-import-facility = Facility
office-import-facility-hint = Only where the table is of one facility and does not name it in each row. For example: RSUD Kota Semarang.
office-import-what = What is in the table
office-import-kind = { $kind ->
    [facilities] A list of facilities (names, regions, telephones)
   *[reports] Numbers of beds and isolation places
}
office-file = File
office-file-hint = .xlsx, .xls, .ods or .csv, at most 8 MB.
office-file-missing = Choose the file first.
office-file-unreadable = The file cannot be read ({ $error }). Choose it again.
office-file-again = Choose the same file once more (it is too large for this page to carry)
office-preview = Look first
office-preview-title = This is how the table was read
office-imported = The table is imported
office-import-told = { $rows } rows: { $accepted } accepted ({ $changed } change something), { $refused } refused.
office-store = { $rows ->
    [1] Store 1 row
   *[other] Store { $rows } rows
}
office-overwrite = Take the table's word also for what a person corrected
office-outcome-table = Download the table with outcomes (CSV)
office-another-file = Another file
office-rows-refused = Refused: to be mended
office-rows-warned = Accepted with a remark
office-rows = Outcome of each row
office-line = Line
office-row = Content
office-remark = Remark
office-outcome = Outcome
office-cut = and { $more } rows more; all are in the table with outcomes.
office-changes-listed = What changes
office-what = What
office-before = Before
office-after = After
office-added = added
office-kept = left alone: a person corrected it
office-part = { $part ->
    [name] name
    [kind] kind
    [region] region
    [address] address
    [phones] telephones
    [point] point
   *[intake] intake
}
office-row-status = { $status ->
    [accepted] accepted
    [late] late: goes into the history only
    [added] added
    [changed] changed
    [unchanged] the same as before
   *[refused] refused
}
office-reading = How the columns were read
office-reading-caption = Headings in line { $line }{ $sheet ->
    [none] {""}
   *[other] { " " }of the sheet { $sheet }
}
office-heading = Heading
office-meaning-of = Meaning of the column { $heading }
office-meaning-hint = A column that was read wrongly can be corrected: enter the name of a column, such as 'available' or 'ICU free', or clear it to pass it over. Then look again.
office-look-again = Look again
office-meaning = Read as
office-passed-over = passed over
office-column = { $column ->
    [facility] facility
    [type] type
    [room] name of the room
    [session] vaccination session
    [capacity] capacity
    [occupied] occupied
    [available] free
    [queue] waiting
    [observed_at] time of the count
    [name] name
    [kind] kind of facility
    [region] region
    [region_code] code of the region
    [kecamatan_code] code of the kecamatan
    [external_ids] codes in other systems
    [code] code of the ministry
    [aliases] other names
    [address] address
    [phones] telephones
    [phone] telephone
    [lat] latitude
    [lon] longitude
    [criteria] who is taken in
    [bring] what to bring
    [pickup] transport
    [referral] referral
   *[other] { $column }
}

## Duplicates and rooms

office-duplicates-lead = Pairs that are alike in name, place and telephone. Compare them; if both are one facility, merge them.
office-duplicates-none = Nothing looks like a duplicate.
office-first-entry = Added first
office-second-entry = Added later
office-in-common = The same
office-same = { $same ->
    [name] name
    [place] place
   *[phone] telephone
}
office-compare = Compare
office-merge-title = Is this one facility?
office-stays = Stays
office-goes = Goes into it
office-swap = Swap: let the other one stay
office-merge-question = Merge
office-merge-what = { $goes } goes into { $stays }: its codes, telephones, other names, rooms, sessions, keys and links go over. Of two numbers the newer one counts. Nothing undoes a merge.
office-merge-sure = I am sure that both are one facility
office-merge = Merge now
office-unmapped-lead = Hospital systems sent codes of rooms that are not known yet. The rooms are kept, but they do not count.
office-unmapped-none = All rooms count.
office-code = { $code ->
    [none] Without a code
   *[other] Code { $code }
}
office-room = Room
office-means = This code means
office-map = Count it as this type
office-map-admin = An admin says which type it is, because a code is the same for the whole country. Tell an admin what this code means.
office-map-no-code = Its system never sent a code. Ask the hospital to enter the class in its system.
office-which-type = Choose the type.

## Contacts and sessions

office-contacts-lead = Whom to call when nothing is free, in this region and below.
office-contacts-none = There is no contact yet. Add the health office, the task force, or PSC 119.
office-contact-add = Add a contact
office-contact-change = Change a contact
office-contact-name-hint = Name of an office or a person. Such as: Dinas Kesehatan Kota Semarang.
office-contact-role = Role
office-contact-role-hint = One word: psc119, satgas, dinkes or call_centre.
office-sessions-none = There is no vaccination session yet.
office-session-add = Add a vaccination session
office-session-change = Change a vaccination session
office-session-end = Cancel it
office-session-title = Name of the session
office-session-facility-hint = A facility's code: such as kemenkes:3374010, or the one in the address of its page.
office-product = Vaccine
office-product-hint = One word: sinovac, astrazeneca, moderna, pfizer.
office-dose = Doses
office-doses = dose { $doses }
office-when = When
office-every-week = every { $days }
office-weekday = { $day ->
    [mon] Monday
    [tue] Tuesday
    [wed] Wednesday
    [thu] Thursday
    [fri] Friday
    [sat] Saturday
   *[sun] Sunday
}
office-cancelled = cancelled
office-once = One day
office-date = Date
office-weekly = Or every week
office-days = Days
office-first-day = From
office-last-day = Until
office-hours = Hours
office-from = Begins
office-to = Ends
office-for-whom = For whom
office-age-min = Youngest age
office-age-max = Oldest age
office-walk-in = One may come without booking
office-booking-phone = Telephone for booking

## Who changed what

office-changes-lead = All changes in this region, the newest first.
office-changes-all = All changes
office-who = By
