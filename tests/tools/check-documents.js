// Validates every GraphQL document in README.md and docs/ against /schema.graphql: ```graphql blocks, the DOCUMENT of
// Python examples, and `query` strings in JSON or jq. A document that the schema no longer answers fails.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { buildSchema, parse, validate } = require('graphql');

const root = path.join(__dirname, '../..');
const schema = buildSchema(fs.readFileSync(path.join(root, 'schema.graphql'), 'utf8'));

function documentsOf(text) {
  const found = [];
  for (const [, body] of text.matchAll(/```graphql\n([\s\S]*?)```/g)) found.push(body);
  for (const [, body] of text.matchAll(/DOCUMENT = """([\s\S]*?)"""/g)) found.push(body);
  for (const [, body] of text.matchAll(/"?\bquery"?: ("(?:[^"\\]|\\.)*")/g)) found.push(JSON.parse(body));
  return found;
}

const files = ['README.md', ...fs.readdirSync(path.join(root, 'docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)];
let count = 0;
let wrong = 0;
for (const file of files) {
  for (const document of documentsOf(fs.readFileSync(path.join(root, file), 'utf8'))) {
    count += 1;
    let errors;
    try {
      errors = validate(schema, parse(document));
    } catch (error) {
      errors = [error];
    }
    for (const error of errors) {
      wrong += 1;
      console.error(`${file}: ${error.message}\n    ${document.trim().split('\n')[0]}`);
    }
  }
}
console.log(`${count} documents`);
if (count === 0) console.error('no document was found: has the way they are written changed?');
process.exit(wrong > 0 || count === 0 ? 1 : 0);
