### A region at a glance, who has reported, what was reported, and what was asked for in vain.

## A region at a glance

overview-kind = { $facilities ->
    [0] { kind-name }: nobody has reported any.
   *[other] { $kind ->
        [vaccination] { kind-name }, the next 7 days: { $available } of { $facilities } facilities have free slots.
       *[other] { kind-name }: { $available } of { $facilities } facilities have something free.
    }
}
# $free: how many are free, $stale of them by old numbers; $unknown: how many facilities do not say.
overview-total = { $free ->
    [none] { $kind ->
        [vaccination] { $label }: how many slots are free is not known
       *[other] { $label }: how many are free is not known
    }
   *[other] { $kind ->
        [vaccination] { $label }: { $free } free { $free ->
            [one] slot
           *[other] slots
        }{ overview-doubt }
       *[other] { $label }: { $free } free{ overview-doubt }
    }
}
overview-doubt = { $stale ->
    [0] {""}
   *[other] , { $stale } of them by old numbers
}{ $unknown ->
    [0] {""}
    [one] ; 1 facility not known
   *[other] ; { $unknown } facilities not known
}

## Who has reported

reporting-heading = Reporting { $place }
reporting-counts = { $facilities ->
    [0] No facilities are listed.
    [one] Reports: of 1 facility { $fresh } has fresh numbers, { $aging } aging ones, { $stale } old ones, { $silent } none.
   *[other] Reports: of { $facilities } facilities { $fresh } have fresh numbers, { $aging } aging ones, { $stale } old ones, { $silent } none.
}
reporting-missing = Where reports are missing:
reporting-region = { $region }: { $missing } of { $facilities } { $facilities ->
    [one] facility
   *[other] facilities
}
reporting-oldest-first = Facilities, those silent for longest first:
# $age, $moment: when it last reported, or none; $since: since when a report is due, or none.
reporting-facility = { $name }, { $where }: { $age ->
    [none] has never reported.
   *[other] last report { $age } ({ $moment }).
}{ $since ->
    [none] {""}
   *[other] { " " }Due since { $since }.
} { $phones }
reminders-heading = { $any ->
    [true] To be reminded to report:
   *[false] No report is due.
}
reminders-or-call = Or call { $contact }

## What one facility reported

history-heading = { $any ->
    [true] Reports of { $facility }, the last received first:
   *[false] No such reports of { $facility } are kept.
}
# $observed: when it was true, if that is another moment.
history-report = { $observed ->
    [none] Received { $received }. { $source }
   *[other] Received { $received }, observed { $observed }. { $source }
}
# $day: the day of the session it is about, or none.
history-number = { $day ->
    [none] { $label }: { $counts }
   *[other] { $label }, { $day }: { $counts }
}{ $outlier ->
    [true] { " " }(far from the number before)
   *[false] {""}
}{ $late ->
    [number] { " " }(late, a newer number was known)
    [session] { " " }(late, the session was over or a newer number was known)
   *[none] {""}
}
history-days = Older reports in short, by day (days begin at { $begin }):
# $free: how many were free on that day; $last: at last, if that is not already said.
history-day = { $day }, { $label }: { $free ->
    [none] how many are free is not known
    [range] { $min } to { $max } free
    [full] full
   *[same] { $min } free
}{ $last ->
    [said] {""}
    [none] , not known at last
    [0] , full at last
   *[other] , { $last } at last
}{ $capacity ->
    [none] {""}
   *[other] , capacity { $capacity }
}, { $reports ->
    [one] 1 report
   *[other] { $reports } reports
}

## How a region went

region-history-heading = { $any ->
    [true] { $region }, every { $hours } hours, the last first:
   *[false] Nothing is recorded yet of how it went in { $region }.
}
region-history-point = { $moment }: { $beds }; { $isolation }
region-history-free = { $kind ->
    [bed] beds
   *[isolation] isolation places
} { $available ->
    [none] unknown
   *[other] { $available } free{ $stale ->
        [0] {""}
       *[other] {" "}({ $stale } by old numbers)
    }
}

## What was asked for in vain

unmet-heading = { $any ->
    [true] Questions without a result { $place }, { $days } (days begin at { $begin }):
   *[false] No questions without a result { $place }, { $days }.
}
unmet = { $times ->
    [one] once { $place }: { $wish }
   *[other] { $times } times { $place }: { $wish }
}

## Who changed what

audit-heading = { $any ->
    [true] Changes { $place }, the newest first:
   *[false] No such changes { $place } are kept.
}
# $facility: its name, if the change is about one. $name: the name of what changed, if it has one of its own.
audit-entry = { $moment }, { $by }: { $change }{ $facility ->
    [none] {""}
   *[other] , { $facility }
}{ $name ->
    [none] {""}
   *[other] : { $name }
}
change-kind = { $kind ->
    [region] region changed
    [type] type changed
    [facility] data of a facility
    [contact] contact
    [contact_ended] contact removed
    [key] key or link
    [key_forgotten] an old key forgotten
    [signed_in] signed in
    [signed_out] signed out
    [report] report
    [mark] note
    [mark_ended] note ended
    [room] room of a hospital system
    [room_ended] room forgotten
    [session] vaccination session
    [session_forgotten] a session that was over
   *[session_report] report of sessions
}
