// Uses the client that openapi-typescript and openapi-fetch make of the API document: it compiles under `strict`, and
// what the types say is what the server sends.
import createClient from "openapi-fetch";
import type { components, paths } from "./api";

// The forms that are wanted of the many in which answers come.
type Media = "application/json" | "application/problem+json";

declare const process: { env: Record<string, string>; exit(code: number): never };
declare const console: { log(text: string): void; error(text: string): void };

function check(is: boolean, what: string): void {
    if (!is) {
        console.error(`TypeScript: ${what}`);
        process.exit(1);
    }
}

const client = createClient<paths, Media>({ baseUrl: process.env.SEDIA });
const reporter = createClient<paths, Media>({ baseUrl: process.env.SEDIA, headers: { Authorization: `Bearer ${process.env.KEY}` } });

const asked = await client.GET("/v1/beds", { params: { query: { region: "33.74", type: ["bed.icu", "bed.hcu"], min: 0 } } });
check(asked.data !== undefined, "no answer");
const facility: components["schemas"]["FacilityView"] = asked.data!.facilities[0];
const free: number | null | undefined = facility.availability[0].available;
check(free === 3, `3 are free, not ${free}`);
check(facility.address === null, "an address that nobody stated is null");

const refused = await client.GET("/v1/beds", { params: { query: { region: "99" } } });
check(refused.error?.code === "unknown_region" && refused.error.errors[0].pointer === "region", "the problem names the region");

const put = await reporter.PUT("/v1/facilities/{id}/availability", {
    params: { path: { id: "kemenkes:3374011" } },
    body: { values: { "bed.icu": { capacity: 10, available: 4 } } },
});
check(put.data?.accepted[0] === "bed.icu", "the report is accepted");

const left = await reporter.POST("/v1/facilities/{id}/marks", {
    params: { path: { id: "kemenkes:3374011" } },
    body: { kind: "note", verdict: "wrong", type: "bed.icu", by: "Siti" },
});
const mark = left.data!;
// The kind tells the alternatives apart.
check(mark.kind === "note" && mark.verdict === "wrong" && mark.by === "Siti", "the note is a note");

const changes = await client.GET("/v1/changes", { params: { query: { after: put.data!.version - 1 } } });
const reports = changes.data!.changes.filter((change) => change.kind === "report");
check(reports.length > 0 && reports[0].content.numbers.length > 0, "the reports are among the changes");

const text = await client.GET("/v1/beds", { params: { query: { region: "33.74", format: "text" } }, parseAs: "text" });
check(typeof text.data === "string", "a text is a text");
console.log("TypeScript: compiled under strict, and used");
