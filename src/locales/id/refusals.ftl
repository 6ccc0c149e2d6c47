### What is wrong in particular, and how to mend it: the details of problems, below their titles.

## Keys: who may do what

send-a-key = kirim 'Authorization: Bearer KUNCI'; kunci dibuat oleh koordinator wilayah atau operator
send-a-key-as-password = isi { $headers } dengan kunci, sebagai pengganti kata sandi; kunci dibuat oleh koordinator wilayah atau operator
key-not-made-here = kirim 'Authorization: Bearer KUNCI' dengan kunci yang dibuat di sini; kunci hanya ditampilkan sekali saat dibuat
key-not-made-here-as-password = isi '{ $name }' dengan kunci yang dibuat di sini untuk fasilitas ini, sebagai pengganti kata sandi
sign-in-of-program = kunci dengan peran '{ $role }' dipakai program, yang mengirimnya di setiap permintaan; orang masuk dengan kuncinya sendiri
sign-in-needs-key = masuklah dengan kuncinya sendiri, bukan dengan rahasia dari 'POST /v1/sign-ins'
not-a-sign-in = ini kunci, bukan rahasia masuk; kirim rahasia dari 'POST /v1/sign-ins'
openid-not-set = di sini tidak ada yang masuk lewat penyedia akun; pengelola mengaturnya dengan SEDIA_OPENID_ISSUER, dan kunci dipakai untuk masuk di 'POST /v1/sign-ins'
openid-away = { $provider } sedang tidak menjawab, atau menjawab tidak seperti penyedia OpenID Connect; coba lagi nanti, atau masuklah dengan kunci
openid-refused = { $provider } tidak memastikan siapa Anda ({ $said }); mulailah lagi dari halaman masuk
openid-begin-again = ini bukan akhir dari proses masuk yang dimulai di peramban ini dalam 15 menit terakhir, atau sudah pernah dipakai; mulailah lagi
# $count: banyaknya nilai di klaim itu.
openid-no-role = { $count ->
    [0] { $provider } mengenal Anda, tetapi tidak menyebut apa-apa di '{ $claim }', yang menentukan peran di sini
   *[other] { $provider } mengenal Anda, tetapi tidak ada peran di sini untuk yang disebutnya di '{ $claim }': { $values }
}
openid-no-scope = { $provider } mengenal Anda, tetapi tidak menyebut di '{ $claim }' untuk satu tempat mana Anda menjadi { $role } di sini
sign-in-ended = masa masuk sudah berakhir; masuklah lagi dengan kunci Anda
key-revoked = kunci dicabut pada { $revoked-at }; minta yang baru kepada koordinator
key-stays-revoked = hanya kunci orang yang masuk lewat penyedia akun dapat dipulihkan; buatlah kunci atau tautan baru
key-expired = kunci kedaluwarsa pada { $expired-at }; minta yang baru kepada koordinator
role-not-allowed = kunci dengan peran '{ $role }' tidak boleh melakukan ini; hubungi koordinator wilayah atau operator
key-of-another-facility = kunci ini bukan untuk { $name }; pakai kunci milik fasilitas tersebut
key-of-another-region = kunci ini hanya untuk wilayah { $held-to }, sedangkan { $region } di luarnya
country-needs-admin = hanya kunci admin yang boleh mengubah data seluruh negeri; sebutkan wilayah
key-needs-region-named = kunci ini hanya untuk satu wilayah; sebutkan wilayahnya
key-for-country-needs-region = kunci agent tanpa wilayah berlaku untuk seluruh negeri; sebutkan { $held-to } atau wilayah di dalamnya
key-needs-one-facility = kunci reporter atau tautan menyebut tepat satu fasilitas
key-needs-facilities = kunci bridge menyebut daftar fasilitasnya
key-needs-region = kunci coordinator menyebut wilayahnya
key-without-facilities = hanya kunci reporter, bridge, dan tautan yang menyebut fasilitas; kosongkan
key-without-region = hanya kunci agent dan coordinator yang menyebut wilayah; kosongkan
# $usual: how many days such a key lasts if none are named, or none for one that does not end.
key-days = { $usual ->
    [none] { $days } bukan 1 sampai 3650 hari; kosongkan untuk kunci tanpa batas waktu
   *[other] { $days } bukan 1 sampai 3650 hari; kosongkan untuk { $usual } hari
}
key-consumer = hanya kunci bridge yang menyebut consumer id: 1 sampai 64 huruf, angka atau tanda tanpa spasi dan tanpa '&'
signature-missing = kirim X-timestamp dan X-signature, yaitu HMAC-SHA256 (Base64) dari 'consid&timestamp' dengan kunci sebagai consumer secret; atau isi X-pass dengan kunci
signature-time = X-timestamp '{ $sent }' berbeda lebih dari { $minutes } menit dari waktu sekarang, { $now }; cocokkan jam server, lalu kirim lagi
signature-wrong = X-signature tidak cocok dengan consumer id '{ $consumer }' dan X-timestamp; periksa consumer id dan consumer secret, yaitu kunci yang dibuat di sini
key-phone = hanya kunci reporter yang menyebut nomor telepon; kosongkan
key-phone-taken = pesan dari { $phone } sudah melapor dengan kunci { $id }; cabut kunci itu dahulu bila nomornya pindah fasilitas
gateway-not-set = node ini belum menerima pesan dari gateway tersebut; operator mengisi { $setting }
gateway-signature = tanda tangan tidak cocok: pesan ini bukan dari { $gateway }, atau rahasia dan alamat yang diisi di node ini salah
verify-token-wrong = hub.mode harus 'subscribe' dan hub.verify_token harus sama dengan yang diisi di node ini
unknown-key = tidak ada kunci { $id }; daftar kunci yang Anda kelola ada di /v1/keys
unknown-link = tidak ada tautan { $id }; daftar tautan yang Anda kelola ada di /v1/links

## Regions and places

invalid-region-code = '{ $text }' bukan kode Kemendagri seperti '33', '33.74', '33.74.10', atau '33.74.10.1001'; cari wilayahnya menurut nama di /v1/search?q=NAMA
region-code-without-dots = '{ $text }' tanpa titik; jika ini kode Kemendagri, tulis '{ $dotted }'. Jika ini kode BPS, artinya bisa wilayah lain: cari namanya di /v1/search
bps-code = '{ $text }' tampak seperti kode BPS; wilayah disebut dengan kode Kemendagri seperti '33.74.10': cari namanya di /v1/search, atau kirim 'bps:KODE' jika memang kode BPS
unknown-region = tidak ada wilayah { $code } di direktori; cari namanya di /v1/search?q=NAMA
# $choices: regions with their codes, as a choice; $more: how many are not among them.
ambiguous-region = '{ $given }' adalah nama beberapa wilayah. Yang mana: { $choices }{ $more ->
    [0] ?
   *[other] , atau salah satu dari { $more } lainnya? Tambahkan kabupaten atau kotanya, atau kirim kodenya
}
# $near: regions with their codes, as a choice, or none.
unknown-region-name = { $near ->
    [none] tidak ada wilayah bernama '{ $given }'; cari di /v1/search?q=NAMA, atau kirim kode Kemendagri seperti '33.74'
   *[other] tidak ada wilayah bernama '{ $given }'; maksudnya { $near }?
}
region-and-code = { $region } ({ $code })
# $wanted: the code of the region.
unknown-region-and-above = { $wanted } maupun wilayah di atasnya tidak ada di direktori
# $code: the kecamatan that was given; $sure: the kabupaten or kota that is sure.
region-outside-sure-region = { $code } tidak berada di { $sure }; fasilitas dicatat di { $sure }
region-above-missing = { $code } berada di { $parent }, yang belum ada di direktori; tambahkan { $parent } dahulu
new-region-without-name = { $code } adalah wilayah baru; isikan namanya
row-without-region = wilayah kosong; isikan sedikitnya kode kabupaten atau kota
coordinates-off-the-globe = { $lat },{ $lon } tidak ada di bumi: lintang -90 sampai 90 ditulis dahulu, lalu bujur -180 sampai 180
not-coordinates = '{ $text }' bukan 'lintang,bujur' dalam derajat, misalnya '-6.99,110.42'
not-degrees = '{ $text }' bukan angka derajat seperti -6.99
coordinates-come-together = lintang dan bujur harus diisi keduanya, atau kosongkan keduanya
not-a-precision = '{ $text }' bukan centroid (titik tengah wilayah) atau place (sebuah tempat di dalamnya)
outline-off-the-globe = { $lon },{ $lat } tidak ada di bumi; garis batas ditulis dalam derajat (WGS 84), bujur dahulu
outline-ring-short = sebuah cincin punya { $positions } posisi; sedikitnya 4, dan yang terakhir sama dengan yang pertama
outline-ring-open = sebuah cincin tidak tertutup; ulangi posisi pertamanya di akhir
outline-without-area = garis batas ini tidak melingkupi apa pun yang dapat digambar di peta; luasnya sedikitnya beberapa meter
outline-no-area = { $kind } bukan garis batas; harus Polygon atau MultiPolygon
outline-malformed = ini bukan fitur GeoJSON dengan garis batas: { $said }
outline-of-nowhere = fitur ini tidak menyebut wilayah; beri anggota 'code' dengan kode Kemendagri, misalnya '33.74', atau anggota 'name'
outline-twice = fitur { $first } sudah menjadi garis batas { $code }; gabungkan bagian-bagian satu wilayah menjadi satu MultiPolygon
outline-elsewhere = garis batas ini terletak { $km } km dari { $name }; perbaiki kode wilayahnya, atau koordinatnya, yang dimulai dengan bujur
boundaries-unreadable = berkas ini bukan GeoJSON dengan daftar fitur (FeatureCollection): { $said }; ekspor sebagai GeoJSON, dalam WGS 84
boundaries-too-large = berkas ini lebih besar dari { $most } MB; sederhanakan garis batasnya dahulu, atau impor bagian demi bagian

## Facilities and contacts

unknown-facility = tidak ada fasilitas '{ $text }'; pakai id kami atau sistem:nilai seperti 'kemenkes:3374010', atau cari di /v1/search
unknown-facility-named = { $meant ->
    [none] tidak ada fasilitas bernama '{ $text }' yang boleh Anda laporkan; kirim id-nya, misalnya kemenkes:3374010, atau cari namanya di /v1/search
   *[other] '{ $text }' tidak jelas fasilitas mana yang boleh Anda laporkan; maksud Anda { $meant }? Kirim id-nya
}
ambiguous-facility = '{ $text }' bisa berarti { $facilities }{ $more ->
    [0] {""}
   *[other] {" "}atau { $more } lainnya
}; kirim id fasilitas yang dimaksud, atau tulis wilayahnya di belakang nama
ambiguous-facility-in-region = '{ $text }' di wilayah ini bisa berarti { $facilities }{ $more ->
    [0] {""}
   *[other] {" "}atau { $more } lainnya
}; tulis id fasilitas yang dimaksud di kolom 'external_ids' atau 'id', atau wilayah yang lebih kecil
facility-named = { $name }, { $place } ({ $id })
facility-closed = { $name } ditandai tutup; bila buka kembali, koordinator mengirim PATCH dengan "closed": false
not-in-directory = tidak ada di direktori
invalid-external-id = '{ $text }' bukan id eksternal seperti 'kemenkes:3374010' (sistem:nilai)
likely-duplicate = ini mungkin { $name } ({ $id }) di { $place }; bila benar, gabungkan { $new } ke sana: POST /v1/facilities/{ $id }/merge
merge-of-one = { $name } sudah fasilitas ini; sebutkan entri yang lain
external-id-taken = { $external } milik { $name } ({ $id }); ubah fasilitas itu, atau kosongkan id ini
invalid-phone = '{ $text }' bukan nomor telepon dengan 3 sampai 20 angka seperti '024-8413476'
list-too-long = { $count } lebih dari { $most }
unknown-contact = tidak ada kontak { $id }; daftar kontak beserta id ada pada jawaban wilayahnya

## Types

invalid-type-code = '{ $text }' bukan kode jenis seperti 'bed.icu_vent'; daftarnya ada di /v1/types
# $isolation: whether the type is one of /v1/isolation; $meant: a type with a similar name, or none.
unknown-type-here = { $isolation ->
    [true] tidak ada jenis '{ $code }' di sini; tanyakan di /v1/isolation; daftar jenis ada di /v1/types
   *[false] { $meant ->
        [none] tidak ada jenis '{ $code }' di sini; daftar jenis ada di /v1/types
       *[other] tidak ada jenis '{ $code }' di sini; maksud Anda { $meant }? Daftar jenis ada di /v1/types
    }
}
sentence-too-long = satu pertanyaan paling banyak { $most } kata, dan ini { $count } kata; tinggalkan yang tidak penting
sentence-not-read = '{ $text }' tidak menyebut apa yang dicari atau di mana; tulis misalnya: icu anak ventilator tembalang
type-named = '{ $code }' ({ $label })
ambiguous-type = '{ $given }' bisa berarti { $types }{ $more ->
    [0] {""}
   *[other] {" "}atau { $more } lainnya
}; kirim kode jenis yang dimaksud
type-named-twice = '{ $given }' dan '{ $other }' sama-sama jenis '{ $code }'; kirim angkanya satu kali
type-without-places = '{ $code }' bukan jenis tempat: penahanan dan catatan hanya untuk tempat tidur dan isolasi; daftarnya di /v1/types
one-of-two = kirim '{ $one }' atau '{ $other }', jangan keduanya
# $without: the attribute without which there are types, and $codes, those types; or none.
no-type-is-all = { $without ->
    [none] tidak ada jenis yang memenuhi semua yang diminta; keterangan tiap jenis ada di /v1/types
   *[other] tidak ada jenis yang memenuhi semua yang diminta; tanpa '{ $without }' ada { $codes }; keterangan tiap jenis ada di /v1/types
}
external-code-taken = { $code } sudah berarti { $other }; keluarkan dahulu dari jenis itu
kind-of-type-is-fixed = kind suatu jenis tidak dapat diubah; pensiunkan jenis ini dan tambahkan yang baru
not-hours = '{ $value }' bukan jumlah jam
type-hours-crossed = aging_after_h { $aging } minimal 1, dan stale_after_h { $stale } harus lebih besar
not-a-flag = '{ $value }' bukan yes, no, atau kosong

## Numbers

count-is-negative = { $value } negatif; kirim 0 jika tidak ada, atau null jika tidak diketahui
count-too-large = { $text } lebih dari { $most }; periksa angkanya
count-not-whole = { $text } bukan bilangan bulat; kirim bilangan bulat, atau kosongkan jika tidak diketahui
number-as-text = { $value } adalah teks; kirim angka tanpa tanda kutip, atau null jika tidak diketahui
numbers-are-an-object = harus berupa objek berisi capacity, occupied, available, dan queue
above-capacity-together = kosong (available) { $available } + terisi (occupied) { $occupied } = { $used } lebih dari jumlah tempat (capacity) { $capacity }; perbaiki salah satunya
above-capacity-occupied = terisi (occupied) { $occupied } lebih dari jumlah tempat (capacity) { $capacity }; perbaiki salah satunya
above-capacity-available = kosong (available) { $available } lebih dari jumlah tempat (capacity) { $capacity }; perbaiki salah satunya
above-capacity-kept = { $said }. Laporan ini tidak menyebut capacity, dan { $capacity } dinyatakan pada { $moment }: sebutkan juga capacity bila sekarang sudah lain
delta-out-of-range = { $delta } bukan -1000 sampai 1000 selain 0; pakai confirm bila tidak ada perubahan
too-few-free = hanya { $available } yang kosong; laporkan ulang angkanya dengan PUT bila itu salah
nothing-to-adjust = jumlah tempat kosong tidak diketahui; laporkan dahulu dengan PUT sebelum mengubahnya
nothing-to-confirm = belum ada angka yang dapat dikonfirmasi; laporkan dahulu dengan PUT
# $code: the type; $field: one of its numbers; $moment: when the number before was true, or none if others came since, which are doubted too.
confirm-jump = { $code }: { $field } sekarang { $now }, { $moment ->
    [none] sebelum melonjak { $before }
   *[other] sebelumnya { $before } ({ $moment })
}; jika benar, kirim ulang dengan confirm=true, jika salah, perbaiki angkanya

## Times

not-an-actor = '{ $text }' bukan pelaku perubahan; tulis id kunci, atau salah satu dari { $known }
not-a-time = '{ $text }' bukan waktu dengan satu bacaan; tulis seperti 2021-07-01T14:05:00+07:00, atau 2021-07-01 14:05 menurut jam setempat
observed-in-future = { $said } setelah waktu sekarang ({ $now }); periksa jam dan zona waktu, atau kosongkan waktunya
time-before-2000 = { $said } sebelum tahun 2000; periksa waktunya
not-a-time-of-day = '{ $text }' bukan jam setempat seperti 08:00
not-a-date = '{ $text }' bukan tanggal abad ini seperti 2021-07-02
date-is-over = { $last } sudah lewat: hari ini { $yet }; tanyakan tanggal berikutnya
as-of-in-future = sekarang { $now }; tanyakan waktu sebelumnya, atau kosongkan as_of
moment-not-kept = waktu paling awal yang disimpan adalah { $earliest }; ringkasan harian sebelumnya ada di /v1/facilities/ID/history
changes-not-kept = perubahan disimpan mulai nomor { $first }; mulai lagi dari /v1/snapshot
changes-not-there-yet = perubahan terbaru bernomor { $last }: direktori telah dipulihkan ke keadaan lama; mulai lagi dari /v1/snapshot
changes-of-another-epoch = direktori telah dipulihkan ke keadaan lama (sekarang epoch { $epoch }); mulai lagi dari /v1/snapshot
seq-unknown = perubahan terbaru bernomor { $last } pada epoch { $epoch }: direktori telah dipulihkan ke keadaan lama, atau nomornya bukan dari sini; periksa apakah perubahan Anda ada, lalu kirim tanpa sedia-seq
header-not-a-number = isi '{ $name }' dengan angka dari header bernama sama pada jawaban

## Reports and lists of rows

report-is-empty = sebutkan sedikitnya satu jenis, atau satu sesi pada 'sessions', beserta angkanya
list-is-empty = tidak ada satu baris pun; kirim sedikitnya satu laporan
all-rows-refused = tidak satu pun dari { $count } baris dapat diterima; alasannya per baris ada di 'errors'. Tidak ada yang disimpan
too-many-rows = ada lebih dari { $most } baris; kirim dalam beberapa permintaan. Tidak ada yang disimpan
list-of-rows-missing = kirim daftar baris, atau objek dengan isian 'reports' berupa daftar
field-beside-reports = '{ $name }' tidak dikenal di sini; hanya ada 'reports'
not-a-list-of-rows = harus berupa daftar baris
not-a-row = satu baris harus berupa objek seperti { "{" }"facility": "kemenkes:3374010", "type": "bed.icu", "available": 3{ "}" }
row-without-facility-or-type = '{ $field }' kosong; setiap baris menyebut fasilitas dan jenis
row-without-session = 'session' kosong; angka { $session-type } menyebut sesinya, sebagai ID atau ID@2021-07-02
row-with-needless-session = hanya { $session-type } yang punya sesi; kosongkan 'session', atau perbaiki 'type'
row-twice = baris { $other } melaporkan jenis yang sama dari fasilitas dan waktu yang sama; pilih salah satu
session-day-twice = angka untuk { $date } disebut dua kali; pilih salah satu
# The refusal of one row of a list, as that row got it.
as-was-said = { $detail }

## Tables

header-lacks-all = baris judul tidak punya satu pun kolom { $columns }
header-lacks-facility = baris judul tidak punya kolom faskes ('facility'); tambahkan kolom itu, atau sebutkan satu faskes ('facility') untuk seluruh tabel
header-lacks-column = baris judul tidak punya kolom '{ $column }'; yang diperlukan: { $required }
room-or-class = ruang '{ $room }' dan kelas '{ $class }' sama-sama bisa menjadi jenis; tulis jenisnya dalam satu kolom saja
mapping-unreadable = tulis sebagai objek JSON, misalnya '{"{"}"Sisa": "Kosong"{"}"}': { $error }
mapping-too-long = paling banyak { $most } judul kolom
mapping-to-nothing = '{ $heading }' dibaca sebagai '{ $meant }', tetapi judul itu tidak dikenal; pakai nama kolom seperti 'available' atau 'ICU kosong', atau null untuk melewatinya
mapping-heading-missing = Judul '{ $heading }' dari daftar arti kolom tidak ada di tabel ini.
column-twice = baris judul memuat kolom '{ $name }' dua kali; ganti nama salah satunya
# A number of a table with a column for each number of a type.
in-column = kolom '{ $heading }' ({ $type }): { $detail }
# $shown: rounded to few digits, or with marks between thousands.
code-shown-as-number = { $shown ->
    [rounded] '{ $text }' adalah kode yang dibulatkan lembar kerja menjadi angka; angka terakhirnya hilang
   *[other] '{ $text }' adalah kode yang ditampilkan lembar kerja sebagai angka dengan tanda ribuan
}. Ubah format kolomnya menjadi Teks, lalu tulis lagi kodenya
phone-completed = telepon '{ $text }' tanpa kode area dibaca '{ $meant }', seperti nomor di depannya
name-of-another-facility = kodenya milik { $coded }, sedangkan namanya '{ $text }' milik { $named }; perbaiki salah satunya
name-beside-code = kodenya milik { $coded }, tetapi namanya '{ $text }'; periksa kodenya
# $short: whether the row has too few cells.
row-of-another-width = { $short ->
    [true] baris { $row } berisi { $has } sel, sedangkan judul { $needs }; apakah barisnya terpotong?
   *[false] baris { $row } berisi { $has } sel, sedangkan judul { $needs }; hapus pemisah di ujung baris, dan beri tanda kutip ganda pada sel yang memuat pemisah
}
# $row: the number of the row, 0 for the header line.
table-not-utf8 = { $row ->
    [0] baris judul bukan UTF-8; simpan tabelnya sebagai UTF-8
   *[other] baris { $row } bukan UTF-8; simpan tabelnya sebagai UTF-8
}
# $row: the number of the row, 0 for the header line.
table-unreadable = { $row ->
    [0] baris judul tidak dapat dibaca ({ $error })
   *[other] baris { $row } tidak dapat dibaca ({ $error })
}

# $what: what the file is.
table-is-something-else = { $what ->
    [json] ini JSON; di sini diperlukan tabel, sebagai .xlsx atau CSV
    [html] ini halaman web atau XML, mungkin bernama berkas spreadsheet; buka dengan program spreadsheet lalu simpan sebagai .xlsx atau CSV
    [image] ini gambar; kirim tabelnya sendiri sebagai .xlsx atau CSV
    [pdf] ini PDF; kirim tabelnya sendiri sebagai .xlsx atau CSV
   *[word] ini dokumen teks; kirim tabelnya sendiri sebagai .xlsx atau CSV
}
table-too-large = tabel ini terlalu besar untuk dibaca sekaligus; hapus baris dan kolom kosong, atau simpan sebagai CSV dan kirim bertahap. Tidak ada yang disimpan
workbook-binary = buku kerja biner (.xlsb) tidak dibaca; buka di Excel, simpan sebagai .xlsx atau CSV, lalu kirim berkas itu
workbook-locked = buku kerja ini dilindungi kata sandi; lepaskan kata sandinya, atau simpan lembarnya sebagai CSV
workbook-not-excel = berkas .xlsx (buku kerja Excel) ini tidak dapat dibaca ({ $error }); buka lalu simpan ulang, atau simpan lembarnya sebagai CSV
workbook-unreadable = buku kerja ini tidak dapat dibaca ({ $error }); simpan sebagai .xlsx atau CSV
workbook-is-empty = lembar yang tampak di buku kerja ini kosong
# $names: the names of sheets, in a list.
sheets-hidden = lembar tersembunyi tidak dibaca: { $names }
# $name: the sheet that was read; $names: others, in a list.
sheets-not-read = hanya lembar '{ $name }' yang dibaca, { $names } tidak; kirim masing-masing sebagai berkas sendiri
cell-too-long = sel di bawah '{ $column }' lebih panjang dari { $most } karakter; apakah ada tanda kutip yang tidak ditutup?
column-misspelt = '{ $heading }' bukan kolom yang dikenal dan dilewati: maksudnya '{ $meant }'?
column-nearly-known = '{ $heading }' bukan kolom yang dikenal: maksudnya '{ $meant }'? Perbaiki judulnya, atau beri nama lain
column-of-no-type = kolom '{ $heading }' tidak dibaca: di samping kolom tiap jenis, tidak jelas jenis mana yang dimaksud
formula-without-value = rumus di bawah '{ $column }' belum punya nilai: buka buku kerja di program lembar kerja, simpan, lalu kirim lagi
column-of-which-number = kolom '{ $heading }' menyebut jenis, tetapi tidak menyebut angka yang mana: tulis '{ $heading } tersedia' atau '{ $heading } kapasitas'
unknown-bps-code = { $loaded ->
    [true] tidak ada wilayah dengan kode '{ $given }'; cari wilayahnya dengan nama di /v1/search
   *[other] '{ $given }' belum berarti di sini, karena kode BPS belum dimuat: muat dengan 'sedia import regions' dari tabel berkolom code,bps_code, atau kirim nama wilayah atau kode Kemendagri
}
not-a-bps-code = '{ $text }' bukan kode BPS; kode BPS terdiri atas 2, 4, 7, atau 10 angka
bps-code-taken = kode BPS '{ $text }' sudah milik { $region }; hapus dulu di sana
column-passed = kolom '{ $heading }' tidak dikenal dan dilewati
line-is-total = baris { $line } dilewati: isinya jumlah ('{ $text }')
line-is-remark = baris { $line } dilewati: isinya keterangan ('{ $text }')
more-lines-passed = { $count } baris lain dilewati
# $one and $other: the two numbers that it can be.
count-ambiguous = '{ $text }' dapat berarti { $one } atau { $other }; tulis angkanya tanpa tanda ribuan
count-of-several-rows = { $text } ada di sel yang digabung untuk beberapa baris; tulis angka masing-masing baris
row-copied = sama dengan baris { $other }; dihitung satu kali
# Rows of different rooms of one type.
rooms-added = angka { $rooms } ruang dijumlahkan
room-added = dijumlahkan dengan baris { $other }
room-lacks = baris { $other } adalah ruang lain dari jenis yang sama dan tidak dapat dibaca, sehingga jumlahnya tidak diketahui; perbaiki baris itu
room-not-added = baris { $other } adalah ruang lain dari jenis yang sama dan ditolak; perbaiki baris itu
facility-twice = baris { $other } menyebut hal lain tentang { $id }; pilih salah satu
phone-lost-zero = '{ $text }' kehilangan angka nol dan dibaca sebagai '{ $meant }': periksa, dan ubah kolomnya menjadi teks di spreadsheet
phone-rounded = '{ $text }' kehilangan angka dan tidak disimpan; ubah kolomnya menjadi teks di spreadsheet lalu tulis ulang nomornya
region-read-as = '{ $text }' dibaca sebagai { $code }, { $name }
region-code-lost-zero = '{ $text }' bukan kode wilayah; mungkin asalnya '{ $meant }' sebelum dianggap angka oleh spreadsheet: ubah kolomnya menjadi teks
coordinates-mended = lat '{ $lat }', lon '{ $lon }' tidak mungkin benar dan dibaca sebagai lat { $read-lat }, lon { $read-lon }, satu-satunya bacaan di wilayah itu; perbaiki angkanya
coordinates-outside = lat '{ $lat }', lon '{ $lon }' tidak berada di Indonesia; tulis derajat seperti lat -6.99 dan lon 110.42


## Rooms that hospital systems report

# $system: the hospital system, which names rooms in its own way.
bridge-path-not-taken = alamat '{ $path }' ada di { $system }, tetapi tidak diterima di sini; yang diterima: { $taken }
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
too-many-rooms = fasilitas sudah memiliki { $most-rooms } ruang; hapus yang sudah tidak ada
hospital-code-missing = isi X-rs-id dengan kode rumah sakit di Kemenkes
neither-text-nor-number = { $other } bukan teks atau angka
# $row: the number of the row in the list.
room-of-row = baris ke-{ $row }: { $detail }. Tidak ada baris yang disimpan
not-a-room = { $other } bukan isian sebuah ruang; kirim objek JSON
row-member-twice = '{ $name }' tertulis dua kali dengan isi berbeda; kirim satu saja

## Vaccination sessions

unknown-session = tidak ada sesi '{ $text }' di sana; daftar sesi beserta id ada di /v1/vaccinations
no-session-that-day = sesi tidak diadakan pada { $date }, atau masih lebih dari { $furthest } hari lagi; periksa tanggalnya, atau kosongkan untuk yang berikutnya
session-is-over = sesi sudah berakhir atau dibatalkan; yang akan datang ada di /v1/vaccinations
session-without-days-to-come = tidak ada lagi hari yang akan datang; periksa tanggal dan jamnya, atau batalkan
too-many-sessions = sudah ada { $running } sesi mendatang; pakai 'weekly' daripada banyak hari, atau akhiri sebagian
session-of-another-facility = sesi ini milik { $facility }; buat sesi baru untuk fasilitas lain
session-date-or-weekly = isi 'date' untuk satu hari, atau 'weekly' untuk hari-hari tiap minggu, salah satu saja
session-too-far-ahead = { $next } masih lebih dari { $furthest } hari lagi; periksa tahunnya
session-not-held-on-exception = { $day } adalah { $weekday }, sedangkan sesi diadakan pada { $held }; isi tanggal yang ada sesinya
session-exceptions-too-many = lebih dari { $most } hari
session-ends-early = berakhir sebelum dimulai
session-closes-early = { $to } tidak setelah { $from }; sesi ditutup pada hari yang sama
session-without-weekdays = sebutkan sedikitnya satu dari mon, tue, wed, thu, fri, sat, sun
session-without-doses = sebutkan dosis yang diberikan, masing-masing angka 1 sampai 9, misalnya [1, 2]
session-ages-crossed = age_max { $max } kurang dari age_min { $min }; perbaiki salah satunya
session-fee-too-high = { $fee } rupiah lebih dari 100000000; periksa biayanya

## Calls, holds and notes

unknown-mark = tidak ada catatan { $id }, atau sudah berakhir; yang masih berlaku ada di /v1/marks
already-claimed = { $by } sedang menelepon, paling lama sampai { $until }; tunggu hasilnya, atau hubungi yang lain
held-by = { $by } sampai { $until }
all-held = { $label }: { $free } kosong, { $held } sudah ditahan ({ $by }); jika tetap disediakan satu lagi untuk Anda, kirim ulang dengan confirm=true
too-many-marks = sudah ada { $most-marks } catatan pada fasilitas ini; hapus sebagian, atau tunggu sampai berakhir
too-many-notes-by-public = laporan tentang fasilitas ini sudah cukup banyak; koordinator akan memeriksanya
mark-of-somebody-else = catatan hanya dapat dihapus oleh yang membuatnya atau koordinator wilayah; hubungi salah satunya
mark-minutes = { $minutes } bukan 1 sampai { $most }; kosongkan untuk { $usual }
phone-not-listed = { $wanted } bukan nomor fasilitas ini; pakai salah satu dari 'phones', atau kosongkan untuk semua
note-of-facility = verdict ini tentang fasilitasnya; kosongkan type
note-phone-misplaced = telepon hanya untuk phone_dead; kosongkan
note-type-missing = sebutkan jenis (type) yang angkanya dimaksud
note-numbers-of-nothing = angka untuk apa? sebutkan type, atau kosongkan

## Texts, words and links

text-length = harus 1 sampai { $most } karakter teks biasa, bukan { $length }
text-invisible = karakter tak terlihat { $code } ada setelah '{ $after }'; hapus, atau ketik ulang teksnya
name-without-letters = '{ $name }' tidak berisi huruf atau angka; tulis nama seperti yang diucapkan
invalid-word = '{ $text }' harus terdiri dari 1 sampai 40 huruf kecil, angka, atau '_'
invalid-url = harus berupa tautan http atau https seperti https://contoh.go.id/daftar, paling banyak 500 karakter
not-an-id-of-ours = '{ $text }' bukan id kami, yang bentuknya seperti 0196f1b0-0000-7000-8000-000000000000

## Fields

missing-field = '{ $name }' belum diisi; tambahkan
unknown-field = '{ $name }' tidak dikenal di sini; yang dikenal: { $known }
unknown-field-without-others = '{ $name }' tidak dikenal di sini; hapus isian ini
# $text: the word that was sent; $known: the words that fit, in a list.
none-of = '{ $text }' bukan salah satu dari { $known }
# $said: the reason in English, from a library.
field-unfit = isinya tidak sesuai ("{ $said }")
field-of-another-type = harus berupa { $wanted }, sedangkan yang dikirim { $found }
field-not-removable = '{ $name }' tidak dapat dihapus; jangan dikirim, atau kirim nilai lain
field-out-of-range = { $found } terlalu kecil atau terlalu besar di sini
field-not-text = { $value } harus berupa teks dalam tanda kutip
# What was sent, for field-of-another-type.
json-that-number = angka { $number }
json-that-text = teks "{ $text }"
# What must be sent, or was sent, for field-of-another-type.
json-list = daftar
json-object = objek
json-text = teks
json-truth = true atau false
json-number = angka
json-whole-number = bilangan bulat

## Parameters and pages

parameter-empty = '{ $name }' kosong; isi nilainya, atau hilangkan
parameter-twice = '{ $name }' diberikan lebih dari sekali; berikan sekali saja
parameter-out-of-range = '{ $text }' bukan bilangan bulat dari { $least } sampai { $most }
not-a-change-number = '{ $text }' bukan nomor perubahan, misalnya 8721
not-an-event-id = ini bukan id kejadian kami; kosongkan untuk mulai dari sekarang
search-for-nothing = sebutkan yang dicari: q=kariadi
within-needs-near = 'within' memerlukan 'near': jarak dari mana?
date-or-span = isi 'date' saja, atau 'from' dan 'to'
days-out-of-order = { $last } sebelum { $first }; tukar keduanya, atau kosongkan salah satu
span-too-long = { $last } lebih dari { $most } hari setelah { $first }; persempit rentangnya
moments-out-of-order = 'to' harus setelah 'from'
demand-span = 'from' harus 0 sampai { $most-days } hari sebelum 'to'
invalid-cursor = ini bukan kursor kami; pakai 'next' dari halaman sebelumnya apa adanya, atau mulai tanpa kursor
cursor-of-another-query = kursor ini milik parameter lain; jangan ubah parameter antarhalaman, atau mulai tanpa kursor

## The body and its form

json-empty = isi permintaan kosong; kirim JSON dari yang ingin diubah
json-ends-early = JSON terpotong di baris { $line } kolom { $column }: ada kurung atau tanda kutip yang belum ditutup, atau teksnya tidak lengkap
form-unreadable = formulir ini tidak dapat dibaca ({ $error }); kirim sebagai multipart/form-data beserta boundary-nya
form-without-file = tidak ada berkas di formulir ini; tambahkan, seperti curl -F file=@tabel.xlsx
json-broken = ini bukan JSON yang utuh: periksa tanda kutip, koma, dan kurung di baris { $line } kolom { $column }
json-member-twice = '{ $name }' tertulis dua kali, salah satunya di baris { $line } kolom { $column }; kirim satu saja
body-not-utf8 = bita ke-{ $at } bukan UTF-8; kirim dalam UTF-8
file-not-utf8 = ini bukan UTF-8 ({ $error }); simpan sebagai UTF-8
parameters-not-utf8 = parameter bukan UTF-8; gunakan percent-encoding dari UTF-8
body-cut-short = isi permintaan terputus sebelum lengkap; kirim lagi
body-too-large = isi permintaan lebih dari { $most } KiB; kirim per bagian
body-packed = { $coding } tidak diterima; kirim isi apa adanya tanpa kompresi
media-type-not-taken = '{ $given }' tidak diterima di sini; kirim { $taken }
not-acceptable = tersedia sebagai { $types }
invalid-idempotency-key = harus 1 sampai 128 karakter ASCII, misalnya UUID
idempotency-key-reused = kunci ini sudah dipakai untuk permintaan lain dalam 24 jam terakhir; buat kunci baru untuk setiap permintaan baru
version-mismatch = { $what ->
    [session] sesi sekarang pada versi { $now }; baca lagi, periksa perubahannya, lalu kirim ulang
   *[facility] fasilitas sekarang pada versi { $now }; baca lagi, periksa perubahannya, lalu kirim ulang
}
not-an-etag = '{ $tag }' bukan ETag fasilitas; ambil dari GET /v1/facilities/ID apa adanya
path-unreadable = path tidak dapat dibaca: { $error }
no-such-path = tidak ada apa-apa di alamat ini; daftarnya ada di /docs
metrics-elsewhere = metrik ada di alamat pemeriksaan, SEDIA_LISTEN_PROBES
no-such-problem = tidak ada kode masalah '{ $name }'
method-not-allowed = alamat ini tidak mengenal metode tersebut; lihat header Allow dan /docs

## Too much at once, and what is not possible right now

too-many-requests = terlalu banyak kiriman dari Anda atau dari semua orang; coba lagi setelah Retry-After detik, atau sampaikan kepada kontak wilayah
overloaded-by-key = terlalu banyak permintaan sekaligus dengan kunci ini; kirim lebih sedikit bersamaan, lagi setelah Retry-After detik
overloaded-connections = terlalu banyak koneksi sekaligus dari alamat ini; buka lebih sedikit, lagi setelah Retry-After detik
overloaded-bodies = terlalu banyak kiriman sedang dibaca; kirim lagi setelah Retry-After detik
overloaded-reports = terlalu banyak laporan yang menunggu; kirim lagi setelah Retry-After detik
overloaded-waits = terlalu banyak pertanyaan menunggu perubahan terbaru; kirim lagi setelah Retry-After detik
overloaded-node = node ini terlalu sibuk untuk menjawab tepat waktu; tanyakan lagi setelah Retry-After detik
overloaded-past = terlalu banyak pertanyaan tentang waktu lampau saat ini; tanyakan lagi setelah Retry-After detik
overloaded-streams = jumlah klien yang mengikuti node ini sudah penuh; coba lagi setelah Retry-After detik, atau gunakan /v1/changes
overloaded-snapshots = terlalu banyak salinan sekaligus; coba lagi setelah Retry-After detik
request-too-slow = permintaan berlangsung lebih dari 30 detik; kirim lebih sedikit sekaligus
body-too-slow = isi permintaan datang terlalu lambat: { $read } bita, sedangkan setelah { $grace } detik pertama diperlukan { $rate } KiB per detik; kirim lebih sedikit sekaligus, atau lewat jaringan yang lebih baik
unavailable-unstored = tidak ada bagian dari kiriman ini yang tersimpan; kirim lagi setelah Retry-After detik
unavailable-unsure = belum pasti apakah ini tersimpan; kirim lagi dengan Idempotency-Key yang sama setelah Retry-After detik
unavailable-read = basis data sedang tidak dapat dihubungi; coba lagi
behind = saat ini node ini tidak dapat membaca perubahan { $seq } dari basis data; kirim lagi setelah Retry-After detik, atau hapus sedia-seq dan terima jawaban yang lebih lama
history-unavailable = basis data sedang tidak dapat dihubungi; tanya lagi setelah Retry-After detik, jawaban terkini tetap tersedia
unavailable-stopping = node ini sedang berhenti
unavailable-database = basis data sedang tidak dapat dihubungi
unavailable-failing = laporan tidak dapat disimpan; node ini terus mencoba, dan lognya memuat sebabnya
unavailable-outdated = versi Sedia yang lebih baru telah mengubah basis data sehingga versi ini tidak dapat membacanya lagi; jalankan versi yang lebih baru di sini
unavailable-damaged = berkas basis data rusak; pulihkan dari cadangan, lalu jalankan lagi node ini
unavailable-disk = disk basis data hampir penuh; kosongkan sebagian isinya
unavailable-stuck = tidak ada yang bergerak di node ini selama { $seconds } detik; jalankan ulang
unavailable-slow = dalam { $seconds } detik node ini belum tahu apakah ia siap: bebannya berlebih, atau basis datanya tidak menjawab; sementara itu kirim permintaan ke node lain
internal-panicked = ini seharusnya tidak terjadi; sampaikan request_id kepada operator
internal-failed = jawaban tidak dapat dibuat; coba lagi, dan beri tahu operator bila tetap begini
