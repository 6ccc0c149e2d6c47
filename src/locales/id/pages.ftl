### Halaman untuk orang: formulir faskes dan papan umum.

## Every page

page-skip = Langsung ke isi
page-language = Bahasa Indonesia
page-simulated = contoh
page-numbers = { $available ->
    [none] belum diketahui
   *[other] kosong { $available }
}{ $capacity ->
    [none] {""}
   *[other] { " " }dari { $capacity }
}{ $occupied ->
    [none] {""}
   *[other] , terisi { $occupied }
}{ $queue ->
    [none] {""}
   *[other] , antre { $queue }
}
page-sign-in = Masuk untuk petugas
page-for-programs = Untuk pembuat program: data dan dokumentasinya
page-link-ended = Tautan ini tidak berlaku lagi
page-link-ended-next = Mintalah tautan baru kepada koordinator di dinas kesehatan kabupaten atau kota Anda. Angka terakhir yang sudah terkirim tetap tersimpan.
page-not-found = Halaman ini tidak ada
page-not-found-next = Periksa alamatnya: mungkin ada huruf yang tertinggal saat disalin.
page-failed = Belum berhasil
page-failed-next = Coba lagi beberapa saat lagi. Yang sudah dinyatakan tersimpan tetap tersimpan.

## Signing in

sign-in-title = Masuk
sign-in-lead = Ketik atau tempel kunci Anda sekali, atau tautan yang Anda terima. Sesudah itu peramban ini tidak menyimpan keduanya.
sign-in-key = Kunci atau tautan Anda
sign-in-send = Masuk
sign-in-ends = Anda keluar sendiri setelah satu jam tidak dipakai, dan setelah 12 jam.
sign-in-no-key = Belum punya kunci? Koordinator wilayah Anda atau pengelola layanan ini dapat membuatkannya.
sign-in-failed = Anda belum masuk
sign-in-failed-key = Kunci atau tautan ini tidak berlaku, atau sudah berakhir. Periksa apakah ada yang tertinggal saat disalin, atau mintalah yang baru kepada koordinator Anda.
sign-in-failed-role = Ini kunci sebuah program. Mintalah kunci untuk Anda sendiri kepada koordinator.
sign-in-failed-often = Terlalu banyak percobaan dari sini. Tunggu dua menit, lalu coba lagi.
openid-sign-in = Masuk dengan { $provider }
openid-or-key = Atau dengan kunci:
openid-signed-in = Anda sudah masuk
openid-go-on = Lanjutkan
openid-try-again = Coba lagi
openid-with-key = Masuk dengan kunci
openid-ask = Tunjukkan ini kepada pengelola layanan ini, atau kepada pengelola akun di tempat Anda tadi masuk: akun Anda perlu diberi grup atau atribut.
openid-revoked = Akses Anda di sini sudah dicabut. Tanyakan sebabnya kepada koordinator wilayah Anda atau pengelola.
openid-signed-out = Anda sudah keluar dari sini
openid-still-there = Di { $provider } Anda mungkin masih masuk. Di komputer yang dipakai bersama, keluarlah juga di sana.
openid-sign-out = Keluar dari { $provider }
openid-sign-in-again = Masuk lagi
account-title = Akun Anda
account-pages = Halaman Anda
account-role = { $role ->
    [agent] petugas
    [coordinator] koordinator
    [admin] admin
    [reporter] pelapor
   *[other] pemegang tautan
}
account-ends = Masuk paling lama sampai { $moment }.
account-sign-out = Keluar
account-sign-out-everywhere = Keluar di semua perangkat
account-sign-out-everywhere-hint = Di setiap perangkat tempat kunci ini dipakai untuk masuk
form-refused = Ini belum dijalankan
form-refused-next = Formulirnya bukan dari halaman situs ini, atau dari sebelum Anda masuk terakhir kali. Buka lagi halamannya dan ulangi.

account-other-role = Halaman ini untuk peran lain
account-other-role-next = Peran kunci Anda tidak memakai halaman ini: { $role }. Lanjutkan dengan halaman Anda sendiri di atas.

## The desk of an agent

desk-title = Meja petugas
desk-question = Yang dicari penelepon, dan di mana
desk-example = icu anak tembalang
desk-lead = Ketik seperti kata penelepon, misalnya "icu anak ventilator tembalang" atau "vaksin dosis 2 besok kendal". Jawabannya muncul di sini sambil Anda mengetik.
desk-copied = Sudah disalin. Tempelkan di WhatsApp.
desk-no-line = Tidak terhubung ke server. Yang terlihat di sini bisa jadi sudah lama.
desk-recent = Ditanyakan tadi
desk-reorder = Urutannya berubah: tampilkan
desk-aloud = Bacakan
desk-widened = { $reason ->
    [no_facility] Di sana tidak ada yang melayani ini; berikut yang terdekat di sekitarnya.
    [nothing_free] Di sana tidak ada yang kosong; berikut yang terdekat di sekitarnya.
    [only_stale] Di sana hanya ada angka lama; yang di sekitarnya mungkin lebih baik.
   *[only_held] Semua yang kosong di sana ditahan untuk orang lain; berikut yang di sekitarnya.
}
desk-order = Angka terbaru dahulu, lalu yang terdekat.
desk-wider = Cari lebih jauh
desk-next = Halaman berikutnya
desk-distance = { $distance ->
    [near] kurang dari 1 km
    [about] { $km } km
    [rough_near] mungkin kurang dari { $km } km
   *[rough] kira-kira { $km } km
}
desk-tier = { $tier ->
    [fresh] Kosong menurut angka baru
    [aging] Kosong, angkanya beberapa jam yang lalu
    [stale] Angka lama atau diragukan: telepon dahulu
    [held] Ditahan untuk orang lain
    [unknown] Belum diketahui kosong atau penuh
   *[full] Penuh
}
desk-free = { $available ->
    [none] belum diketahui
    [0] penuh
   *[other] { $available } kosong
}
desk-rest = { $occupied ->
    [none] {""}
   *[other] terisi { $occupied }
}{ $capacity ->
    [none] {""}
   *[other] { " " }dari { $capacity }
}{ $queue ->
    [none] {""}
    [0] {""}
   *[other] , antrean { $queue }
}
desk-freshness = { $freshness ->
    [fresh] baru
    [aging] mulai lama
    [stale] lama
   *[unknown] belum diketahui
}
desk-jump = Jauh dari angka sebelumnya: pastikan lewat telepon.
desk-internal = jangan diberikan kepada penelepon
desk-no-phone = Belum ada nomor telepon.
desk-call = Telepon
desk-claim = Saya telepon
desk-hold = Saya kirim orang
desk-end = Batalkan
desk-hold-again = Tekan sekali lagi bila tetap mengirim orang.
desk-copy = Salin untuk WhatsApp
desk-outcome = Jawaban mereka
desk-heard = Kosong menurut mereka
desk-wrong = Angkanya lain
desk-confirmed = Angkanya benar
desk-phone-dead = Tidak diangkat
desk-closed = Sudah tutup
desk-left = { $what ->
    [claim] Rekan lain kini melihat bahwa Anda sedang menelepon ke sana.
    [hold] Satu tempat ditahan untuk orang yang Anda kirim: { $type }.
    [ended] Dibatalkan.
    [phone_dead] Dicatat: tidak diangkat.
    [closed] Dicatat: sudah tutup.
   *[note] Dicatat.
}
desk-back = Kembali ke meja
desk-keys = Tombol pintas
desk-key-box = Ke kotak pertanyaan
desk-key-move = Ke faskes berikutnya atau sebelumnya
desk-key-column = Ke kolom di kiri atau kanan
desk-close = Tutup

## The form of a facility

report-title = Laporan
form-title = Laporan { $facility }
form-holder = Tautan ini untuk { $name }. { $until ->
    [none] Tidak ada batas waktunya.
   *[other] Berlaku sampai { $until }.
} Jangan diteruskan kepada orang lain.
form-last-report = Laporan terakhir { $age } ({ $moment }).
form-first-report = Belum ada laporan. Isilah yang ada di faskes ini, yang lain biarkan kosong.
form-closed = Faskes ini tercatat sudah tutup. Hubungi koordinator bila itu keliru.
form-unchanged = Tidak ada yang berubah
form-unchanged-hint = Semua angka di bawah masih benar
form-available = Kosong
form-capacity = Dari
form-occupied = Terisi
form-queue = Antrean
form-left = Sisa
form-quota = Dari kuota
form-session = { $title ->
    [none] {""}
   *[other] { $title },{" "}
}{ $day }, pukul { $from }-{ $to }: { $product }
form-stale = angka lama
form-more-types = Jenis lain
form-send = Kirim laporan
form-changes = Berubah:
form-jump = sekarang { $now }; sebelumnya { $before }
form-impossible = Kosong ditambah terisi melebihi jumlah tempat.
form-not-stored = Belum tersimpan
form-jump-question = Angkanya jauh berbeda dari sebelumnya. Apakah sudah benar?
form-jump-yes = Ya, sudah benar: simpan
form-sending = Mengirim…
form-kept = Tidak ada sinyal. Laporan disimpan di ponsel ini dan terkirim sendiri begitu ada sinyal. Disimpan pukul
form-kept-sent = Laporan yang tadi disimpan sudah terkirim.
form-kept-refused = Laporan yang disimpan tadi tidak dapat diterima. Periksa dan kirim lagi.

## After the report

form-done = Tersimpan
form-done-when = Laporan { $facility } diterima { $moment }.
form-due = Laporkan lagi sebelum { $moment }, supaya angkanya tetap dianggap baru.
form-outcome = { $type }: { $available ->
    [none] belum diketahui
   *[other] kosong { $available }
}{ $capacity ->
    [none] {""}
   *[other] { " " }dari { $capacity }
}{ $before ->
    [none] {""}
   *[other] { " " }(sebelumnya { $before })
}
form-outcome-left = { $session }: { $left ->
    [none] belum diketahui
   *[other] sisa { $left }
}{ $before ->
    [none] {""}
   *[other] { " " }(sebelumnya { $before })
}
form-late = Sudah ada angka yang lebih baru, jadi yang ini hanya masuk riwayat: { $types }
form-overtaken = Selama formulir ini terbuka, ada laporan lain. Angka yang lebih baru itu dibiarkan: { $types }
form-mend = Ada angka yang keliru? Buka formulir lagi, perbaiki, lalu kirim.
form-again = Buka formulir lagi
form-rest = Tidak berubah: { $count }

## The public board

board-title = Apa yang tersedia sekarang
board-lead = Tempat tidur rumah sakit, tempat isolasi, dan vaksinasi, menurut laporan setiap faskes.
board-question = Ketik yang dicari dan di mana, misalnya: icu anak tembalang
board-find = Cari
board-provinces = Pilih provinsi
board-region-title = { $region }: yang tersedia sekarang
board-above = Wilayah di atasnya
board-reporting = { $facilities ->
    [0] Belum ada faskes yang tercatat di sini.
   *[other] Dari { $facilities } faskes: { $fresh } angkanya baru, { $aging } mulai lama, { $stale } sudah lama, { $silent } belum diketahui.
}
board-beds = Tempat tidur
board-isolation = Tempat isolasi
board-vaccination = Vaksinasi
board-nothing-recorded = Belum ada yang tercatat di sini.
board-having = { $available } dari { $facilities } faskes punya yang kosong.
board-type = Jenis
board-share = Terisi dan kosong
board-unknown = belum diketahui
board-at = di { $available } dari { $facilities } faskes
board-bar = Terisi { $used }, kosong { $free }, dari { $capacity }
board-beds-at = Tempat tidur kosong di sini
board-children = Per wilayah
board-children-caption = Berapa faskes yang punya tempat kosong, dari berapa faskes yang melayani
board-region = Wilayah
board-have-free = faskes punya yang kosong
board-more-places = Lihat lebih banyak
board-more-types = dan { $n } jenis lain
board-map-region = { $region }: { $facilities ->
    [0] belum ada tempat tidur yang tercatat
   *[other] { $available } dari { $facilities } faskes punya tempat tidur kosong
}
board-map-legend = Angka: berapa faskes punya tempat tidur kosong. Lingkaran kosong: tidak ada. Titik kecil: belum ada yang tercatat. Letak wilayah hanya kira-kira.
board-map-legend-outlined = Angka: berapa faskes punya tempat tidur kosong. Lingkaran kosong: tidak ada. Titik kecil: belum ada yang tercatat.
board-trend = { $days } hari terakhir
board-trend-away = Perkembangannya sedang tidak dapat dibaca; coba lagi sebentar.
board-trend-legend = Garis tebal: kosong menurut semua angka. Garis putus-putus: kosong menurut angka yang waktu itu masih dapat dipercaya. Celah: tidak ada yang tahu, atau tidak tercatat.
board-trend-table = Angka yang sama dalam tabel
board-trend-caption = Yang kosong pada tiap saat, menurut yang diketahui waktu itu
board-trend-moment = Saat
board-trend-free = { $kind }: kosong
board-trend-stale = di antaranya menurut angka lama
chart = { $title }. Paling sedikit { $least } kosong, paling banyak { $most }, terakhir { $last }.
board-feed = Langganan (Atom)
board-widget = Untuk ditempel di situs lain
board-as-of = keadaan { $moment }
board-feed-day = { $region }, { $day }
board-feed-free = { $facility } punya tempat tidur kosong
board-numbers = Angka terakhir
board-no-numbers = Belum pernah ada laporan dari faskes ini: telepon dahulu.
board-open-map = Buka di peta
board-intake = Cara masuk
board-contacts = Yang dapat dihubungi
board-found = Hasil pencarian
board-found-title = Sedia: { $question }
board-unread = Kata yang belum terbaca: { $words }
board-nothing = Tidak ditemukan. Hubungi nomor di bawah.
board-widened = Di tempat yang diminta tidak ada yang cocok; ini yang terdekat di sekitarnya.
board-not-understood = Pertanyaannya belum jelas
board-call-first = Angka lama: telepon dahulu.
board-old = perlu dipastikan
board-distance = { $km } km
board-session = { $day }, pukul { $from }-{ $to }: { $product }, { $whom }{ $left ->
    [none] {""}
   *[other] , sisa { $left }
}
