// Checks an AsyncAPI document: `node asyncapi.js FILE`. Prints what it has, or each fault with its place.

import { readFileSync } from 'node:fs';
import { DiagnosticSeverity, Parser } from '@asyncapi/parser';

const file = process.argv[2];
const { document, diagnostics } = await new Parser().parse(readFileSync(file, 'utf8'), { source: file });
const faults = diagnostics.filter(({ severity }) => severity <= DiagnosticSeverity.Warning);
for (const { path, message } of faults) console.error(`${path.join('/') || file}: ${message}`);
if (document === undefined || faults.length > 0) process.exit(1);
console.log(`${document.channels().all().length} channels, ${document.messages().all().length} messages`);
