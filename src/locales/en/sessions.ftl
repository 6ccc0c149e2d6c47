### Vaccination sessions.

# $title: what people call the session, or none.
session-when = { $title ->
    [none] { $day }, { $hours }
   *[other] { $day }, { $hours }: { $title }
}
# What is given to whom, one after the other in a line.
session-doses = { $count ->
    [0] dose
    [one] dose { $doses }
   *[other] doses { $doses }
}
session-ages = { $min ->
    [none] age { $max } and under
   *[other] { $max ->
        [none] age { $min } and over
       *[other] ages { $min }-{ $max }
    }
}
session-domicile = only with an identity card of { $region }
session-pregnancy = { $welcome ->
    [true] for pregnant women
   *[false] not for pregnant women
}
session-disability = { $welcome ->
    [true] for people with a disability
   *[false] not for people with a disability
}
# $fee: in rupiah; $rupiah: the same in groups of three digits.
session-fee = { $fee ->
    [0] free of charge
   *[other] fee Rp{ $rupiah }
}
# $booking: the telephone or the page where one registers.
session-coming = { $walk-in ->
    [true] { $booking ->
        [none] Walk-ins are welcome.
       *[other] Walk-ins are welcome, or book: { $booking }
    }
   *[false] { $booking ->
        [none] How to book is not known, ask by phone.
       *[other] Book first: { $booking }
    }
}
# $updated: how old that number is, or none.
session-left = { $left ->
    [none] { $quota ->
        [none] How many places are left is not known.
       *[other] { $quota } places, how many are left is not known.
    }
    [0] No places left.
   *[other] { $quota ->
        [none] { $left } left.
       *[other] { $left } of { $quota } left.
    }
}{ $updated ->
    [none] {""}
   *[other] { " " }{ $updated }
}
session-also-on = Also on { $days }.
session-day = { $left ->
    [none] { $day }
    [0] { $day } (none left)
   *[other] { $day } ({ $left } left)
}
sessions-more = { $count ->
    [one] 1 more session here.
   *[other] { $count } more sessions here.
}
# $product: the one that may have been meant, or none.
try-other-sessions = { $product ->
    [none] {""}
   *[other] Perhaps { $product } was meant?{ " " }
}Try another day, another product, or without age and dose.
