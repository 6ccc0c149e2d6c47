### What several texts share.

# Between the items of a list; the braces keep the space.
list-separator = ,{ " " }
# The end of a list of choices: $before is one item or several, $last the last one.
list-choice = { $before } or { $last }
# The end of a list of things that all hold.
list-all = { $before } and { $last }

# The name of a region as people say it, by its kind. Kabupaten and kota carry the word in their names.
region-name = { $kind ->
    [kecamatan] Kecamatan { $name }
    [kelurahan] Kelurahan { $name }
    [desa] Desa { $name }
    [desa_adat] Desa Adat { $name }
   *[other] { $name }
}

# Where, within a sentence.
place = { $where ->
    [region] in { $region }
    [region_within] in { $region } within { $km } km
    [within] within { $km } km
    [around] around { $region }
    [around_point] around the place you asked about
   *[country] in all of Indonesia
}

# A line about one type: "ICU: 1 place is held by ...".
about-type = { $label }: { $line }

## Kinds of what is counted

kind-name = { $kind ->
    [isolation] Isolation places
    [vaccination] Vaccination
   *[bed] Beds
}

## The end of a text

next-page = There are more on the next page.
as-of = Data as of { $moment }.
call = Call:
call-if-none-fits = If none of these fits, call:
call-as-next-step = As the next step, call:
call-if-nobody-answers = If nobody answers, call:
emergency = In an emergency, call 119.
