"""A program of a hospital as the public ones for Aplicares are: it signs, asks for the rooms, and sends what differs.

usage: aplicares.py BASE_URL CONSUMER_ID CONSUMER_SECRET KODE_PPK

The path is built in, as in those programs: only the host and the two credentials are settings. It ends with an error as
soon as something does not compare as they compare it: by the code as a number, and by the message as a text.
"""

import base64
import hashlib
import hmac
import json
import sys
import time
import urllib.request

BASE, CONSUMER, SECRET, PPK = sys.argv[1:]


def headers(secret=SECRET):
    timestamp = str(int(time.time()))
    digest = hmac.new(secret.encode(), f"{CONSUMER}&{timestamp}".encode(), hashlib.sha256).digest()
    return {
        "X-cons-id": CONSUMER,
        "X-timestamp": timestamp,
        "X-signature": base64.b64encode(digest).decode(),
        "user_key": "0123456789abcdef",
        "Content-Type": "application/json; charset=utf-8",
    }


def call(path, row=None, secret=SECRET):
    body = None if row is None else json.dumps(row).encode()
    request = urllib.request.Request(f"{BASE}/aplicaresws/rest/{path}", data=body, headers=headers(secret))
    # Anything but a 2xx is an exception here, as it is in most of their libraries.
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def expect(answer, code, message):
    metadata = answer["metadata"]
    if metadata["code"] != code or metadata["message"] != message:
        sys.exit(f"expected {code} {message!r}, got {answer}")


def row(kelas, ruang, kapasitas, tersedia):
    return {
        "kodekelas": kelas,
        "koderuang": ruang,
        "namaruang": f"Ruang {ruang}",
        "kapasitas": str(kapasitas),
        "tersedia": str(tersedia),
        "tersediapria": "0",
        "tersediawanita": "0",
        "tersediapriawanita": str(tersedia),
    }


classes = call("ref/kelas")
expect(classes, 1, "OK")
known = {item["kodekelas"]: item["namakelas"] for item in classes["response"]["list"]}
wards = [("KL3", "M1", 20, 8), ("ICU", "I1", 10, 3), ("VIP", "V1", 4, 0)]
for kelas, ruang, kapasitas, tersedia in wards:
    if kelas not in known:
        sys.exit(f"{kelas} is not among {known}")
    expect(call(f"bed/create/{PPK}", row(kelas, ruang, kapasitas, tersedia)), 1, "Data berhasil disimpan.")

expect(call(f"bed/update/{PPK}", row("KL3", "M1", 20, 7)), 1, "Data berhasil diupdate.")
expect(call(f"bed/delete/{PPK}", {"kodekelas": "VIP", "koderuang": "V1"}), 1, "Data berhasil dihapus.")
expect(call(f"bed/delete/{PPK}", {"kodekelas": "VIP", "koderuang": "V1"}), 0, "Data tidak ada di database.")

rooms = call(f"bed/read/{PPK}/1/100")
expect(rooms, 1, "OK")
there = {(item["kodekelas"], item["koderuang"]): item["tersedia"] for item in rooms["response"]["list"]}
if rooms["metadata"]["totalitems"] != 2 or there != {("KL3", "M1"): 7, ("ICU", "I1"): 3}:
    sys.exit(f"the rooms are {rooms}")

if call(f"bed/update/{PPK}", row("KL3", "M1", 20, 1), secret=SECRET + "x")["metadata"]["code"] != 0:
    sys.exit("a wrong signature was taken")
