### Where something is free: the answer to a caller, facility by facility.

## The sentence that opens an answer

# It begins with a small letter, because what was asked for may stand before it; otherwise the program writes a capital.
# $case: what was found (usable, nearest, stale, held: enough is free; all: a list of all; the rest: nothing).
# $count, $or-more, $who: how many facilities, and which. $kind, $min: what is wanted. $place: where.
# $groups: how the other facilities stand, or none. $doubt: what is wrong with the numbers.
# $narrow: whether something in particular was asked for.
headline = { $case ->
    [usable] { $count ->
        [one] { headline-sites } { $place } has { headline-wanted }.{ headline-others }
       *[other] { headline-sites } { $place } have { headline-wanted }.{ headline-others }
    }
    [nearest] { $count ->
        [one] the nearest: { headline-sites } { $place } has { headline-wanted }.{ headline-others }
       *[other] the nearest: { headline-sites } { $place } have { headline-wanted }.{ headline-others }
    }
    [stale] { $count ->
        [one] by { doubtful-numbers } only, { headline-sites } { $place } has { headline-wanted }; call before you go.{ headline-others }
       *[other] by { doubtful-numbers } only, { headline-sites } { $place } have { headline-wanted }; call before you go.{ headline-others }
    }
    [held] { $count ->
        [one] { headline-sites } { $place } has { headline-wanted }, but it is held; call first.{ headline-others }
       *[other] { headline-sites } { $place } have { headline-wanted }, but all are held; call first.{ headline-others }
    }
    [all] { headline-sites } { $place }: { $groups }.
    [none] { $groups ->
        [none] no facility { $place } is known to have { headline-wanted }.
       *[other] no facility { $place } is known to have { headline-wanted }: { $groups }.
    }
    [none_either] { $groups ->
        [none] nothing suitable was found { $place } either.
       *[other] nothing suitable was found { $place } either: { $groups }.
    }
    [nothing_free] { $min ->
        [1] no facility { $place } is known to have { headline-wanted }: all are full or have no number yet.
       *[other] no facility { $place } is known to have { headline-wanted }: there are fewer, or no number yet.
    }
    [only_stale] only { doubtful-numbers } show { headline-wanted } { $place }.
    [only_held] without the places that are held, no facility { $place } has { headline-wanted }.
   *[not_listed] { $narrow ->
        [true] no { headline-offers } that match are listed { $place }.
       *[false] no { headline-offers } are listed { $place }.
    }
}
headline-sites = { $who ->
    [hospital] { amount } { $count ->
        [one] hospital
       *[other] hospitals
    }
    [isolation] { amount } { $count ->
        [one] isolation site
       *[other] isolation sites
    }
    [vaccination] { amount } { $count ->
        [one] vaccination site
       *[other] vaccination sites
    }
   *[facility] { amount } { $count ->
        [one] facility
       *[other] facilities
    }
}
headline-wanted = { $kind ->
    [isolation] { $min ->
        [1] a free place
       *[other] at least { $min } free places
    }
    [vaccination] { $min ->
        [1] a free slot
       *[other] at least { $min } free slots
    }
   *[bed] { $min ->
        [1] a free bed
       *[other] at least { $min } free beds
    }
}
headline-offers = { $kind ->
    [isolation] isolation places
    [vaccination] vaccination sites
   *[bed] beds
}
headline-others = { $groups ->
    [none] {""}
   *[other] { " " }Other facilities: { $groups }.
}
# Nobody has as many as were asked for; $most: the most that one of those below has.
headline-fewer = no facility is known to have { headline-wanted }; the most that one of these has is { $most }.
# What was asked for, before the sentence.
headline-of-wish = { $wish }: { $sentence }
# How many facilities stand alike, in a list of such.
headline-group = { $group ->
    [usable] { $count ->
        [one] { amount } has something free
       *[other] { amount } have something free
    }
    [stale] { amount } free only by { doubtful-numbers }
    [held] { amount } free but held
    [unknown] { amount } not known
   *[full] { $min ->
        [1] { amount } full
       *[other] { amount } without enough
    }
}
amount = { $or-more ->
    [true] at least { $count }
   *[false] { $count }
}
doubtful-numbers = { $doubt ->
    [disputed] disputed numbers
    [old_or_disputed] old or disputed numbers
   *[old] old numbers
}
distances-from = { $region ->
    [none] Distances are from the place you asked about.
   *[other] Distances are from { $region }.
}
# How the list is ordered, where it is not the nearest first.
order = { $by ->
    [freshness] Those with new numbers come first; a nearer one may stand below.
   *[count] { $kind ->
        [vaccination] The earliest day comes first.
       *[other] Those with new numbers and the most free come first.
    }
}
narrow-down = { $kind ->
    [vaccination] There are more; narrow it down by kecamatan, day, product or distance.
   *[other] There are more; narrow it down by kecamatan, type or distance.
}

## One facility

# $distance: whether it is near, about so many $km away, or only roughly: then a short distance says nothing exact.
facility-title = { $distance ->
    [near] { $name }, less than 1 km away
    [about] { $name }, about { $km } km away
    [rough_near] { $name }, probably less than { $km } km away
    [rough] { $name }, very roughly { $km } km away
   *[none] { $name }
}{ simulated }
simulated = { $simulated ->
    [true] { " " }[simulated]
   *[false] {""}
}
facility-has-closed = This facility has closed for good.
facility-address = Address: { $address }
intake = { $part ->
    [criteria] Who is taken in: { $text }
    [referral] Referral by: { $text }
    [pickup] Getting there: { $text }
   *[bring] What to bring: { $text }
}

# $contact: whom to call where no number is known.
phones = { $numbers ->
    [none] { $contact ->
        [none] No phone number is known.
       *[other] No phone number is known; ask { $contact }
    }
   *[other] Phone: { $numbers }
}
phone-number = { $internal ->
    [true] { $label ->
        [none] { $number } (internal number, do not pass on)
       *[other] { $number } ({ $label }, internal number, do not pass on)
    }
   *[false] { $label ->
        [none] { $number }
       *[other] { $number } ({ $label })
    }
}
# $region: where somebody is responsible, if the name does not say it.
contact = { $region ->
    [none] { $name }: { $phone }
   *[other] { $name } ({ $region }): { $phone }
}

## Its numbers

number = { $label }: { $counts }
counts = { $available ->
    [none] how many are free is not known{ $capacity ->
        [none] { $occupied ->
            [none] {""}
           *[other] { " " }({ $occupied } occupied)
        }
       *[other] { $occupied ->
            [none] { " " }(capacity { $capacity })
           *[other] { " " }(capacity { $capacity }, { $occupied } occupied)
        }
    }
    [0] { $capacity ->
        [none] full
       *[other] full (capacity { $capacity })
    }
   *[other] { $capacity ->
        [none] { $available } free
       *[other] { $available } free of { $capacity }
    }
}{ $queue ->
    [none] {""}
    [one] , 1 person waiting
   *[other] , { $queue } people waiting
}
never-reported = Has never reported how many are free.
updated = Updated { $age } ({ $moment }).
number-age = { $freshness ->
    [aging] { updated } The number is getting old, better confirm it by phone.
    [stale] { updated } Old number, call before you go.
   *[fresh] { updated }
}
# After numbers whose capacity was stated a day or more before them; of several the oldest.
oldest-capacity = The capacity was last stated { $age } ({ $moment }).
# After numbers that hospital systems added up from rooms, when one of the rooms was counted a day or more before them.
oldest-room = Some of the rooms in these numbers were last counted { $age } ({ $moment }).
# Which way a number came; $reporter: who sent it.
source = { $reporter ->
    [none] Source: { source-way }.
   *[other] Source: { source-way } ({ $reporter }).
}
source-way = { $source ->
    [bridge] a hospital system
    [bulk] a list of many facilities
    [coordinator] a coordinator
    [agent_call] a call-centre agent
    [message] a text message
    [simulated] the simulation
   *[facility] the facility itself
}

## What was found by name

found-regions = Regions found:
found-facilities = Facilities found:
found-contacts = Contacts found:
found-region = { $region }: code { $code }
found-facility = { $closed ->
    [true] { $name }{ simulated }, { $where }. { facility-has-closed } { $phones }
   *[false] { $name }{ simulated }, { $where }. { $phones }
}
resolved = '{ $given }' was read as { $name } ({ $code }).
found-nothing = Nothing was found. Try a single word of the name, such as Kariadi, or the name of its kecamatan, or its phone number.
found-more = There are more; give a fuller name, or its region.

## What there is

list-facilities = { $any ->
    [true] Facilities { $place }:
   *[false] No facility { $place } fits. Try a larger region or another name.
}
list-regions = Regions:
list-no-regions = No regions below it are listed.
region-aliases = Also called: { $names }
region-postcode = Postcode: { $postcode }
region-facilities = { $count ->
    [one] 1 facility is listed.
   *[other] { $count } facilities are listed.
}
region-children = { $level ->
    [provinsi] { $count } { $count ->
        [one] province
       *[other] provinces
    }:
    [kabkota] { $count } kabupaten and kota:
    [kecamatan] { $count } kecamatan:
   *[desa] { $count } desa and kelurahan:
}
types-of-kind = { kind-name }:
type = { $retired ->
    [true] { $label }: code { $code }, aging after { $aging } hours, old after { $stale } hours, no longer in use
   *[false] { $label }: code { $code }, aging after { $aging } hours, old after { $stale } hours
}

## A question in one box

# $unread: the words that could not be read, or none.
ask-understood = { $unread ->
    [none] Understood: { $text }.
   *[other] Understood: { $text }. Not read: { $unread }.
}
# $wish: what is asked for in particular, or none. $days: those of sessions, or none.
ask-request = { $kind ->
    [isolation] isolation place
    [vaccination] vaccination
   *[bed] bed
}{ $wish ->
    [none] {""}
   *[other] {" "}({ $wish })
}{ $min ->
    [0] {""}
    [1] {""}
   *[other] , at least { $min }
} { $place }{ $days ->
    [none] {""}
   *[other] , { $days }
}
ask-place = { $where ->
    [region] in { $region }
    [around] near { $region }
    [around_point] near the facility
    [around_coordinates] near the coordinates you gave
   *[country] in the whole country
}
# What is to be told about it. $given: the words of the question.
ask-emergency = Emergency ({ $given }): call 119 first, or go to the nearest emergency department.
ask-negative = { $test ->
    [true] "{ $given }" was read as a negative test, so beds kept for COVID-19 are left out; for the rooms, ask for "negative pressure".
   *[false] "{ $given }" was read as rooms with negative pressure; for a negative test, ask for "not covid".
}
ask-unrecorded = Whether a hospital offers "{ $given }" is not recorded here; ask by phone before you go.
ask-youngest = "{ $given }" was looked up for the age of { $years }; check the oldest with the place.
# $near: facilities with similar names, or none.
ask-unknown-facility = { $near ->
    [none] No facility called "{ $given }" is known here.
   *[other] No facility here is surely meant by "{ $given }"; similar names: { $near }.
}
# $name: the place.
ask-similar-place = "{ $given }" is not known as a place; it was read as { $name }, whose name is similar. Make sure that it is meant.
ask-place-left = "{ $given }" is another place, and is not in this answer; ask about it by itself.
