// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// FIT files through the decoder of those who made the format, as JSON: one object a file, with what
// its integrity check says, its errors, and its messages. Usage: decode.mjs PACKAGE FILE...

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, ...files] = process.argv.slice(2);
const { Decoder, Stream } = await import(pathToFileURL(join(folder, "src/index.js")));

const all = files.map((file) => {
  const decoder = new Decoder(Stream.fromBuffer(readFileSync(file)));
  const is_fit = decoder.isFIT();
  const integrity = decoder.checkIntegrity();
  const { messages, errors } = decoder.read();
  return { is_fit, integrity, errors: errors.map(String), messages };
});
console.log(JSON.stringify(all));
