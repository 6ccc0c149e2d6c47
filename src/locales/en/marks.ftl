### What people who phone leave for each other, and numbers to be doubted.

claimed = { $by } is phoning them, until { $until } at the latest.
held = 1 place is held by { $by } until { $until }.
disputed = This number is disputed: people who phoned were told otherwise. Call first.
# $before: how many were free before, or none.
outlier = { $before ->
    [none] This is far from the number before; confirm it by phone.
   *[other] This is far from the number before ({ $before } free); confirm it by phone.
}

# What was heard of a facility or a number.
note = { $source ->
    [public] { note-by-public }
   *[agent_call] { note-by-agent }
}
# What an agent heard by phone. $when: how long ago. $free: how many are free, or none if no number was told.
# $phone: the number that was called. heard: about a facility that states no number.
note-by-agent = { $verdict ->
    [heard] Heard by phone { $when }{ note-free }.
    [confirmed] Confirmed by phone { $when }{ note-free }.
    [wrong] Found wrong by phone { $when }{ note-free }.
    [phone_dead] { $phone ->
        [none] Phone: nobody answered ({ $when }).
       *[other] { $phone }: nobody answered ({ $when }).
    }
    [closed] Found closed { $when }.
   *[open] Found open { $when }.
}{ note-end }
# What anybody said; the same is kept once, and $when is the last time.
note-by-public = { $times ->
    [1] Said by the public { $when }: { note-by-public-what }.{ note-end }
   *[other] Said by the public { $times } times, last { $when }: { note-by-public-what }.{ note-end }
}
note-by-public-what = { $verdict ->
    [phone_dead] { $phone ->
        [none] the phone is not answered
       *[other] { $phone } is not answered
    }
    [closed] closed
   *[wrong] not as stated{ note-free }
}
note-free = { $free ->
    [none] {""}
    [0] : full
   *[other] : { $free } free
}
# In the words of whoever left the note, and who that was.
note-end = { $text ->
    [none] {""}
   *[other] { " " }"{ $text }"
}{ $by ->
    [none] {""}
   *[other] { " " }({ $by })
}

## Lists of them

marks-heading = { $any ->
    [true] Calls, holds and notes { $place }:
   *[false] No calls, holds or notes { $place }.
}
marks-number = { $label }: reported as { $counts }.
review-heading = { $any ->
    [true] To be checked { $place }, the newest first:
   *[false] Nothing needs to be checked { $place }.
}
review-number = { $label }: { $counts }. { $source }
review-outlier = { $field ->
    [capacity] Since { $since } the capacity is far from the one before: { $after }, not { $before }. Confirm it by phone.
    [occupied] Since { $since } the number of occupied places is far from the one before: { $after }, not { $before }. Confirm it by phone.
    [queue] Since { $since } the number of people waiting is far from the one before: { $after }, not { $before }. Confirm it by phone.
   *[available] Since { $since } the number of free places is far from the one before: { $after }, not { $before }. Confirm it by phone.
}
# How long ago something was heard, and at which moment.
note-when = { $age }, { $moment }
