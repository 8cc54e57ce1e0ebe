// Runs the audits of graphql-http against a running server: an address and a bearer token are its arguments, because the
// audits ask for a type, which only who is signed in may. It prints what is not kept, and how many of how many are.
import { createRequire } from "node:module";
import path from "node:path";

const modules = process.env.CONSENTRY_TEST_NODE_MODULES ?? path.join(import.meta.dirname, "node_modules");
const { serverAudits } = createRequire(path.join(modules, "any.js"))("graphql-http");

const [url, token] = process.argv.slice(2);
const fetchFn = (address, options = {}) =>
    fetch(address, { ...options, headers: { ...options.headers, authorization: `Bearer ${token}` } });

let kept = 0;
const audits = serverAudits({ url, fetchFn });
for (const audit of audits) {
    const result = await audit.fn();
    if (result.status === "ok") {
        kept += 1;
    } else {
        console.log(`${result.status} ${audit.id} ${audit.name}: ${result.reason}`);
    }
}
console.log(`${kept} of ${audits.length}`);
process.exit(kept === audits.length ? 0 : 1);
