import createClient from "openapi-fetch";
import type { paths } from "./gateway.js";

declare const process: { argv: string[] };

const [baseUrl, key, asid] = process.argv.slice(2);
const gateway = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${key}` } });

const resolved = await gateway.POST("/v1/pages/{page_id}/mappings/resolve", {
  params: { path: { page_id: "100" }, header: { Prefer: "wait=10" } },
  body: { asids: [asid] },
});
if (resolved.error) throw new Error(resolved.error.detail);
const psid: string = resolved.data.mappings[asid];

const entries = await gateway.GET("/v1/quota/entries", { params: { query: { limit: 1 } } });
if (entries.error) throw new Error(entries.error.detail);
const latest = entries.data.items[0];
const asked: number | undefined = latest.kind === "call" ? latest.asked : undefined;

console.log(`${psid} ${asked}`);
