### What people who phone leave for each other, and numbers to be doubted.

claimed = Sedang ditelepon oleh { $by }, paling lama sampai { $until }.
held = 1 tempat ditahan oleh { $by } sampai { $until }.
disputed = Angka ini diragukan: yang menelepon mendapat jawaban lain. Telepon dahulu.
# $before: how many were free before, or none.
outlier = { $before ->
    [none] Angka ini jauh dari sebelumnya; pastikan lewat telepon.
   *[other] Angka ini jauh dari sebelumnya ({ $before } kosong); pastikan lewat telepon.
}

# What was heard of a facility or a number.
note = { $source ->
    [public] { note-by-public }
   *[agent_call] { note-by-agent }
}
# What an agent heard by phone. $when: how long ago. $free: how many are free, or none if no number was told.
# $phone: the number that was called. heard: about a facility that states no number.
note-by-agent = { $verdict ->
    [heard] Menurut jawaban telepon { $when }{ note-free }.
    [confirmed] Dipastikan lewat telepon { $when }{ note-free }.
    [wrong] Menurut jawaban telepon { $when }, angka ini tidak sesuai{ note-free }.
    [phone_dead] { $phone ->
        [none] Telepon tidak diangkat ({ $when }).
       *[other] { $phone } tidak diangkat ({ $when }).
    }
    [closed] Menurut yang menelepon { $when }: tutup.
   *[open] Menurut yang menelepon { $when }: buka.
}{ note-end }
# What anybody said; the same is kept once, and $when is the last time.
note-by-public = { $times ->
    [1] Dilaporkan warga { $when }: { note-by-public-what }.{ note-end }
   *[other] Dilaporkan warga { $times } kali, terakhir { $when }: { note-by-public-what }.{ note-end }
}
note-by-public-what = { $verdict ->
    [phone_dead] { $phone ->
        [none] telepon tidak diangkat
       *[other] { $phone } tidak diangkat
    }
    [closed] tutup
   *[wrong] tidak sesuai{ note-free }
}
note-free = { $free ->
    [none] {""}
    [0] : penuh
   *[other] : { $free } kosong
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
    [true] Yang sedang ditelepon, ditahan, dan dicatat { $place }:
   *[false] Tidak ada yang sedang ditelepon, ditahan, atau dicatat { $place }.
}
marks-number = { $label }: dilaporkan { $counts }.
review-heading = { $any ->
    [true] Perlu diperiksa { $place }, yang terbaru lebih dahulu:
   *[false] Tidak ada yang perlu diperiksa { $place }.
}
review-number = { $label }: { $counts }. { $source }
review-outlier = { $field ->
    [capacity] Sejak { $since } kapasitas jauh dari sebelumnya: { $before } menjadi { $after }. Pastikan lewat telepon.
    [occupied] Sejak { $since } jumlah terisi jauh dari sebelumnya: { $before } menjadi { $after }. Pastikan lewat telepon.
    [queue] Sejak { $since } jumlah antrean jauh dari sebelumnya: { $before } menjadi { $after }. Pastikan lewat telepon.
   *[available] Sejak { $since } jumlah kosong jauh dari sebelumnya: { $before } menjadi { $after }. Pastikan lewat telepon.
}
# How long ago something was heard, and at which moment.
note-when = { $age }, { $moment }
