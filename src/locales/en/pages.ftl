### Pages for people: a facility's form and the public board.

## Every page

page-skip = Skip to the content
page-language = English
page-simulated = example
page-numbers = { $available ->
    [none] unknown
   *[other] { $available } free
}{ $capacity ->
    [none] {""}
   *[other] { " " }of { $capacity }
}{ $occupied ->
    [none] {""}
   *[other] , { $occupied } occupied
}{ $queue ->
    [none] {""}
   *[other] , { $queue } waiting
}
page-sign-in = Sign in (staff)
page-for-programs = For programs: the data and how to get them
page-link-ended = This link is no longer valid
page-link-ended-next = Ask the coordinator at your health office for a new one. The numbers that were sent are still stored.
page-not-found = There is no such page
page-not-found-next = Check the address: a letter may have been lost when it was copied.
page-failed = That did not work yet
page-failed-next = Try again in a while. What was said to be stored is stored.

## Signing in

sign-in-title = Sign in
sign-in-lead = Type or paste your key once, or the link that you were given. This browser then keeps neither of them.
sign-in-key = Your key or link
sign-in-send = Sign in
sign-in-ends = You are signed out after an hour without use, and after 12 hours.
sign-in-no-key = No key? A coordinator of your region or the operator makes one for you.
sign-in-failed = You are not signed in yet
sign-in-failed-key = This key or link is not valid, or has ended. Check that nothing was lost when it was copied, or ask your coordinator for a new one.
sign-in-failed-role = This is the key of a program. Ask your coordinator for a key of your own.
sign-in-failed-often = Too many attempts came from here. Wait two minutes, then try again.
openid-sign-in = Sign in with { $provider }
openid-or-key = Or with a key:
openid-signed-in = You are signed in
openid-go-on = Go on
openid-try-again = Try again
openid-with-key = Sign in with a key
openid-ask = Show this to the operator of this service, or to whoever manages accounts where you signed in: a group or an attribute of your account has to be added.
openid-revoked = Your access was taken back here. Ask the coordinator of your region or the operator why.
openid-signed-out = You are signed out here
openid-still-there = At { $provider } you may still be signed in. On a computer that others use, sign out there, too.
openid-sign-out = Sign out of { $provider }
openid-sign-in-again = Sign in again
account-title = Your account
account-pages = Your pages
account-role = { $role ->
    [agent] agent
    [coordinator] coordinator
    [admin] administrator
    [reporter] reporter
   *[other] holder of a link
}
account-ends = Signed in until { $moment } at the latest.
account-sign-out = Sign out
account-sign-out-everywhere = Sign out everywhere
account-sign-out-everywhere-hint = On every device where somebody signed in with this key
form-refused = This was not done
form-refused-next = The form did not come from a page of this site, or is from before you last signed in. Open the page again and repeat it.

account-other-role = This page is for others
account-other-role-next = Your key is that of a role that does not use it: { $role }. Go on with one of your own pages above.

## The desk of an agent

desk-title = Desk
desk-question = What the caller needs and where
desk-example = icu child tembalang
desk-lead = Type as the caller speaks, such as "icu child ventilator tembalang" or "vaccine dose 2 tomorrow kendal". The answer stands here while you type.
desk-copied = Copied. Paste it into WhatsApp.
desk-no-line = There is no line to the server. What stands here may be old.
desk-recent = Asked before
desk-reorder = There is a new order: show it
desk-aloud = Read aloud
desk-widened = { $reason ->
    [no_facility] Nobody there has this; these are the nearest around it.
    [nothing_free] Nothing is free there; these are the nearest around it.
    [only_stale] There are only old numbers there; these around it may be better.
   *[only_held] All free places there are held for others; these are around it.
}
desk-order = Fresh numbers first, then the nearest.
desk-wider = Look further away
desk-next = Next page
desk-distance = { $distance ->
    [near] less than 1 km
    [about] { $km } km
    [rough_near] probably less than { $km } km
   *[rough] about { $km } km
}
desk-tier = { $tier ->
    [fresh] Free by fresh numbers
    [aging] Free, numbers are some hours old
    [stale] Old or doubted numbers: call first
    [held] Held for others
    [unknown] Nobody knows what is free
   *[full] Full
}
desk-free = { $available ->
    [none] unknown
    [0] full
   *[other] { $available } free
}
desk-rest = { $occupied ->
    [none] {""}
   *[other] { $occupied } in use
}{ $capacity ->
    [none] {""}
   *[other] { " " }of { $capacity }
}{ $queue ->
    [none] {""}
    [0] {""}
   *[other] , { $queue } waiting
}
desk-freshness = { $freshness ->
    [fresh] fresh
    [aging] aging
    [stale] old
   *[unknown] unknown
}
desk-jump = Far from the number before: make sure by telephone.
desk-internal = not for callers
desk-no-phone = No telephone is known.
desk-call = Call
desk-claim = I am calling them
desk-hold = I send somebody
desk-end = Take back
desk-hold-again = Press again to send somebody all the same.
desk-copy = Copy for WhatsApp
desk-outcome = What they said
desk-heard = Free, as they said
desk-wrong = Another number
desk-confirmed = The number is right
desk-phone-dead = Nobody answers
desk-closed = It is closed
desk-left = { $what ->
    [claim] Colleagues now see that you are calling them.
    [hold] One place is held for whom you send: { $type }.
    [ended] Taken back.
    [phone_dead] Noted: nobody answers.
    [closed] Noted: it is closed.
   *[note] Noted.
}
desk-back = Back to the desk
desk-keys = Keys
desk-key-box = To the box
desk-key-move = To the next or the last facility
desk-key-column = To the column on the left or right
desk-close = Close

## The form of a facility

report-title = Report
form-title = Report for { $facility }
form-holder = This link is for { $name }. { $until ->
    [none] It does not end.
   *[other] It is valid until { $until }.
} Do not pass it on.
form-last-report = Last report { $age } ({ $moment }).
form-first-report = No report yet. Fill in what this facility has, and leave the rest empty.
form-closed = This facility is listed as closed. Tell the coordinator if that is wrong.
form-unchanged = Nothing has changed
form-unchanged-hint = All numbers below are still true
form-available = Free
form-capacity = Of
form-occupied = In use
form-queue = Waiting
form-left = Left
form-quota = Of the quota
form-session = { $title ->
    [none] {""}
   *[other] { $title },{" "}
}{ $day }, { $from }-{ $to }: { $product }
form-stale = old number
form-more-types = Other types
form-send = Send the report
form-changes = Changed:
form-jump = now { $now }; before { $before }
form-impossible = Free and in use together are more than there are places.
form-not-stored = Not stored yet
form-jump-question = The numbers are far from those before. Are they right?
form-jump-yes = Yes, they are right: store them
form-sending = Sending…
form-kept = There is no connection. The report is kept on this phone and goes by itself once there is one. Kept at
form-kept-sent = The report that was kept has been sent.
form-kept-refused = The report that was kept could not be taken. Check it and send it again.

## After the report

form-done = Stored
form-done-when = The report for { $facility } was received { $moment }.
form-due = Report again before { $moment }, so that the numbers still count as fresh.
form-outcome = { $type }: { $available ->
    [none] not known
   *[other] { $available } free
}{ $capacity ->
    [none] {""}
   *[other] { " " }of { $capacity }
}{ $before ->
    [none] {""}
   *[other] { " " }(before: { $before })
}
form-outcome-left = { $session }: { $left ->
    [none] not known
   *[other] { $left } left
}{ $before ->
    [none] {""}
   *[other] { " " }({ $before } before)
}
form-late = There were newer numbers already, so these only went into the history: { $types }
form-overtaken = Another report came while this form was open. Its newer numbers were left alone: { $types }
form-mend = Is a number wrong? Open the form again, mend it, and send.
form-again = Open the form again
form-rest = Not changed: { $count }

## The public board

board-title = What is free right now
board-lead = Hospital beds, isolation places and vaccination, as each facility reports them.
board-question = Type what you need and where, such as: icu child tembalang
board-find = Find
board-provinces = Choose a province
board-region-title = { $region }: free right now
board-above = Regions above
board-reporting = { $facilities ->
    [0] No facility is listed here yet.
   *[other] Of { $facilities } facilities, { $fresh } have fresh numbers, { $aging } have aging ones, { $stale } have old ones, and { $silent } have none.
}
board-beds = Beds
board-isolation = Isolation places
board-vaccination = Vaccination
board-nothing-recorded = Nothing is listed here yet.
board-having = { $available } of { $facilities } facilities have something free.
board-type = Type
board-share = In use and free
board-unknown = not known
board-at = at { $available } of { $facilities } facilities
board-bar = { $used } in use, { $free } free, of { $capacity }
board-beds-at = Free beds here
board-children = By region
board-children-caption = How many facilities have something free, of how many there are
board-region = Region
board-have-free = facilities have something free
board-more-places = Show more
board-more-types = and { $n ->
    [one] one more type
   *[other] { $n } more types
}
board-map-region = { $region }: { $facilities ->
    [0] no beds are listed
   *[other] { $available } of { $facilities } facilities have a free bed
}
board-map-legend = The number: how many facilities have a free bed. An empty circle: none has. A small dot: nothing is listed. Places are only roughly where they are.
board-map-legend-outlined = The number: how many facilities have a free bed. An empty circle: none has. A small dot: nothing is listed.
board-trend = The last { $days } days
board-trend-away = How it went cannot be read at the moment; try again in a minute.
board-trend-legend = Thick line: free by all numbers. Dashed line: free by numbers that could be believed then. Gap: nobody knew a number, or nothing was recorded.
board-trend-table = The same numbers in a table
board-trend-caption = What was free at each moment, by what was known then
board-trend-moment = Moment
board-trend-free = { $kind }: free
board-trend-stale = of these by old numbers
chart = { $title }. At least { $least } free, at most { $most }, last { $last }.
board-feed = Subscribe (Atom)
board-widget = For other sites
board-as-of = as of { $moment }
board-feed-day = { $region }, { $day }
board-feed-free = { $facility } has a free bed
board-numbers = Latest numbers
board-no-numbers = This facility has never reported: call first.
board-open-map = Open in a map
board-intake = How one gets in
board-contacts = Whom to call
board-found = What was found
board-found-title = Sedia: { $question }
board-unread = Words that could not be read: { $words }
board-nothing = Nothing was found. Call the numbers below.
board-widened = Nothing fits where you asked; these are the nearest around it.
board-not-understood = The question is not clear yet
board-call-first = Old numbers: call first.
board-old = make sure first
board-distance = { $km } km
board-session = { $day }, { $from }-{ $to }: { $product }, { $whom }{ $left ->
    [none] {""}
   *[other] , { $left } left
}
