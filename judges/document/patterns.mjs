// Reads {patterns, schemas: [{pattern, not}], texts} and tells which texts each admits, as JavaScript sees it: by the
// `u` flag, as JSON Schema has it, and without, as many generators write a pattern.
import { readFileSync } from "node:fs";

const { schemas, texts, patterns } = JSON.parse(readFileSync(0, "utf8"));
for (const pattern of patterns) new RegExp(pattern, "u") && new RegExp(pattern);
const verdicts = ["u", ""].map((flags) =>
  schemas.map(({ pattern, not }) => {
    const wanted = new RegExp(pattern, flags);
    const unwanted = not ? new RegExp(not, flags) : null;
    return texts.map((text) => wanted.test(text) && !(unwanted && unwanted.test(text)));
  }),
);
process.stdout.write(JSON.stringify(verdicts));
