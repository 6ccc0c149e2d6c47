### The titles of problems: the same for every occurrence of a code.

## Titles of problems with a question

problem-unknown-region = Wilayah tidak dikenal
problem-invalid-region-code = Kode wilayah tidak sah
problem-ambiguous-region = Nama wilayah kurang jelas
problem-region-code-without-dots = Kode wilayah harus memakai titik
problem-bps-code = Ini tampak seperti kode BPS
problem-unknown-type = Jenis sumber daya tidak dikenal
problem-ambiguous-type = Nama ini berarti beberapa jenis
problem-invalid-type-code = Kode jenis tidak sah
problem-unknown-facility = Fasilitas tidak dikenal
problem-ambiguous-facility = Nama ini berarti beberapa fasilitas
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
problem-unknown-seq = Direktori tidak memiliki perubahan itu
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
problem-rooms-together = Ruang-ruang satu jenis dijumlahkan
problem-likely-duplicate = Fasilitas ini mungkin sudah ada
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
problem-provider-refused = Penyedia akun tidak memastikan siapa orang ini
problem-provider-unavailable = Penyedia akun tidak menjawab

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
problem-behind = Node ini belum menampilkan perubahan terakhir Anda
problem-internal = Terjadi kesalahan di sisi kami
