//! What grows with the directory, and how fast: 1, 10 and 100 times the country, which is 1.3 million facilities.
//!
//! `cargo bench --bench growth`, with `-- --times 1,10` for others. With `SEDIA_TEST_POSTGRES=postgres://USER@HOST/DATABASE`
//! the same on PostgreSQL comes after it. Each figure gets the exponent that fits it best: 0 does not grow with the
//! directory, 1 grows as it does.
#![expect(clippy::print_stdout, reason = "the figures are the output")]
#![expect(clippy::cast_precision_loss, reason = "counts of some millions")]

#[expect(dead_code, reason = "nobody asks where a facility is")]
mod country;
mod support;

use std::{
    env,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use country::{Country, Regency, nearby};
use rand::{RngExt, SeedableRng, rngs::SmallRng, seq::IndexedRandom};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr, TransactionTrait};
use serde_json::{Value, json};
use support::{Client, Directory, Server, send};

const TIMES: [usize; 3] = [1, 10, 100];
/// How long a node may take until it answers.
const PATIENCE: Duration = Duration::from_secs(600);
/// How often each question is asked, and how many reports are sent.
const ASKED: usize = 400;
const REPORTS: usize = 200;
/// Rows of one statement, and statements of one transaction.
const ROWS: usize = 400;
const STATEMENTS: usize = 250;
/// How far a copy may lie from what it is a copy of.
const DEGREES: f64 = 0.05;

fn main() -> anyhow::Result<()> {
    if !support::is_wanted() {
        return Ok(());
    }
    let mut arguments = env::args().skip_while(|argument| argument != "--times").skip(1);
    let times = match arguments.next() {
        Some(list) => list.split(',').map(str::parse).collect::<Result<Vec<usize>, _>>()?,
        None => TIMES.to_vec(),
    };
    println!("SQLite");
    let sizes = times.iter().map(|times| measure(*times, &Directory::new()?));
    print(&sizes.collect::<anyhow::Result<Vec<_>>>()?);
    #[expect(clippy::disallowed_methods, reason = "the setting of the tests")]
    let Ok(server) = env::var("SEDIA_TEST_POSTGRES") else { return Ok(()) };
    println!("\nPostgreSQL");
    let sizes = times.iter().map(|times| {
        support::with_database(&server, "growth", |url| measure(*times, &Directory::at(|_| url)?))
    });
    print(&sizes.collect::<anyhow::Result<Vec<_>>>()?);
    Ok(())
}

/// What a directory of one size was found to need.
struct Size {
    facilities: usize,
    figures: [(&'static str, f64); 15],
}

fn measure(times: usize, directory: &Directory) -> anyhow::Result<Size> {
    let country = Country::fill(directory, 0.0)?;
    let key = directory.admin_key()?;
    announce(&country, directory, &key)?;
    let began = Instant::now();
    multiply(directory.url(), times)?;
    let (facilities, numbers) = (country.facilities.len() * times, country.numbers() * times);
    println!("{facilities} facilities, {numbers} numbers, copied in {:.1?}", began.elapsed());
    let began = Instant::now();
    let server = directory.serve(&[])?;
    let mut client = first_answer(&server)?;
    let start = began.elapsed().as_secs_f64();
    let memory = server.bytes_held()? as f64;
    let mut rng = SmallRng::seed_from_u64(1_300_000);
    let regency = |rng: &mut SmallRng| -> anyhow::Result<&Regency> {
        country.regencies.choose(rng).context("there are some")
    };
    let (hot, _) = ask(&server, &mut client, ASKED, || Ok("/v1/beds?region=33.74".to_owned()))?;
    let (near, near_cost) = ask(&server, &mut client, ASKED, || {
        let (lat, lon) = nearby(regency(&mut rng)?.point, 0.3, &mut rng);
        Ok(format!("/v1/beds?near={lat:.5},{lon:.5}"))
    })?;
    let (vaccinations, vaccinations_cost) = ask(&server, &mut client, ASKED, || {
        let (lat, lon) = nearby(regency(&mut rng)?.point, 0.3, &mut rng);
        Ok(format!("/v1/vaccinations?near={lat:.5},{lon:.5}"))
    })?;
    let mut regencies = country.regencies.iter();
    let (beds_there, _) = ask(&server, &mut client, ASKED, || {
        Ok(format!("/v1/beds?region={}", regencies.next().context("there are as many")?.code))
    })?;
    let mut regencies = country.regencies.iter();
    let (vaccinations_there, _) = ask(&server, &mut client, ASKED, || {
        Ok(format!("/v1/vaccinations?region={}", regencies.next().context("there are as many")?.code))
    })?;
    let mut provinces: Vec<&str> = country.regencies.iter().map(|regency| &regency.code[..2]).collect();
    provinces.dedup();
    let (count, mut provinces) = (provinces.len(), provinces.into_iter());
    let (overview, _) = ask(&server, &mut client, count, || {
        Ok(format!("/v1/regions/{}/overview", provinces.next().context("there are as many")?))
    })?;
    let mut regencies = country.regencies.iter();
    let (sentence, _) = ask(&server, &mut client, ASKED, || {
        let regency = regencies.next().context("there are as many")?;
        Ok(format!("/v1/ask?q={}", in_query(&format!("icu {}", regency.name))))
    })?;
    let (search, _) = ask(&server, &mut client, ASKED, || {
        let facility = country.facilities.choose(&mut rng).context("there are some")?;
        let words: Vec<&str> = facility.name.split(' ').take(3).collect();
        Ok(format!("/v1/search?q={}", in_query(&words.join(" "))))
    })?;
    let mut latencies = Vec::new();
    let cpu = server.cpu()?;
    for _ in 0..REPORTS {
        let facility = rng.random_range(0..country.facilities.len());
        let values = json!({"values": {"bed.icu": {"capacity": 60, "available": rng.random_range(0..60)}}});
        let path = format!("/v1/facilities/load:{facility}/availability");
        let began = Instant::now();
        let response = client.call(&send("PUT", &path, &key, &values))?;
        latencies.push(began.elapsed().as_secs_f64() * 1e3);
        ensure!(response.status() == "200", "{}", String::from_utf8_lossy(response.body));
    }
    let report_cost = (server.cpu()? - cpu).as_secs_f64() * 1e3 / REPORTS as f64;
    Ok(Size {
        facilities,
        figures: [
            ("start to first answer, s", start),
            ("memory, MB", memory / f64::from(1 << 20)),
            ("memory of a number, bytes", memory / numbers as f64),
            ("hot answer, ms", hot),
            ("unique near, ms", near),
            ("unique near, ms of CPU", near_cost),
            ("unique near, vaccinations, ms", vaccinations),
            ("the same, ms of CPU", vaccinations_cost),
            ("beds of a kabupaten, ms", beds_there),
            ("vaccinations of one, ms", vaccinations_there),
            ("overview of a province, ms", overview),
            ("sentence, ms", sentence),
            ("search, ms", search),
            ("report, ms", support::quantile(&mut latencies, 0.5)),
            ("report, ms of CPU", report_cost),
        ],
    })
}

/// Announces a weekly session at every fourth facility, and says how many doses are left of the next one.
fn announce(country: &Country, directory: &Directory, key: &str) -> anyhow::Result<()> {
    let server = directory.serve(&[])?;
    let mut client = first_answer(&server)?;
    let weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    for index in (0..country.facilities.len()).step_by(4) {
        let session = json!({
            "facility": format!("load:{index}"), "title": "Vaksinasi", "product": "sinovac", "doses": [1, 2],
            "weekly": {"weekdays": [weekdays[index / 4 % 7]], "from": "2021-07-03"}, "from": "08:00", "to": "12:00", "walk_in": true,
        });
        let response = client.call(&send("POST", "/v1/sessions", key, &session))?;
        ensure!(response.status() == "201", "{}", String::from_utf8_lossy(response.body));
        let made: Value = serde_json::from_slice(response.body)?;
        let id = made["session"]["id"].as_str().context("it has an id")?;
        let left = json!({"sessions": {id: {"capacity": 100, "available": index % 90}}});
        let response =
            client.call(&send("PUT", &format!("/v1/facilities/load:{index}/availability"), key, &left))?;
        ensure!(response.status() == "200", "{}", String::from_utf8_lossy(response.body));
    }
    Ok(())
}

/// Words as a query has them.
fn in_query(words: &str) -> String {
    words.replace(|char: char| !char.is_ascii_alphanumeric(), "+")
}

/// Asks again and again on one connection: the median of the milliseconds, and those of processor time for each.
fn ask(
    server: &Server,
    client: &mut Client,
    times: usize,
    mut path: impl FnMut() -> anyhow::Result<String>,
) -> anyhow::Result<(f64, f64)> {
    let (mut latencies, cpu) = (Vec::new(), server.cpu()?);
    for _ in 0..times {
        let path = path()?;
        let began = Instant::now();
        client.get(&path)?;
        latencies.push(began.elapsed().as_secs_f64() * 1e3);
    }
    let cost = (server.cpu()? - cpu).as_secs_f64() * 1e3 / times as f64;
    Ok((support::quantile(&mut latencies, 0.5), cost))
}

/// Waits until the node answers a question; gives the connection on which it did.
fn first_answer(server: &Server) -> anyhow::Result<Client> {
    let began = Instant::now();
    loop {
        // Until it has read all, it takes connections and lets them wait.
        let mut client = Client::connect(server.address)?;
        match client.get("/v1/beds?region=33.74").map(drop) {
            Ok(()) => return Ok(client),
            Err(error) => ensure!(began.elapsed() < PATIENCE, "no answer within {PATIENCE:?}: {error}"),
        }
    }
}

/// Makes so many directories of one: copies its facilities and their numbers as a node keeps them, because millions of
/// reports over HTTP would take hours.
#[tokio::main]
async fn multiply(url: &str, times: usize) -> anyhow::Result<()> {
    let mut options = ConnectOptions::new(url.to_owned());
    let database = Database::connect(options.max_connections(1).sqlx_logging(false).to_owned()).await?;
    let (facilities, readings) = (rows(&database, "facility").await?, rows(&database, "reading").await?);
    let sessions = rows(&database, "session").await?;
    let mut rng = SmallRng::seed_from_u64(1);
    for copy in 1..times {
        let mut copies = Vec::with_capacity(facilities.len() + readings.len());
        for (id, body) in &facilities {
            copies.push(("facility", with_id(id, copy), facility(body, copy, &mut rng)?));
        }
        for (id, body) in &readings {
            let (facility, _) = id.split_once(' ').context("the facility comes first")?;
            copies.push(("reading", with_id(id, copy), body.replace(facility, &with_id(facility, copy))));
        }
        for (id, body) in &sessions {
            copies.push(("session", with_id(id, copy), session(body, copy)?));
        }
        store(&database, &copies).await?;
    }
    database.execute_unprepared("ANALYZE").await?;
    Ok(database.close().await?)
}

/// The ids and bodies of a kind of rows.
async fn rows(database: &DatabaseConnection, kind: &str) -> anyhow::Result<Vec<(String, String)>> {
    let select = format!("SELECT id, body FROM current_row WHERE kind = '{kind}'");
    let found =
        database.query_all_raw(sea_orm::Statement::from_string(database.get_database_backend(), select));
    let rows = found.await?.into_iter().map(|row| Ok((row.try_get("", "id")?, row.try_get("", "body")?)));
    Ok(rows.collect::<Result<_, DbErr>>()?)
}

/// The id of a copy: the time in it is another one.
fn with_id(id: &str, copy: usize) -> String {
    format!("{copy:08x}{}", &id[8..])
}

fn facility(body: &str, copy: usize, rng: &mut SmallRng) -> anyhow::Result<String> {
    let mut row: Value = serde_json::from_str(body)?;
    let facility = &mut row["facility"]["facility"];
    let text = |value: &Value| value.as_str().map(ToOwned::to_owned).context("it is a text");
    let degrees = |value: &Value| value.as_f64().context("it is a number");
    facility["id"] = with_id(&text(&facility["id"])?, copy).into();
    facility["name"] = format!("{} {copy}", text(&facility["name"])?).into();
    facility["external_ids"] =
        json!([text(&facility["external_ids"][0])?.replace("load:", &format!("load{copy}:"))]);
    let point = (degrees(&facility["point"]["lat"])?, degrees(&facility["point"]["lon"])?);
    let (lat, lon) = nearby(point, DEGREES, rng);
    facility["point"] = json!({"lat": lat, "lon": lon});
    Ok(row.to_string())
}

fn session(body: &str, copy: usize) -> anyhow::Result<String> {
    let mut row: Value = serde_json::from_str(body)?;
    let session = &mut row["session"]["session"];
    for member in ["id", "facility"] {
        let id = session[member].as_str().context("it is a text")?;
        session[member] = with_id(id, copy).into();
    }
    Ok(row.to_string())
}

async fn store(database: &DatabaseConnection, rows: &[(&str, String, String)]) -> anyhow::Result<()> {
    let statements: Vec<&[(&str, String, String)]> = rows.chunks(ROWS).collect();
    for some in statements.chunks(STATEMENTS) {
        let transaction = database.begin().await?;
        for rows in some {
            let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
            let values =
                rows.iter().map(|(kind, id, body)| format!("('{kind}', {}, {})", quoted(id), quoted(body)));
            let values = values.collect::<Vec<_>>().join(", ");
            let insert = format!("INSERT INTO current_row (kind, id, body) VALUES {values}");
            transaction.execute_unprepared(&insert).await?;
        }
        transaction.commit().await?;
    }
    Ok(())
}

/// The figures of all sizes side by side, with their exponents.
fn print(sizes: &[Size]) {
    let heads = sizes.iter().map(|size| format!("{:>12}", size.facilities)).collect::<Vec<_>>().concat();
    println!("{:<28}{heads}{:>10}", "facilities", "exponent");
    let Some(first) = sizes.first() else { return };
    for (index, (name, _)) in first.figures.iter().enumerate() {
        let points: Vec<(f64, f64)> =
            sizes.iter().map(|size| (size.facilities as f64, size.figures[index].1)).collect();
        let figures = points.iter().map(|(_, figure)| format!("{figure:>12.3}")).collect::<Vec<_>>().concat();
        let exponent = exponent(&points).map_or("-".to_owned(), |exponent| format!("{exponent:.2}"));
        println!("{name:<28}{figures}{exponent:>10}");
    }
}

/// The slope of the line that fits the logarithms best; None through one point.
fn exponent(points: &[(f64, f64)]) -> Option<f64> {
    let logarithms: Vec<(f64, f64)> =
        points.iter().map(|(size, figure)| (size.ln(), figure.max(f64::MIN_POSITIVE).ln())).collect();
    let count = logarithms.len() as f64;
    let middle = |of: fn(&(f64, f64)) -> f64| logarithms.iter().map(of).sum::<f64>() / count;
    let (x, y) = (middle(|point| point.0), middle(|point| point.1));
    let (rise, run) = logarithms.iter().fold((0.0, 0.0), |(rise, run), point| {
        (rise + (point.0 - x) * (point.1 - y), run + (point.0 - x).powi(2))
    });
    (run > 0.0).then(|| rise / run)
}
