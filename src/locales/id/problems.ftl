### Why something was refused.

## Titles of problems with a question

problem-unknown-region = Wilayah tidak dikenal
problem-invalid-region-code = Kode wilayah tidak sah
problem-region-code-without-dots = Kode wilayah harus memakai titik
problem-bps-code = Ini tampak seperti kode BPS
problem-unknown-type = Jenis sumber daya tidak dikenal
problem-invalid-type-code = Kode jenis tidak sah
problem-unknown-facility = Fasilitas tidak dikenal
problem-unknown-contact = Kontak tidak dikenal
problem-unknown-key = Kunci tidak dikenal
problem-unknown-link = Tautan tidak dikenal
problem-unknown-mark = Catatan tidak dikenal
problem-unknown-room = Ruang tidak dikenal
problem-unknown-parameter = Parameter tidak dikenal
problem-invalid-parameter = Parameter tidak dapat dibaca
problem-parameters-disagree = Dua parameter tidak cocok satu sama lain
problem-unknown-word = Tidak ada jenis yang memakai kata ini
problem-limit-out-of-range = Batas (limit) di luar rentang
problem-invalid-cursor = Kursor tidak dapat dipakai
problem-cursor-of-another-query = Kursor milik pertanyaan lain
problem-invalid-coordinates = Koordinat tidak dapat dipakai
problem-unknown-session = Sesi tidak dikenal
problem-not-kept = Ini sudah tidak disimpan lagi
problem-as-of-in-future = Waktu yang ditanyakan di masa depan

## Titles of problems with a report

problem-negative-count = Jumlah negatif
problem-count-too-large = Jumlah terlalu besar
problem-count-not-whole = Jumlah bukan bilangan bulat
problem-number-as-text = Angka dikirim sebagai teks
problem-above-capacity = Jumlah melebihi kapasitas
problem-observed-in-future = Waktu pengamatan di masa depan
problem-invalid-time = Waktu tidak dapat dibaca
problem-nothing-reported = Laporan kosong
problem-nothing-to-adjust = Tidak ada angka yang dapat diubah
problem-confirm-jump = Angka jauh dari yang sebelumnya
problem-already-claimed = Sudah ada yang menelepon
problem-confirm-hold = Semua tempat kosong sudah ditahan
problem-too-many-marks = Catatan pada fasilitas terlalu banyak
problem-facility-closed = Fasilitas sudah tutup
problem-duplicate-row = Angka yang sama dilaporkan dua kali
problem-all-rows-refused = Semua baris ditolak
problem-incomplete-row = Baris tidak lengkap
problem-too-many-rows = Terlalu banyak baris dalam satu permintaan
problem-no-occurrence = Sesi tidak ada pada hari itu
problem-session-over = Sesi sudah berakhir
problem-too-many-rooms = Ruang fasilitas terlalu banyak

## Titles of problems with a change

problem-invalid-date = Tanggal tidak dapat dipakai
problem-invalid-schedule = Hari atau jam sesi tidak mungkin
problem-invalid-url = Tautan tidak dapat dipakai
problem-too-many-sessions = Terlalu banyak sesi di fasilitas ini
problem-invalid-text = Teks tidak dapat dipakai
problem-invalid-word = Kata tidak dapat dipakai
problem-invalid-phone = Nomor telepon tidak dapat dipakai
problem-invalid-external-id = Id eksternal tidak dapat dipakai
problem-external-id-taken = Id eksternal dipakai fasilitas lain
problem-missing-field = Ada isian yang belum diisi
problem-unknown-field = Isian tidak dikenal
problem-invalid-field = Isian tidak dapat dibaca
problem-version-mismatch = Data sudah diubah pihak lain
problem-idempotency-key-reused = Idempotency-Key sudah dipakai untuk permintaan lain
problem-invalid-idempotency-key = Idempotency-Key tidak dapat dipakai

## Titles of problems with a key

problem-key-required = Diperlukan kunci
problem-key-invalid = Kunci tidak berlaku
problem-key-expired = Kunci sudah kedaluwarsa
problem-key-revoked = Kunci sudah dicabut
problem-role-not-allowed = Peran kunci ini tidak boleh melakukannya
problem-outside-scope = Di luar wewenang kunci ini

## Titles of problems with a request

problem-invalid-body = Isi permintaan tidak dapat dibaca
problem-invalid-encoding = Teks bukan UTF-8
problem-body-too-large = Isi permintaan terlalu besar
problem-unsupported-media-type = Jenis media tidak didukung
problem-not-acceptable = Tidak ada representasi yang diminta
problem-not-found = Tidak ada apa-apa di sini
problem-method-not-allowed = Metode tidak diizinkan di sini
problem-request-timeout = Permintaan terlalu lama

## Titles of problems of the server

problem-unavailable = Penulisan sedang tidak dapat dilakukan
problem-history-unavailable = Riwayat sedang tidak dapat dibaca
problem-too-many-requests = Terlalu banyak kiriman dari Anda
problem-overloaded = Terlalu banyak permintaan sekaligus
problem-internal = Terjadi kesalahan di sisi kami

## What is wrong in particular, and how to mend it

outside-scope-changes = hanya kunci admin yang boleh mengubah data seluruh negeri; sebutkan wilayah
outside-scope-sees-internal = kunci ini hanya untuk satu wilayah; sebutkan wilayahnya
outside-scope-makes = kunci agent tanpa wilayah berlaku untuk seluruh negeri; sebutkan { $held-to } atau wilayah di dalamnya
key-required-principal = kirim 'Authorization: Bearer KUNCI'; kunci dibuat oleh koordinator wilayah atau operator
role-not-allowed = kunci dengan peran '{ $role }' tidak boleh melakukan ini; hubungi koordinator wilayah atau operator
outside-scope-facility = kunci ini bukan untuk { $name }; pakai kunci milik fasilitas tersebut
outside-scope-region = kunci ini hanya untuk wilayah { $held-to }, sedangkan { $region } di luarnya
invalid-external-id = '{ $text }' bukan id eksternal seperti 'kemenkes:3374010' (sistem:nilai)
unknown-facility = tidak ada fasilitas '{ $text }'; pakai id kami atau sistem:nilai seperti 'kemenkes:3374010', atau cari di /v1/search
invalid-phone = '{ $text }' bukan nomor telepon dengan 3 sampai 20 angka seperti '024-8413476'
invalid-coordinates-geo = { $lat },{ $lon } tidak ada di bumi: lintang -90 sampai 90 ditulis dahulu, lalu bujur -180 sampai 180
invalid-coordinates-geo-pointer = '{ $text }' bukan 'lintang,bujur' dalam derajat, misalnya '-6.99,110.42'
invalid-field-scope = hanya kunci reporter, bridge, dan tautan yang menyebut fasilitas; kosongkan
invalid-field-scope-region = hanya kunci agent dan coordinator yang menyebut wilayah; kosongkan
key-revoked = kunci dicabut pada { $revoked-at }; minta yang baru kepada koordinator
key-expired = kunci kedaluwarsa pada { $expired-at }; minta yang baru kepada koordinator
negative-count-from-i128 = { $value } negatif; kirim 0 jika tidak ada, atau null jika tidak diketahui
count-too-large = { $text } lebih dari { $most }; periksa angkanya
count-not-whole = { $text } bukan bilangan bulat; kirim bilangan bulat, atau kosongkan jika tidak diketahui
invalid-field-from-json = harus berupa objek berisi capacity, occupied, available, dan queue
unknown-field-from-json = '{ $field }' bukan salah satu dari capacity, occupied, available, queue
nothing-to-adjust-adjusted = jumlah tempat kosong tidak diketahui; laporkan dahulu dengan PUT sebelum mengubahnya
invalid-time-observed-at = '{ $text }' bukan waktu RFC 3339 seperti 2021-07-01T14:05:00+07:00
observed-in-future = { $said } setelah waktu sekarang ({ $now }); periksa jam dan zona waktu, atau kosongkan waktunya
invalid-time-observed-at-pointer = { $said } sebelum tahun 2000; periksa waktunya
region-code-without-dots = '{ $text }' tanpa titik; jika ini kode Kemendagri, tulis '{ $dotted }'. Jika ini kode BPS, artinya bisa wilayah lain: cari namanya di /v1/search
bps-code = '{ $text }' tampak seperti kode BPS; wilayah disebut dengan kode Kemendagri seperti '33.74.10': cari namanya di /v1/search
invalid-region-code = '{ $text }' bukan kode Kemendagri seperti '33', '33.74', '33.74.10', atau '33.74.10.1001'; cari wilayahnya menurut nama di /v1/search?q=NAMA
invalid-type-code = '{ $text }' bukan kode jenis seperti 'bed.icu_vent'; daftarnya ada di /v1/types
unknown-session = tidak ada sesi '{ $text }' di sana; daftar sesi beserta id ada di /v1/vaccinations
invalid-time-session-time = '{ $text }' bukan jam setempat seperti 08:00
invalid-date = '{ $text }' bukan tanggal abad ini seperti 2021-07-02
invalid-word = '{ $text }' harus terdiri dari 1 sampai 40 huruf kecil, angka, atau '_'
invalid-text = harus 1 sampai { $most } karakter teks biasa, bukan { $length }
invalid-text-invisible = karakter tak terlihat { $code } ada setelah '{ $after }'; hapus, atau ketik ulang teksnya
invalid-text-name = '{ $name }' tidak berisi huruf atau angka; tulis nama seperti yang diucapkan
invalid-url = harus berupa tautan http atau https seperti https://contoh.go.id/daftar, paling banyak 500 karakter
request-timeout-too-slow = permintaan berlangsung lebih dari 30 detik; kirim lebih sedikit sekaligus
internal-panicked = ini seharusnya tidak terjadi; sampaikan request_id kepada operator
not-found-gone = tidak ada di direktori
not-found-bed = '{ $other }' bukan salah satu dari create, update, delete
missing-field-hospital = isi X-rs-id dengan kode rumah sakit di Kemenkes
key-invalid-caller = isi '{ $name }' dengan kunci yang dibuat di sini untuk fasilitas ini, sebagai pengganti kata sandi
invalid-field-text = { $other } bukan teks atau angka
not-kept-start = perubahan disimpan mulai nomor { $first }; mulai lagi dari /v1/snapshot
not-kept-start-after = perubahan terbaru bernomor { $last }: direktori telah dipulihkan ke keadaan lama; mulai lagi dari /v1/snapshot
history-unavailable = basis data sedang tidak dapat dihubungi; tanya lagi setelah Retry-After detik, jawaban terkini tetap tersedia
invalid-parameter = ini bukan id kejadian kami; kosongkan untuk mulai dari sekarang
version-mismatch-if-match = '{ $tag }' bukan ETag fasilitas; ambil dari GET /v1/facilities/ID apa adanya
refused-uuid = '{ $text }' bukan id kami, yang bentuknya seperti 0196f1b0-0000-7000-8000-000000000000
not-found-problem = tidak ada kode masalah '{ $name }'
key-invalid-principal = kirim 'Authorization: Bearer KUNCI' dengan kunci yang dibuat di sini; kunci hanya ditampilkan sekali saat dibuat
invalid-encoding-utf8 = bita ke-{ $at } bukan UTF-8; kirim dalam UTF-8
invalid-idempotency-key = harus 1 sampai 128 karakter ASCII, misalnya UUID
too-many-requests = terlalu banyak kiriman dari Anda atau dari semua orang; coba lagi setelah Retry-After detik, atau sampaikan kepada kontak wilayah
body-too-large = isi permintaan lebih dari { $most } KiB; kirim per bagian
request-timeout-too-slow-limits = isi permintaan datang terlalu lambat: { $read } bita, sedangkan setelah { $grace } detik pertama diperlukan { $rate } KiB per detik; kirim lebih sedikit sekaligus, atau lewat jaringan yang lebih baik
invalid-body-cut-short = isi permintaan terputus sebelum lengkap; kirim lagi
not-found-operations = tidak ada apa-apa di alamat ini; daftarnya ada di /docs
method-not-allowed = alamat ini tidak mengenal metode tersebut; lihat header Allow dan /docs
overloaded-from = terlalu banyak laporan yang menunggu; kirim lagi setelah Retry-After detik
unavailable-from = belum pasti apakah ini tersimpan; kirim lagi dengan Idempotency-Key yang sama setelah Retry-After detik
refused-put-availability = sebutkan sedikitnya satu jenis, atau satu sesi pada 'sessions', beserta angkanya
all-rows-refused = tidak satu pun dari { $count } baris dapat diterima; alasannya per baris ada di 'errors'. Tidak ada yang disimpan
parameters-disagree = 'from' harus 0 sampai { $most-days } hari sebelum 'to'
missing-field-need-one = baris judul tidak punya satu pun kolom { $all }
missing-field-region = wilayah kosong; isikan sedikitnya kode kabupaten atau kota
unknown-region-facilities = { $code } tidak berada di { $sure }; fasilitas dicatat di { $sure }
missing-field-external-ids = 'code' dan 'external_ids' kosong; isikan id sendiri seperti 'dinkes:17', agar impor berikutnya mengubah fasilitas ini dan tidak menambahkannya lagi
invalid-coordinates-number = '{ $text }' bukan angka derajat seperti -6.99
invalid-field-zone = '{ $text }' bukan Asia/Jakarta, Asia/Makassar, atau Asia/Jayapura
invalid-field-precision = '{ $text }' bukan centroid (titik tengah wilayah) atau place (sebuah tempat di dalamnya)
missing-field-rows = kirim daftar baris, atau objek dengan isian 'reports' berupa daftar
unknown-field-rows = '{ $name }' tidak dikenal di sini; hanya ada 'reports'
invalid-encoding-text = ini bukan UTF-8 ({ $error }); simpan sebagai UTF-8
invalid-field-no-row = satu baris harus berupa objek seperti { "{" }"facility": "kemenkes:3374010", "type": "bed.icu", "available": 3{ "}" }
invalid-field-no-list = harus berupa daftar baris
missing-field-columns = baris judul tidak punya satu pun kolom { $fields }
missing-field-needed = '{ $field }' kosong; setiap baris menyebut fasilitas dan jenis
missing-field-session-needed = 'session' kosong; angka { $session-type } menyebut sesinya, sebagai ID atau ID@2021-07-02
invalid-field-no-session-here = hanya { $session-type } yang punya sesi; kosongkan 'session', atau perbaiki 'type'
unknown-field-reports = '{ $name }' bukan salah satu dari { $columns }
nothing-reported = tidak ada satu baris pun; kirim sedikitnya satu laporan
too-many-rows = ada lebih dari { $most } baris; kirim dalam beberapa permintaan. Tidak ada yang disimpan
invalid-field-table = baris judul memuat kolom '{ $name }' dua kali; ganti nama salah satunya
internal-failed = jawaban tidak dapat dibuat; coba lagi, dan beri tahu operator bila tetap begini
invalid-cursor = ini bukan kursor kami; pakai 'next' dari halaman sebelumnya apa adanya, atau mulai tanpa kursor
cursor-of-another-query = kursor ini milik parameter lain; jangan ubah parameter antarhalaman, atau mulai tanpa kursor
as-of-in-future = sekarang { $now }; tanyakan waktu sebelumnya, atau kosongkan as_of
not-kept-rejection = waktu paling awal yang disimpan adalah { $earliest }; ringkasan harian sebelumnya ada di /v1/facilities/ID/history
overloaded-rejection = terlalu banyak pertanyaan tentang waktu lampau saat ini; tanyakan lagi setelah Retry-After detik
unknown-contact = tidak ada kontak { $id }; daftar kontak beserta id ada pada jawaban wilayahnya
unknown-region-known = tidak ada wilayah { $code }; cari namanya di /v1/search
invalid-coordinates-point = lintang dan bujur harus diisi keduanya, atau kosongkan keduanya
unknown-region-import = { $wanted } maupun wilayah di atasnya tidak ada di direktori
unknown-link = tidak ada tautan { $id }; daftar tautan yang Anda kelola ada di /v1/links
invalid-field-mark = { $minutes } bukan 1 sampai { $most }; kosongkan untuk { $usual }
already-claimed = { $by } sedang menelepon, paling lama sampai { $until }; tunggu hasilnya, atau hubungi yang lain
too-many-marks-said-often = laporan tentang fasilitas ini sudah cukup banyak; koordinator akan memeriksanya
too-many-marks-mark = sudah ada { $most-marks } catatan pada fasilitas ini; hapus sebagian, atau tunggu sampai berakhir
refused-not-theirs = catatan hanya dapat dihapus oleh yang membuatnya atau koordinator wilayah; hubungi salah satunya
unknown-mark = tidak ada catatan { $id }, atau sudah berakhir; yang masih berlaku ada di /v1/marks
unknown-type-known = '{ $code }' bukan jenis tempat: penahanan dan catatan hanya untuk tempat tidur dan isolasi; daftarnya di /v1/types
invalid-field-listed-phone = { $wanted } bukan nomor fasilitas ini; pakai salah satu dari 'phones', atau kosongkan untuk semua
confirm-jump = { $code }: { $field } sekarang { $now }, sebelumnya { $before }{ $moment }; jika benar, kirim ulang dengan confirm=true, jika salah, perbaiki angkanya
unknown-region-applied = { $code } berada di { $parent }, yang belum ada di direktori; tambahkan { $parent } dahulu
missing-field-applied = { $code } adalah wilayah baru; isikan namanya
invalid-field-codes = { $code } sudah berarti { $other }; keluarkan dahulu dari jenis itu
invalid-field-checked-type = kind suatu jenis tidak dapat diubah; pensiunkan jenis ini dan tambahkan yang baru
nothing-to-adjust-report = belum ada angka yang dapat dikonfirmasi; laporkan dahulu dengan PUT
facility-closed = { $name } ditandai tutup; bila buka kembali, koordinator mengirim PATCH dengan "closed": false
duplicate-row-report = baris { $other } melaporkan jenis yang sama dari fasilitas dan waktu yang sama; pilih salah satu
duplicate-row-occurrences = angka untuk { $date } disebut dua kali; pilih salah satu
no-occurrence = sesi tidak diadakan pada { $date }, atau masih lebih dari { $furthest } hari lagi; periksa tanggalnya, atau kosongkan untuk yang berikutnya
session-over-report-sessions = sesi sudah berakhir atau dibatalkan; yang akan datang ada di /v1/vaccinations
too-many-rooms = fasilitas sudah memiliki { $most-rooms } ruang; hapus yang sudah tidak ada
invalid-field-session = sesi ini milik { $facility }; buat sesi baru untuk fasilitas lain
invalid-schedule-to-come = { $next } masih lebih dari { $furthest } hari lagi; periksa tahunnya
session-over-to-come = tidak ada lagi hari yang akan datang; periksa tanggal dan jamnya, atau batalkan
too-many-sessions = sudah ada { $running } sesi mendatang; pakai 'weekly' daripada banyak hari, atau akhiri sebagian
invalid-schedule-session-input = isi 'date' untuk satu hari, atau 'weekly' untuk hari-hari tiap minggu, salah satu saja
invalid-schedule-excepted = { $day } adalah { $weekday }, sedangkan sesi diadakan pada { $held }; isi tanggal yang ada sesinya
idempotency-key-reused = kunci ini sudah dipakai untuk permintaan lain dalam 24 jam terakhir; buat kunci baru untuk setiap permintaan baru
key-needs-one-facility = kunci reporter atau tautan menyebut tepat satu fasilitas
key-needs-facilities = kunci bridge menyebut daftar fasilitasnya
key-needs-region = kunci coordinator menyebut wilayahnya
number-as-text = { $value } adalah teks; kirim angka tanpa tanda kutip, atau null jika tidak diketahui
above-capacity-together = available { $available } + occupied { $occupied } = { $used } lebih dari capacity (kapasitas) { $capacity }; perbaiki salah satunya
above-capacity-occupied = occupied (terpakai) { $occupied } lebih dari capacity (kapasitas) { $capacity }; perbaiki salah satunya
above-capacity-available = available (tersedia) { $available } lebih dari capacity (kapasitas) { $capacity }; perbaiki salah satunya
negative-count-adjusted = hanya { $available } yang kosong; laporkan ulang angkanya dengan PUT bila itu salah
key-required-bridge = isi { $headers } dengan kunci, sebagai pengganti kata sandi; kunci dibuat oleh koordinator wilayah atau operator
not-acceptable = tersedia sebagai { $types }
unavailable-stopping = node ini sedang berhenti
unavailable-database = basis data sedang tidak dapat dihubungi
unavailable-failing = laporan terakhir tidak dapat disimpan; node ini terus mencoba
unavailable-damaged = berkas basis data rusak; pulihkan dari cadangan, lalu jalankan lagi node ini
unavailable-disk = disk basis data hampir penuh; kosongkan sebagian isinya
unavailable-read = basis data sedang tidak dapat dihubungi; coba lagi
field-not-text = { $value } harus berupa teks dalam tanda kutip
type-hours = '{ $value }' bukan jumlah jam
type-flag = '{ $value }' bukan yes, no, atau kosong
type-kind = '{ $value }' bukan bed, isolation, atau vaccination
header-lacks-column = baris judul tidak punya kolom '{ $column }'; yang diperlukan: { $required }
row-of-another-width = { $short ->
    [true] baris { $row } berisi { $has } sel, sedangkan judul { $needs }; apakah barisnya terpotong?
   *[false] baris { $row } berisi { $has } sel, sedangkan judul { $needs }; hapus pemisah di ujung baris, dan beri tanda kutip ganda pada sel yang memuat pemisah
}
table-not-utf8 =
    { $row ->
        [0] baris judul bukan UTF-8; simpan tabelnya sebagai UTF-8
       *[other] baris { $row } bukan UTF-8; simpan tabelnya sebagai UTF-8
    }
table-unreadable =
    { $row ->
        [0] baris judul tidak dapat dibaca ({ $error })
       *[other] baris { $row } tidak dapat dibaca ({ $error })
    }
overloaded-streams = jumlah klien yang mengikuti node ini sudah penuh; coba lagi setelah Retry-After detik, atau gunakan /v1/changes
overloaded-snapshots = terlalu banyak salinan sekaligus; coba lagi setelah Retry-After detik
session-closes-early = { $to } tidak setelah { $from }; sesi ditutup pada hari yang sama
session-without-doses = sebutkan dosis yang diberikan, masing-masing angka 1 sampai 9, misalnya [1, 2]
session-ages-crossed = age_max { $max } kurang dari age_min { $min }; perbaiki salah satunya
session-fee-too-high = { $fee } rupiah lebih dari 100000000; periksa biayanya
session-without-weekdays = sebutkan sedikitnya satu dari mon, tue, wed, thu, fri, sat, sun
session-ends-early = berakhir sebelum dimulai
session-exceptions = lebih dari { $most } hari
room-nameless = { $system ->
    [aplicares] baris ini tidak menyebut ruang yang dimaksud; isi kodekelas dan koderuang
   *[kemenkes] baris ini tidak menyebut ruang yang dimaksud; isi id_t_tt, atau id_tt dan ruang
}
room-without-contents = { $system ->
    [aplicares] fasilitas ini tidak memiliki ruang '{ $room }'; kirim dahulu dengan create beserta kodekelas, yaitu jenis isinya
   *[kemenkes] fasilitas ini tidak memiliki ruang '{ $room }'; kirim dahulu dengan POST beserta id_tt, yaitu jenis isinya
}
room-ambiguous = { $system ->
    [aplicares] beberapa ruang di fasilitas ini bernama sama; sebutkan kodekelas dan koderuang
   *[kemenkes] beberapa ruang di fasilitas ini bernama sama; sebutkan id_t_tt
}
room-not-there = { $system ->
    [aplicares] fasilitas ini tidak memiliki ruang tersebut; sebutkan kodekelas dan koderuang seperti saat dilaporkan
   *[kemenkes] fasilitas ini tidak memiliki ruang tersebut; sebutkan id_t_tt, atau id_tt dan ruang seperti saat dilaporkan
}
note-of-facility = verdict ini tentang fasilitasnya; kosongkan type
note-phone-misplaced = telepon hanya untuk phone_dead; kosongkan
note-type-missing = sebutkan jenis (type) yang angkanya dimaksud
note-numbers-of-nothing = angka untuk apa? sebutkan type, atau kosongkan
key-days = { $usual ->
    [none] { $days } bukan 1 sampai 3650 hari; kosongkan untuk kunci tanpa batas waktu
   *[other] { $days } bukan 1 sampai 3650 hari; kosongkan untuk { $usual } hari
}
unknown-key = tidak ada kunci { $id }; daftar kunci yang Anda kelola ada di /v1/keys
type-hours-crossed = aging_after_h { $aging } minimal 1, dan stale_after_h { $stale } harus lebih besar
external-id-taken = { $external } milik { $name } ({ $id }); ubah fasilitas itu, atau kosongkan id ini
list-too-long = { $count } lebih dari { $most }
path-unreadable = path tidak dapat dibaca: { $error }
body-packed = { $coding } tidak diterima; kirim isi apa adanya tanpa kompresi
media-type-not-taken = '{ $given }' tidak diterima di sini; kirim { $taken }
delta-out-of-range = { $delta } bukan -1000 sampai 1000 selain 0; pakai confirm bila tidak ada perubahan
unknown-type-here = { $isolation ->
    [true] tidak ada jenis '{ $code }' di sini; tanyakan di /v1/isolation; daftar jenis ada di /v1/types
   *[false] { $meant ->
        [none] tidak ada jenis '{ $code }' di sini; daftar jenis ada di /v1/types
       *[other] tidak ada jenis '{ $code }' di sini; maksud Anda '{ $meant }'? Daftar jenis ada di /v1/types
    }
}
version-mismatch = { $what ->
    [session] sesi sekarang pada versi { $now }; baca lagi, periksa perubahannya, lalu kirim ulang
   *[facility] fasilitas sekarang pada versi { $now }; baca lagi, periksa perubahannya, lalu kirim ulang
}
held-by = { $by } sampai { $until }
all-held = { $label }: { $free } kosong, { $held } sudah ditahan ({ $by }); jika tetap disediakan satu lagi untuk Anda, kirim ulang dengan confirm=true
overloaded-by-key = terlalu banyak permintaan sekaligus dengan kunci ini; kirim lebih sedikit bersamaan, lagi setelah Retry-After detik
overloaded-bodies = terlalu banyak kiriman sedang dibaca; kirim lagi setelah Retry-After detik
as-was-said = { $detail }

## What a field or a parameter must be

invalid-field-unfit = isinya tidak sesuai ("{ $said }")
invalid-field-type = harus berupa { $wanted }, sedangkan yang dikirim { $found }
invalid-field-removed = '{ $name }' tidak dapat dihapus; jangan dikirim, atau kirim nilai lain
invalid-field-range = { $found } terlalu kecil atau terlalu besar di sini
invalid-field-word = '{ $word }' bukan salah satu dari { $known }
missing-field = '{ $name }' belum diisi; tambahkan
unknown-field = '{ $name }' tidak dikenal di sini; yang dikenal: { $known }
unknown-field-none = '{ $name }' tidak dikenal di sini; hapus isian ini
json-that-number = angka { $number }
json-that-text = teks "{ $text }"
json-list = daftar
json-object = objek
json-text = teks
json-truth = true atau false
json-number = angka
json-whole-number = bilangan bulat
invalid-encoding-parameters = parameter bukan UTF-8; gunakan percent-encoding dari UTF-8
invalid-parameter-empty = '{ $name }' kosong; isi nilainya, atau hilangkan
invalid-parameter-twice = '{ $name }' diberikan lebih dari sekali; berikan sekali saja
invalid-parameter-seq = '{ $text }' bukan nomor perubahan, misalnya 8721
invalid-parameter-number = '{ $text }' bukan bilangan bulat dari { $least } sampai { $most }
missing-field-q = sebutkan yang dicari: q=kariadi
parameters-disagree-within = 'within' memerlukan 'near': jarak dari mana?
parameters-disagree-date = isi 'date' saja, atau 'from' dan 'to'
parameters-disagree-days = { $last } sebelum { $first }; tukar keduanya, atau kosongkan salah satu
parameters-disagree-span = { $last } lebih dari { $most } hari setelah { $first }; persempit rentangnya
invalid-date-over = { $last } sudah lewat: hari ini { $yet }; tanyakan tanggal berikutnya
parameters-disagree-history = 'to' harus setelah 'from'
json-member-twice = '{ $name }' tertulis dua kali, salah satunya di baris { $line } kolom { $column }; kirim satu saja
json-broken = ini bukan JSON yang utuh: periksa tanda kutip, koma, dan kurung di baris { $line } kolom { $column }
unknown-region-asked = tidak ada wilayah { $code } di direktori; cari namanya di /v1/search?q=…
no-type-is-all = { $without ->
    [none] tidak ada jenis yang memenuhi semua yang diminta; keterangan tiap jenis ada di /v1/types
   *[other] tidak ada jenis yang memenuhi semua yang diminta; tanpa '{ $without }' ada { $codes }; keterangan tiap jenis ada di /v1/types
}
