### Where something is free: the answer to a caller, facility by facility.

## The sentence that opens an answer

# It begins with a small letter, because what was asked for may stand before it; otherwise the program writes a capital.
# $case: what was found (usable, nearest, stale, held: enough is free; all: a list of all; the rest: nothing).
# $count, $or-more, $who: how many facilities, and which. $kind, $min: what is wanted. $place: where.
# $groups: how the other facilities stand, or none. $doubt: what is wrong with the numbers.
# $narrow: whether something in particular was asked for.
headline = { $case ->
    [usable] ada { headline-sites } { $place } yang punya { headline-wanted }.{ headline-others }
    [nearest] yang terdekat: ada { headline-sites } { $place } yang punya { headline-wanted }.{ headline-others }
    [stale] menurut { doubtful-numbers }, ada { headline-sites } { $place } yang punya { headline-wanted }; telepon dahulu sebelum berangkat.{ headline-others }
    [held] ada { headline-sites } { $place } yang punya { headline-wanted }, tetapi semuanya sedang ditahan; telepon dahulu.{ headline-others }
    [all] ada { headline-sites } { $place }: { $groups }.
    [none] { $groups ->
        [none] tidak ada fasilitas { $place } yang diketahui punya { headline-wanted }.
       *[other] tidak ada fasilitas { $place } yang diketahui punya { headline-wanted }: { $groups }.
    }
    [none_either] { $groups ->
        [none] juga tidak ditemukan yang cocok { $place }.
       *[other] juga tidak ditemukan yang cocok { $place }: { $groups }.
    }
    [nothing_free] { $min ->
        [1] tidak ada fasilitas { $place } yang diketahui punya { headline-wanted }: semuanya penuh atau belum ada angkanya.
       *[other] tidak ada fasilitas { $place } yang diketahui punya { headline-wanted }: jumlahnya kurang atau belum ada angkanya.
    }
    [only_stale] { headline-wanted } { $place } hanya ada menurut { doubtful-numbers }.
    [only_held] di luar tempat yang sedang ditahan, tidak ada fasilitas { $place } yang punya { headline-wanted }.
   *[not_listed] { $narrow ->
        [true] tidak ada { headline-offers } yang cocok tercatat { $place }.
       *[false] tidak ada { headline-offers } yang tercatat { $place }.
    }
}
headline-sites = { $who ->
    [hospital] { amount } rumah sakit
    [isolation] { amount } tempat isolasi
    [vaccination] { amount } tempat vaksinasi
   *[facility] { amount } fasilitas
}
headline-wanted = { $kind ->
    [isolation] { $min ->
        [1] tempat kosong
       *[other] sedikitnya { $min } tempat kosong
    }
    [vaccination] { $min ->
        [1] sisa kuota
       *[other] sedikitnya { $min } sisa kuota
    }
   *[bed] { $min ->
        [1] tempat tidur kosong
       *[other] sedikitnya { $min } tempat tidur kosong
    }
}
headline-offers = { $kind ->
    [isolation] tempat isolasi
    [vaccination] tempat vaksinasi
   *[bed] tempat tidur
}
headline-others = { $groups ->
    [none] {""}
   *[other] { " " }Fasilitas lain: { $groups }.
}
# Nobody has as many as were asked for; $most: the most that one of those below has.
headline-fewer = tidak ada satu fasilitas pun yang diketahui punya { headline-wanted }; di antara yang berikut, paling banyak { $most }.
# What was asked for, before the sentence.
headline-of-wish = { $wish }: { $sentence }
# How many facilities stand alike, in a list of such.
headline-group = { $group ->
    [usable] { amount } masih punya yang kosong
    [stale] { amount } kosong menurut { doubtful-numbers }
    [held] { amount } kosong tetapi sedang ditahan
    [unknown] { amount } belum diketahui
   *[full] { $min ->
        [1] { amount } penuh
       *[other] { amount } tidak cukup
    }
}
amount = { $or-more ->
    [true] sedikitnya { $count }
   *[false] { $count }
}
doubtful-numbers = { $doubt ->
    [disputed] angka yang diragukan
    [old_or_disputed] angka lama atau yang diragukan
   *[old] angka lama
}
distances-from = { $region ->
    [none] Jarak dihitung dari tempat yang ditanyakan.
   *[other] Jarak dihitung dari { $region }.
}
# How the list is ordered, where it is not the nearest first.
order = { $by ->
    [freshness] Yang angkanya baru disebut dahulu; yang lebih dekat bisa ada di bawahnya.
   *[count] { $kind ->
        [vaccination] Yang paling awal harinya disebut dahulu.
       *[other] Yang angkanya baru dan paling banyak kosong disebut dahulu.
    }
}
narrow-down = { $kind ->
    [vaccination] Masih ada lagi; persempit dengan kecamatan, hari, produk, atau jaraknya.
   *[other] Masih ada lagi; persempit dengan kecamatan, jenis, atau jaraknya.
}

## One facility

# $distance: whether it is near, about so many $km away, or only roughly: then a short distance says nothing exact.
facility-title = { $distance ->
    [near] { $name }, kurang dari 1 km
    [about] { $name }, sekitar { $km } km
    [rough_near] { $name }, mungkin kurang dari { $km } km
    [rough] { $name }, perkiraan kasar { $km } km
   *[none] { $name }
}{ simulated }
simulated = { $simulated ->
    [true] { " " }[simulasi]
   *[false] {""}
}
facility-has-closed = Fasilitas ini sudah tutup dan tidak melayani lagi.
facility-address = Alamat: { $address }
intake = { $part ->
    [criteria] Syarat masuk: { $text }
    [referral] Rujukan dari: { $text }
    [pickup] Antar-jemput: { $text }
   *[bring] Yang perlu dibawa: { $text }
}

# $contact: whom to call where no number is known.
phones = { $numbers ->
    [none] { $contact ->
        [none] Nomor telepon belum ada.
       *[other] Nomor telepon belum ada; hubungi { $contact }
    }
   *[other] Telepon: { $numbers }
}
phone-number = { $internal ->
    [true] { $label ->
        [none] { $number } (nomor internal, jangan diteruskan)
       *[other] { $number } ({ $label }, nomor internal, jangan diteruskan)
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
    [none] jumlah kosong belum diketahui{ $capacity ->
        [none] { $occupied ->
            [none] {""}
           *[other] { " " }(terisi { $occupied })
        }
       *[other] { $occupied ->
            [none] { " " }(kapasitas { $capacity })
           *[other] { " " }(kapasitas { $capacity }, terisi { $occupied })
        }
    }
    [0] { $capacity ->
        [none] penuh
       *[other] penuh (kapasitas { $capacity })
    }
   *[other] { $capacity ->
        [none] { $available } kosong
       *[other] { $available } kosong dari { $capacity }
    }
}{ $queue ->
    [none] {""}
   *[other] , antrean { $queue } orang
}
never-reported = Belum pernah melaporkan jumlah yang kosong.
updated = Diperbarui { $age }, { $moment }.
number-age = { $freshness ->
    [aging] { updated } Angka mulai lama, sebaiknya pastikan lewat telepon.
    [stale] { updated } Angka lama, telepon dahulu sebelum berangkat.
   *[fresh] { updated }
}
# After numbers whose capacity was stated a day or more before them; of several the oldest.
oldest-capacity = Kapasitas terakhir dilaporkan { $age }, { $moment }.
# After numbers that hospital systems added up from rooms, when one of the rooms was counted a day or more before them.
oldest-room = Sebagian kamar dalam angka ini terakhir dihitung { $age }, { $moment }.
# Which way a number came; $reporter: who sent it.
source = { $reporter ->
    [none] Sumber: { source-way }.
   *[other] Sumber: { source-way } ({ $reporter }).
}
source-way = { $source ->
    [bridge] sistem rumah sakit
    [bulk] daftar banyak fasilitas
    [coordinator] koordinator
    [agent_call] petugas call centre
    [message] pesan teks
    [simulated] simulasi
   *[facility] fasilitas sendiri
}

## What was found by name

found-regions = Wilayah yang ditemukan:
found-facilities = Fasilitas yang ditemukan:
found-contacts = Kontak yang ditemukan:
found-region = { $region }: kode { $code }
found-facility = { $closed ->
    [true] { $name }{ simulated }, { $where }. { facility-has-closed } { $phones }
   *[false] { $name }{ simulated }, { $where }. { $phones }
}
resolved = '{ $given }' dibaca sebagai { $name } ({ $code }).
found-nothing = Tidak ada yang ditemukan. Coba satu kata saja dari namanya, misalnya Kariadi, atau nama kecamatannya, atau nomor teleponnya.
found-more = Masih ada lagi; sebutkan nama yang lebih lengkap atau wilayahnya.

## What there is

list-facilities = { $any ->
    [true] Fasilitas { $place }:
   *[false] Tidak ada fasilitas { $place } yang sesuai. Coba wilayah yang lebih luas atau nama lain.
}
list-regions = Wilayah:
list-no-regions = Tidak ada wilayah di bawahnya yang tercatat.
region-aliases = Disebut juga: { $names }
region-postcode = Kode pos: { $postcode }
region-facilities = { $count } fasilitas tercatat.
region-children = { $level ->
    [provinsi] { $count } provinsi:
    [kabkota] { $count } kabupaten dan kota:
    [kecamatan] { $count } kecamatan:
   *[desa] { $count } desa dan kelurahan:
}
types-of-kind = { kind-name }:
type = { $retired ->
    [true] { $label }: kode { $code }, mulai lama setelah { $aging } jam, lama setelah { $stale } jam, tidak dipakai lagi
   *[false] { $label }: kode { $code }, mulai lama setelah { $aging } jam, lama setelah { $stale } jam
}

## Pertanyaan dalam satu kotak

ask-understood = { $unread ->
    [none] Dipahami: { $text }.
   *[other] Dipahami: { $text }. Tidak terbaca: { $unread }.
}
ask-request = { $kind ->
    [isolation] tempat isolasi
    [vaccination] vaksinasi
   *[bed] tempat tidur
}{ $wish ->
    [none] {""}
   *[other] {" "}({ $wish })
}{ $min ->
    [0] {""}
    [1] {""}
   *[other] , paling sedikit { $min }
} { $place }{ $days ->
    [none] {""}
   *[other] , { $days }
}
ask-place = { $where ->
    [region] di { $region }
    [around] dekat { $region }
    [around_point] dekat fasilitas itu
    [around_coordinates] dekat koordinat itu
   *[country] di seluruh Indonesia
}
ask-emergency = Gawat darurat ({ $given }): hubungi 119 lebih dulu, atau langsung ke IGD terdekat.
ask-negative = { $test ->
    [true] "{ $given }" dibaca sebagai hasil tes negatif, jadi tempat khusus COVID-19 tidak disebut; untuk ruangannya, tulis "tekanan negatif".
   *[false] "{ $given }" dibaca sebagai ruang bertekanan negatif; untuk hasil tes, tulis "bukan covid".
}
ask-unrecorded = Layanan "{ $given }" tidak tercatat di sini; tanyakan lewat telepon sebelum berangkat.
ask-youngest = "{ $given }" dicari untuk usia { $years } tahun; pastikan juga untuk yang tertua.
ask-unknown-facility = { $near ->
    [none] Tidak ada fasilitas bernama "{ $given }" di sini.
   *[other] Tidak ada fasilitas di sini yang pasti dimaksud dengan "{ $given }"; yang namanya mirip: { $near }.
}
ask-similar-place = "{ $given }" tidak dikenal sebagai nama tempat; dibaca sebagai { $name } karena namanya mirip. Pastikan itu yang dimaksud.
ask-place-left = "{ $given }" adalah tempat lain dan tidak termasuk dalam jawaban ini; tanyakan tersendiri.
