### Answers to text messages: short, because a text message is.

message-unknown-sender = Nomor ini belum terdaftar untuk melapor, jadi tidak ada yang disimpan. Minta koordinator wilayah Anda mendaftarkannya.
# $known: the numbers of the facility as they would be written, or none.
message-form = { $facility }: tulis jenis, jumlah kosong, garis miring, kapasitas; pisahkan dengan koma. Contoh: ICU 3/10, K3 5, IGD PENUH.{ $known ->
    [none] {""}
   *[other] {" "}Tercatat: { $known }.
}
message-unread = Belum terbaca: { $unread }. Tidak ada yang disimpan. Contoh: ICU 3/10, K3 5, IGD PENUH. Balas ? untuk bantuan.
message-without-text = Belum terbaca: hanya teks yang dapat dibaca, bukan gambar atau suara. Tidak ada yang disimpan. Contoh: ICU 3/10, K3 5, IGD PENUH. Balas ? untuk bantuan.
message-twice = { $label } disebut dua kali, jadi tidak ada yang disimpan. Kirim ulang dengan satu angka.
message-too-long = Pesan lebih dari { $most } huruf, jadi tidak ada yang disimpan. Kirim angkanya saja, misalnya ICU 3/10, K3 5.
message-nothing-asked = Tidak ada angka yang menunggu jawaban YA. Kirim laporannya, misalnya ICU 3/10; bila angkanya memang jauh berbeda, YA ICU 3/10.
message-refused = Tidak disimpan: { $detail }
# $lines: a message-line for each type.
message-jump = Belum disimpan, karena jauh berbeda: { $lines }. Jika benar, balas YA; jika salah, kirim ulang.
message-stored = Tersimpan untuk { $facility }: { $lines }.
message-late = Sudah ada laporan { $facility } yang lebih baru, jadi ini masuk riwayat: { $lines }.
# $free, $used, $capacity, $queue: the numbers, or none where the message did not say one. $before: how many were free, or none
# where nobody knew.
message-line = { $label }{ $free ->
    [none] {""}
   *[other] {" "}kosong { $free }
}{ $used ->
    [none] {""}
   *[other] {" "}terpakai { $used }
}{ $capacity ->
    [none] {""}
   *[other] {" "}dari { $capacity }
}{ $queue ->
    [none] {""}
   *[other] {" "}antri { $queue }
}{ $free ->
    [none] {" "}(yang kosong tidak disebut)
   *[other] { $before ->
        [none] {" "}(sebelumnya tidak diketahui)
       *[other] {" "}(sebelumnya { $before })
    }
}
