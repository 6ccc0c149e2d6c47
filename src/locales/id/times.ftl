### Ages, days and hours.

# How long ago something was, in the largest unit that people would say.
age = { $unit ->
    [future] dengan jam yang salah, di masa depan
    [now] baru saja
    [minutes] { $n } menit yang lalu
    [hours] { $n } jam yang lalu
   *[days] { $n } hari yang lalu
}

time-of-day = { $hour }.{ $minute }
clock = pukul { $time } { $zone }
hours = pukul { $from }-{ $to } { $zone }

month = { $month ->
    [1] Januari
    [2] Februari
    [3] Maret
    [4] April
    [5] Mei
    [6] Juni
    [7] Juli
    [8] Agustus
    [9] September
    [10] Oktober
    [11] November
   *[12] Desember
}
# The year is told only when it is not this one.
date = { $year ->
    [none] { $day } { month }
   *[other] { $day } { month } { $year }
}
day = { $weekday ->
    [1] Senin { $date }
    [2] Selasa { $date }
    [3] Rabu { $date }
    [4] Kamis { $date }
    [5] Jumat { $date }
    [6] Sabtu { $date }
   *[7] Minggu { $date }
}
days = { $from } sampai { $to }

# By itself or in brackets; $clock is the time of day.
moment = { $day ->
    [today] { $clock }
    [yesterday] kemarin { $clock }
   *[date] { $date } { $clock }
}
# Within a sentence.
moment-in-sentence = { moment }
