### What several texts share.

# Between the items of a list; the braces keep the space.
list-separator = ,{ " " }
# The end of a list of choices: $before is one item or several, $last the last one.
list-choice = { $before } atau { $last }
# The end of a list of things that all hold.
list-all = { $before } dan { $last }

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
    [region] di { $region }
    [region_within] di { $region } dalam jarak { $km } km
    [within] dalam jarak { $km } km
    [around] di sekitar { $region }
    [around_point] di sekitar tempat yang ditanyakan
   *[country] di seluruh Indonesia
}

# A line about one type: "ICU: 1 tempat ditahan oleh ...".
about-type = { $label }: { $line }

## Kinds of what is counted

kind-name = { $kind ->
    [isolation] Isolasi terpusat
    [vaccination] Vaksinasi
   *[bed] Tempat tidur
}

## The end of a text

next-page = Masih ada lagi di halaman berikutnya.
as-of = Data per { $moment }.
call = Hubungi:
call-if-none-fits = Jika tidak ada yang cocok, hubungi:
call-as-next-step = Langkah berikutnya, hubungi:
call-if-nobody-answers = Jika tidak ada jawaban, hubungi:
emergency = Dalam keadaan gawat darurat, hubungi 119.
