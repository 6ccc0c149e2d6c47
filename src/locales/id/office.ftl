### Halaman kantor koordinator.

## Every page of the office

office-page = Kantor koordinator
office-title = Kantor koordinator · { $region }
office-sections = Bagian kantor
office-first = Yang perlu dikerjakan
office-facilities = Faskes
office-site = Tambah tempat isolasi
office-import = Impor tabel
office-links = Tautan laporan
office-keys = Kunci
office-duplicates = Mungkin ganda
office-unmapped = Ruang tanpa jenis
office-contacts = Kontak
office-sessions = Sesi vaksinasi
office-changes = Riwayat perubahan
office-elsewhere = Ini di luar wilayah Anda
office-back = Kembali ke yang perlu dikerjakan
office-wrong-title = Perlu diperbaiki: { $title }
office-overtaken = Sementara formulir ini terbuka, orang lain mengubah data yang sama. Belum ada yang disimpan. Bandingkan dengan yang tercatat sekarang, lalu simpan lagi bila tulisan Anda yang benar.
office-stands-now = Tercatat sekarang
office-save = Simpan
office-cancel = Batal
office-change = Ubah
office-remove = Hapus
office-more = Halaman berikutnya
office-actions = Tindakan
office-text = Teks
office-whatsapp = Buka WhatsApp
office-copy = Salin teks
office-copied = Tersalin
office-done-stored = Perubahan tersimpan dan sudah tampil.
office-done-number = Angka tersimpan dan sudah tampil.
office-done-confirmed = Angka dinyatakan benar. Catatannya hilang dari daftar ini.
office-done-seen = Catatan ditandai sudah ditangani.
office-done-closed = Faskes ditutup. Ia tidak tampil lagi dalam jawaban; riwayatnya tetap ada.
office-done-reopened = Faskes dibuka lagi dan tampil dalam jawaban.
office-done-revoked = Dicabut. Sejak sekarang ditolak.
office-done-merged = Digabung. Alamat dan kode yang lama menuju ke faskes ini.
office-done-mapped = Kode dikenali. Ruangnya sudah dihitung.
office-done-ended = Diakhiri. Tidak tampil lagi dalam jawaban.

## Who has not reported, and odd numbers

office-tile-silent = belum melapor
office-tile-doubts = angka diragukan
office-silent = Belum melapor
office-reporting = Dari { $facilities } faskes, { $fresh } angkanya masih baru.
office-since = Belum melapor sejak
office-since-due = Angkanya mulai lama
office-since-today = Belum hari ini
office-since-yesterday = Sejak kemarin
office-since-week = Sejak seminggu
office-silent-none = Semua sudah melapor.
office-silent-caption = { $since }, yang paling lama diam lebih dahulu
office-facility = Faskes
office-last-report = Laporan terakhir
office-telephone = Telepon
office-remind = Ingatkan
office-old-types = { $count } jenis angkanya lama
office-never = Belum pernah melapor
office-no-phone = Tidak ada nomor telepon
office-mend-phone = Perbaiki telepon
office-reminder-text = Teks pengingat
office-reminder = Yth. { $facility }. { $last ->
    [none] Kami belum menerima laporan ketersediaan tempat dari faskes Anda.
   *[other] { $last }
} Mohon kirim angka terbaru hari ini lewat tautan laporan Anda. Bila tautannya hilang, balas pesan ini dan kami kirim yang baru. Terima kasih.
office-reminder-last = Laporan ketersediaan tempat yang terakhir kami terima { $age } ({ $moment }).
office-new-link = Buat tautan baru
office-doubts = Angka yang diragukan
office-doubts-none = Tidak ada angka yang diragukan.
office-doubts-lead = { $count } angka atau catatan perlu diperiksa. Telepon faskesnya, lalu nyatakan benar atau perbaiki.
office-doubt = { $why ->
    [jump] { $type } jauh berbeda dari sebelumnya: sekarang { $now }, sebelumnya { $before ->
        [none] belum diketahui
       *[other] { $before }
    }.
    [disputed] { $type } dibantah oleh beberapa penelepon: tercatat { $now }{ office-heard }.
    [wrong] { $type ->
        [none] Ada yang mengatakan datanya salah{ office-heard }.
       *[other] { $type } dikatakan salah: tercatat { $now }{ office-heard }.
    }
    [phone_dead] Teleponnya tidak diangkat.
   *[closed] Katanya sudah tutup.
}
office-heard = { $heard ->
    [none] {""}
   *[other] , menurut jawaban telepon { $heard }
}
office-is-right = Angkanya benar
office-mend-number = Perbaiki angka
office-seen-to = Catatan { $by } sudah ditangani

## Facilities

office-find = Nama faskes
office-to-mend = Perlu diperbaiki
office-any = Semua
office-closed-too = Juga yang tutup
office-nothing-found = Tidak ada faskes yang cocok. Coba sebagian namanya saja.
office-facilities-caption = { $count } faskes di halaman ini
office-closed = tutup
office-flag = { $flag ->
    [region_unsure] wilayah belum pasti
    [location_doubtful] titik meragukan
    [location_invalid] titik tidak terbaca
   *[phone_unsure] telepon meragukan
}
office-internal = hanya untuk petugas
office-mend = Perbaiki data
office-mend-numbers = Perbaiki angka
office-numbers-heading = Angka
office-numbers-caption = Angka terakhir setiap jenis
office-standing = Tercatat
office-observed = Keadaan pada
office-source = Dari
office-source-way = { source-way }{ $reporter ->
    [none] {""}
   *[other] { " " }({ $reporter })
}
office-disputed = dibantah
office-jump = melonjak
office-freshness = { $freshness ->
    [aging] mulai lama
    [stale] lama
    [unknown] belum diketahui
   *[fresh] baru
}
office-history = Riwayat
office-history-of = Riwayat: { $type }
office-history-table = Riwayat sebagai tabel
office-late = terlambat
office-chart-legend = Garis tebal: kosong. Garis putus-putus: jumlah tempat. Celah: tidak ada laporan yang masih dapat dipercaya. 14 hari terakhir.
office-notes = Catatan
office-note = { $source ->
    [public] Warga
   *[other] { $by }
}, { $when }: { $verdict ->
    [confirmed] angkanya benar
    [wrong] angkanya salah
    [phone_dead] telepon tidak diangkat
    [closed] tutup
   *[open] buka
}{ $heard ->
    [none] {""}
   *[other] , katanya { $heard }
}.
office-existence = Tutup dan buka
office-close = Faskes ini tutup
office-close-hint = Faskes yang tutup tidak tampil dalam jawaban. Riwayatnya tetap ada, dan ia dapat dibuka lagi.
office-reopen = Buka lagi faskes ini
office-ids = Kode di sistem lain: { $ids }
office-ids-heading = Kode di sistem lain
office-mend-title = Perbaiki data { $facility }
office-name = Nama
office-kind = Macam
office-kind-hint = Misalnya hospital, puskesmas, isolation_site.
office-region-hint = Kecamatan, lalu kabupaten atau kota. Misalnya: Tembalang, Kota Semarang.
office-address = Alamat
office-point = Titik di peta
office-point-hint = Lintang, bujur. Misalnya: -7.0512, 110.4381. Salin dari aplikasi peta.
office-phone-number = Telepon { $place }
office-number = Nomor
office-phone-label = Keterangan
office-phone-internal = Hanya untuk petugas, tidak untuk umum
office-which-number = Angka mana yang diperbaiki?
office-number-title = Perbaiki angka: { $type }
office-number-hint = Kosongkan yang tidak diketahui. Kosong tidak sama dengan 0.
office-capacity = Jumlah tempat
office-free-now = Kosong sekarang

## An isolation site

office-site-lead = Isi nama, wilayah, dan jumlah tempat. Sesudah itu Anda mendapat tautan laporan untuk pengelolanya.
office-site-name-hint = Seperti yang dikenal warga. Misalnya: Isoter Rumah Dinas Wali Kota.
office-site-phone-hint = Nomor yang ditelepon orang yang memerlukan tempat.
office-site-add = Tambahkan tempat isolasi
office-site-added = Tempat isolasi ditambahkan
office-site-added-next = Sudah tampil dalam jawaban. Kirim tautan di bawah kepada pengelolanya supaya angkanya tetap baru.

## Links and keys

office-links-lead = Dengan tautan, faskes melapor tanpa akun. Tautan yang hilang dicabut, lalu dibuatkan yang baru di halaman faskesnya.
office-links-none = Tidak ada tautan yang berlaku.
office-links-caption = Tautan laporan
office-links-find = Cari faskes untuk membuat tautan
office-link-holder = Pemegang
office-link-holder-hint = Untuk siapa tautan ini. Misalnya: Bu Sri, IGD.
office-link-days = Berlaku berapa hari
office-link-days-hint = Kosong: 30 hari.
office-make-link = Buat tautan laporan
office-made-at = Dibuat
office-ends = Berlaku
office-ends-at = { $state ->
    [revoked] dicabut { $moment }
    [over] berakhir { $moment }
    [until] sampai { $moment }
   *[never] tanpa batas waktu
}
office-revoke = Cabut
office-link-made = Tautan laporan dibuat
office-shown-once = Ditampilkan hanya sekali ini. Kirim atau catat sekarang; sesudah halaman ini ditutup, tidak ada yang dapat melihatnya lagi.
office-qr = Kode QR tautan laporan { $facility }
office-link-send = Kirim kepada pemegangnya
office-link-text = Tautan laporan { $facility }: { $address }
    Buka dari ponsel, isi angka, lalu kirim. { $until ->
        [none] Tidak ada batas waktunya.
       *[other] Berlaku sampai { $until }.
    } Jangan diteruskan kepada orang lain.
office-to-facility = Ke halaman faskes
office-keys-lead = Kunci dipakai petugas untuk masuk, dan sistem rumah sakit untuk mengirim angka.
office-keys-caption = Kunci di wilayah ini
office-key-holder = Untuk siapa
office-role = Peran
office-role-name = { $role ->
    [agent] petugas call centre
    [coordinator] koordinator
    [reporter] pelapor satu faskes
    [bridge] sistem rumah sakit
    [admin] admin
   *[link] tautan
}
office-key-openid = masuk lewat { $issuer } sebagai { $subject }
office-last-used = Terakhir dipakai
office-never-used = belum pernah
office-make-key = Buat kunci
office-key-region-hint = Untuk petugas call centre dan koordinator. { $region ->
    [none] Kosong: seluruh negeri.
   *[other] Kosong: { $region }.
}
office-key-facilities = Faskes
office-key-facilities-hint = Untuk pelapor dan sistem rumah sakit: kode faskes, misalnya kemenkes:3374010. Beberapa dipisah koma.
office-key-days-hint = Kosong: tanpa batas waktu.
office-key-made = Kunci dibuat
office-key-made-next = Pemegangnya masuk dengan kunci ini sekali. Kirim lewat jalan yang aman.

## Importing a table

office-import-lead = Tabel dari rumah sakit atau dinas, dalam Excel atau CSV. Tidak ada yang disimpan sebelum Anda melihat bagaimana tabel itu terbaca.
office-import-facility = Faskes
office-import-facility-hint = Hanya bila tabelnya dari satu faskes dan tidak menyebut namanya di setiap baris. Misalnya: RSUD Kota Semarang.
office-import-what = Isi tabel
office-import-kind = { $kind ->
    [facilities] Daftar faskes (nama, wilayah, telepon)
   *[reports] Angka tempat tidur dan tempat isolasi
}
office-file = Berkas
office-file-hint = .xlsx, .xls, .ods, atau .csv, paling besar 8 MB.
office-file-missing = Pilih berkasnya dahulu.
office-file-unreadable = Berkas tidak dapat dibaca ({ $error }). Pilih berkasnya lagi.
office-file-again = Pilih berkas yang sama sekali lagi (terlalu besar untuk dibawa halaman ini)
office-preview = Lihat dahulu
office-preview-title = Beginilah tabel itu terbaca
office-imported = Tabel diimpor
office-import-told = { $rows } baris: { $accepted } diterima ({ $changed } mengubah sesuatu), { $refused } ditolak.
office-store = { $rows ->
    [1] Simpan 1 baris
   *[other] Simpan { $rows } baris
}
office-overwrite = Pakai juga isi tabel untuk data yang pernah diperbaiki orang
office-outcome-table = Unduh tabel hasilnya (CSV)
office-another-file = Berkas lain
office-rows-refused = Ditolak: perlu diperbaiki
office-rows-warned = Diterima dengan catatan
office-rows = Hasil setiap baris
office-line = Baris
office-row = Isi
office-remark = Catatan
office-outcome = Hasil
office-cut = dan { $more } baris lagi; semuanya ada dalam tabel hasil.
office-changes-listed = Yang berubah
office-what = Apa
office-before = Sebelumnya
office-after = Menjadi
office-added = ditambahkan
office-kept = dibiarkan: pernah diperbaiki orang
office-part = { $part ->
    [name] nama
    [kind] macam
    [region] wilayah
    [address] alamat
    [phones] telepon
    [point] titik
   *[intake] penerimaan
}
office-row-status = { $status ->
    [accepted] diterima
    [late] terlambat: hanya masuk riwayat
    [added] ditambahkan
    [changed] diubah
    [unchanged] sama seperti sebelumnya
   *[refused] ditolak
}
office-reading = Bagaimana kolom dibaca
office-reading-caption = Judul kolom di baris { $line }{ $sheet ->
    [none] {""}
   *[other] { " " }lembar { $sheet }
}
office-heading = Judul kolom
office-meaning-of = Arti kolom { $heading }
office-meaning-hint = Kolom yang salah dibaca dapat dibetulkan: isi dengan nama kolom, misalnya 'available' atau 'ICU kosong'; kosongkan untuk melewatinya. Lalu periksa lagi.
office-look-again = Periksa lagi
office-meaning = Dibaca sebagai
office-passed-over = dilewati
office-column = { $column ->
    [facility] faskes
    [type] jenis tempat
    [room] nama ruang
    [session] sesi vaksinasi
    [capacity] kapasitas
    [occupied] terisi
    [available] kosong
    [queue] antrean
    [observed_at] waktu pencatatan
    [name] nama
    [kind] macam faskes
    [region] wilayah
    [region_code] kode wilayah
    [kecamatan_code] kode kecamatan
    [external_ids] kode di sistem lain
    [code] kode Kemenkes
    [aliases] nama lain
    [address] alamat
    [phones] nomor-nomor telepon
    [phone] telepon
    [lat] lintang
    [lon] bujur
    [criteria] syarat masuk
    [bring] yang dibawa
    [pickup] penjemputan
    [referral] rujukan
   *[other] { $column }
}

## Duplicates and rooms

office-duplicates-lead = Pasangan yang mirip nama, tempat, dan teleponnya. Bandingkan; bila keduanya satu faskes, gabungkan.
office-duplicates-none = Tidak ada yang tampak ganda.
office-first-entry = Yang lebih dulu
office-second-entry = Yang kemudian
office-in-common = Sama
office-same = { $same ->
    [name] nama
    [place] tempat
   *[phone] telepon
}
office-compare = Bandingkan
office-merge-title = Apakah ini satu faskes?
office-stays = Tetap
office-goes = Digabung ke yang tetap
office-swap = Tukar: biarkan yang satunya yang tetap
office-merge-question = Gabungkan
office-merge-what = { $goes } masuk ke { $stays }: kode, telepon, nama lain, ruang, sesi, kunci, dan tautannya ikut. Dari dua angka, yang lebih baru yang berlaku. Penggabungan tidak dapat dibatalkan.
office-merge-sure = Saya yakin keduanya satu faskes
office-merge = Gabungkan sekarang
office-unmapped-lead = Sistem rumah sakit mengirim kode ruang yang belum dikenal. Ruangnya dicatat, tetapi belum dihitung.
office-unmapped-none = Semua ruang sudah dihitung.
office-code = { $code ->
    [none] Tanpa kode
   *[other] Kode { $code }
}
office-room = Ruang
office-means = Kode ini berarti
office-map = Hitung sebagai jenis ini
office-map-admin = Admin yang menentukan jenisnya, karena kode berlaku untuk seluruh negeri. Beri tahu admin arti kode ini.
office-map-no-code = Sistemnya tidak pernah mengirim kode. Minta rumah sakit mengisi jenis kelas di sistemnya.
office-which-type = Pilih jenisnya.

## Contacts and sessions

office-contacts-lead = Yang ditelepon bila tidak ada tempat kosong, di wilayah ini dan di bawahnya.
office-contacts-none = Belum ada kontak. Tambahkan dinas kesehatan, Satgas, atau PSC 119.
office-contact-add = Tambah kontak
office-contact-change = Ubah kontak
office-contact-name-hint = Nama kantor atau orang. Misalnya: Dinas Kesehatan Kota Semarang.
office-contact-role = Peran
office-contact-role-hint = Satu kata: psc119, satgas, dinkes, atau call_centre.
office-sessions-none = Belum ada sesi vaksinasi.
office-session-add = Tambah sesi vaksinasi
office-session-change = Ubah sesi vaksinasi
office-session-end = Batalkan
office-session-title = Nama sesi
office-session-facility-hint = Kode faskes: misalnya kemenkes:3374010, atau kode dari alamat halaman faskes.
office-product = Vaksin
office-product-hint = Satu kata: sinovac, astrazeneca, moderna, pfizer.
office-dose = Dosis
office-doses = dosis { $doses }
office-when = Kapan
office-every-week = setiap { $days }
office-weekday = { $day ->
    [mon] Senin
    [tue] Selasa
    [wed] Rabu
    [thu] Kamis
    [fri] Jumat
    [sat] Sabtu
   *[sun] Minggu
}
office-cancelled = dibatalkan
office-once = Satu hari
office-date = Tanggal
office-weekly = Atau setiap minggu
office-days = Hari
office-first-day = Mulai tanggal
office-last-day = Sampai tanggal
office-hours = Jam
office-from = Mulai
office-to = Selesai
office-for-whom = Untuk siapa
office-age-min = Umur paling muda
office-age-max = Umur paling tua
office-walk-in = Boleh datang tanpa mendaftar
office-booking-phone = Telepon pendaftaran

## Who changed what

office-changes-lead = Semua perubahan di wilayah ini, yang terbaru lebih dahulu.
office-changes-all = Semua perubahan
office-who = Oleh
