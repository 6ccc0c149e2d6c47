### Vaccination sessions.

# $title: what people call the session, or none.
session-when = { $title ->
    [none] { $day }, { $hours }
   *[other] { $day }, { $hours }: { $title }
}
# What is given to whom, one after the other in a line.
session-doses = { $count ->
    [0] dosis
   *[other] dosis { $doses }
}
session-ages = { $min ->
    [none] usia paling tua { $max } tahun
   *[other] { $max ->
        [none] usia { $min } tahun ke atas
       *[other] usia { $min }-{ $max } tahun
    }
}
session-domicile = khusus KTP { $region }
session-pregnancy = { $welcome ->
    [true] untuk ibu hamil
   *[false] tidak untuk ibu hamil
}
session-disability = { $welcome ->
    [true] untuk penyandang disabilitas
   *[false] tidak untuk penyandang disabilitas
}
# $fee: in rupiah; $rupiah: the same in groups of three digits.
session-fee = { $fee ->
    [0] gratis
   *[other] biaya Rp{ $rupiah }
}
# $booking: the telephone or the page where one registers.
session-coming = { $walk-in ->
    [true] { $booking ->
        [none] Boleh datang langsung.
       *[other] Boleh datang langsung, atau daftar: { $booking }
    }
   *[false] { $booking ->
        [none] Cara mendaftar belum diketahui, tanyakan lewat telepon.
       *[other] Daftar dahulu: { $booking }
    }
}
# $updated: how old that number is, or none.
session-left = { $left ->
    [none] { $quota ->
        [none] Sisa kuota belum diketahui.
       *[other] Kuota { $quota }, sisanya belum diketahui.
    }
    [0] Kuota habis.
   *[other] { $quota ->
        [none] Sisa { $left }.
       *[other] Sisa { $left } dari { $quota }.
    }
}{ $updated ->
    [none] {""}
   *[other] { " " }{ $updated }
}
session-also-on = Juga { $days }.
session-day = { $left ->
    [none] { $day }
    [0] { $day } (habis)
   *[other] { $day } (sisa { $left })
}
sessions-more = Masih ada { $count } sesi lain di sini.
# $product: the one that may have been meant, or none.
try-other-sessions = { $product ->
    [none] {""}
   *[other] Mungkin yang dimaksud { $product }?{ " " }
}Coba tanggal lain, produk lain, atau tanpa batas usia dan dosis.
