### Ages, days and hours.

# How long ago something was, in the largest unit that people would say.
age = { $unit ->
    [future] by a wrong clock, in the future
    [now] just now
    [minutes] { $n ->
        [one] 1 minute ago
       *[other] { $n } minutes ago
    }
    [hours] { $n ->
        [one] 1 hour ago
       *[other] { $n } hours ago
    }
   *[days] { $n ->
        [one] 1 day ago
       *[other] { $n } days ago
    }
}

time-of-day = { $hour }:{ $minute }
clock = { $time } { $zone }
hours = { $from }-{ $to } { $zone }

month = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
}
# The year is told only when it is not this one.
date = { $year ->
    [none] { $day } { month }
   *[other] { $day } { month } { $year }
}
day = { $weekday ->
    [1] Monday { $date }
    [2] Tuesday { $date }
    [3] Wednesday { $date }
    [4] Thursday { $date }
    [5] Friday { $date }
    [6] Saturday { $date }
   *[7] Sunday { $date }
}
days = { $from } to { $to }

# By itself or in brackets; $clock is the time of day.
moment = { $day ->
    [today] { $clock }
    [yesterday] yesterday at { $clock }
   *[date] { $date } at { $clock }
}
# Within a sentence.
moment-in-sentence = { $day ->
    [today] at { moment }
    [yesterday] { moment }
   *[date] on { moment }
}
