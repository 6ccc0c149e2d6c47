### A region at a glance, who has reported, what was reported, and what was asked for in vain.

## A region at a glance

overview-kind = { $facilities ->
    [0] { kind-name }: belum ada yang melapor.
   *[other] { $kind ->
        [vaccination] { kind-name }, 7 hari ke depan: { $available } dari { $facilities } fasilitas masih punya sisa kuota.
       *[other] { kind-name }: { $available } dari { $facilities } fasilitas punya yang kosong.
    }
}
# $free: how many are free, $stale of them by old numbers; $unknown: how many facilities do not say.
overview-total = { $free ->
    [none] { $kind ->
        [vaccination] { $label }: jumlah sisa kuota belum diketahui
       *[other] { $label }: jumlah kosong belum diketahui
    }
   *[other] { $kind ->
        [vaccination] { $label }: sisa kuota { $free }{ overview-doubt }
       *[other] { $label }: { $free } kosong{ overview-doubt }
    }
}
overview-doubt = { $stale ->
    [0] {""}
   *[other] , { $stale } di antaranya menurut angka lama
}{ $unknown ->
    [0] {""}
   *[other] ; { $unknown } fasilitas belum diketahui
}

## Who has reported

reporting-heading = Kelengkapan laporan { $place }
reporting-counts = { $facilities ->
    [0] Belum ada fasilitas yang tercatat.
   *[other] Laporan: dari { $facilities } fasilitas, { $fresh } angkanya baru, { $aging } mulai lama, { $stale } lama, { $silent } tanpa angka.
}
reporting-missing = Yang masih kurang:
reporting-region = { $region }: { $missing } dari { $facilities } fasilitas
reporting-oldest-first = Fasilitas, yang paling lama tidak melapor lebih dahulu:
# $age, $moment: when it last reported, or none; $since: since when a report is due, or none.
reporting-facility = { $name }, { $where }: { $age ->
    [none] belum pernah melapor.
   *[other] laporan terakhir { $age }, { $moment }.
}{ $since ->
    [none] {""}
   *[other] { " " }Ditunggu sejak { $since }.
} { $phones }
reminders-heading = { $any ->
    [true] Perlu diingatkan untuk melapor:
   *[false] Tidak ada laporan yang ditunggu.
}
reminders-or-call = Atau hubungi { $contact }

## What one facility reported

history-heading = { $any ->
    [true] Laporan dari { $facility }, yang terakhir diterima lebih dahulu:
   *[false] Tidak ada laporan yang dicari dari { $facility }, atau sudah tidak disimpan lagi.
}
# $observed: when it was true, if that is another moment.
history-report = { $observed ->
    [none] Diterima { $received }. { $source }
   *[other] Diterima { $received }, keadaan { $observed }. { $source }
}
# $day: the day of the session it is about, or none.
history-number = { $day ->
    [none] { $label }: { $counts }
   *[other] { $label }, { $day }: { $counts }
}{ $outlier ->
    [true] { " " }(jauh dari angka sebelumnya)
   *[false] {""}
}{ $late ->
    [number] { " " }(terlambat, sudah ada angka yang lebih baru)
    [session] { " " }(terlambat, sesinya sudah selesai atau sudah ada angka yang lebih baru)
   *[none] {""}
}
history-days = Laporan yang lebih lama, diringkas per hari (hari dihitung mulai { $begin }):
# $free: how many were free on that day; $last: at last, if that is not already said.
history-day = { $day }, { $label }: { $free ->
    [none] jumlah kosong belum diketahui
    [range] { $min } sampai { $max } kosong
    [full] penuh
   *[same] { $min } kosong
}{ $last ->
    [said] {""}
    [none] , terakhir tidak diketahui
    [0] , terakhir penuh
   *[other] , terakhir { $last }
}{ $capacity ->
    [none] {""}
   *[other] , kapasitas { $capacity }
}, { $reports } laporan

## Perkembangan sebuah wilayah

region-history-heading = { $any ->
    [true] { $region }, setiap { $hours } jam, yang terakhir dahulu:
   *[false] Perkembangan di { $region } belum tercatat.
}
region-history-point = { $moment }: { $beds }; { $isolation }
region-history-free = { $kind ->
    [bed] tempat tidur
   *[isolation] tempat isolasi
} { $available ->
    [none] belum diketahui
   *[other] kosong { $available }{ $stale ->
        [0] {""}
       *[other] {" "}({ $stale } menurut angka lama)
    }
}

## What was asked for in vain

unmet-heading = { $any ->
    [true] Pencarian tanpa hasil { $place }, { $days } (hari dihitung mulai { $begin }):
   *[false] Tidak ada pencarian tanpa hasil { $place }, { $days }.
}
unmet = { $times } kali { $place }: { $wish }

## Siapa mengubah apa

audit-heading = { $any ->
    [true] Perubahan { $place }, yang terbaru lebih dulu:
   *[false] Tidak ada perubahan seperti itu { $place } yang tersimpan.
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
    [region] wilayah diubah
    [type] jenis diubah
    [facility] data faskes
    [contact] kontak
    [contact_ended] kontak dihapus
    [key] kunci atau tautan
    [key_forgotten] kunci lama dilupakan
    [signed_in] masuk
    [signed_out] keluar
    [report] laporan
    [mark] catatan
    [mark_ended] catatan diakhiri
    [room] kamar dari sistem rumah sakit
    [room_ended] kamar dilupakan
    [session] sesi vaksinasi
    [session_forgotten] sesi yang sudah lewat
   *[session_report] laporan sesi
}
