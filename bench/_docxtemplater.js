// A document by docxtemplater for each asked one: load, compile, render and pack, as docxtpl does.
// Arguments: the folder with the packages, the template, the facts, the picture, the output.
// Each line of standard input is a number of documents; the answer is nanoseconds for one.
"use strict";

const fs = require("fs");
const { createRequire } = require("module");
const readline = require("readline");

const [packages, templateFile, factsFile, pictureFile, outFile] = process.argv.slice(2);
const load = createRequire(`${packages}/`);
const PizZip = load("pizzip");
const Docxtemplater = load("docxtemplater");

const template = fs.readFileSync(templateFile);
const facts = JSON.parse(fs.readFileSync(factsFile, "utf-8"));
const picture = fs.readFileSync(pictureFile);

const CASES = {
  nominative: "nomn",
  genitive: "gent",
  dative: "datv",
  accusative: "accs",
  instrumental: "ablt",
  prepositional: "loct",
};
const FILTERS = {
  capfirst: (text) => text.charAt(0).toUpperCase() + text.slice(1),
  in_words: (amount) => amount.words.nomn,
  join: (list, sign) => list.join(sign),
  length: (list) => list.length,
  lower: (text) => text.toLowerCase(),
  upper: (text) => text.toUpperCase(),
};
for (const [name, one] of Object.entries(CASES)) {
  FILTERS[name] = (forms) => forms[one];
}
const isTrue = (value) => (Array.isArray(value) ? value.length > 0 : Boolean(value));

// Values, conditions and filters as the template writes them; its own parser knows plain names only.
function reading(tag) {
  if (tag.startsWith("?")) {
    const inner = reading(tag.slice(1));
    return (scope, context) => isTrue(inner(scope, context));
  }
  for (const [word, method] of [[" or ", "some"], [" and ", "every"]]) {
    if (tag.includes(word)) {
      const inner = tag.split(word).map(reading);
      return (scope, context) => inner[method]((one) => isTrue(one(scope, context)));
    }
  }
  if (tag.startsWith("not ")) {
    const inner = reading(tag.slice(4));
    return (scope, context) => !isTrue(inner(scope, context));
  }
  const [left, sign, right] = tag.split(/ (==|!=) /);
  if (sign !== undefined) {
    const inner = reading(left);
    const wanted = JSON.parse(right);
    return (scope, context) => (inner(scope, context) === wanted) === (sign === "==");
  }
  return value(tag);
}

function value(tag) {
  const index = (context) => context.scopePathItem[context.scopePathItem.length - 1];
  switch (tag) {
    case "loop.index":
      return (scope, context) => index(context) + 1;
    case "loop.first":
      return (scope, context) => index(context) === 0;
    case "loop.last":
      return (scope, context) =>
        index(context) === context.scopePathLength[context.scopePathLength.length - 1] - 1;
  }
  const [path, ...filters] = tag.split("|");
  const names = path.split(/[.[\]]+/).filter((name) => name !== "");
  const applied = filters.map((filter) => {
    const [, name, given] = filter.match(/^(\w+)(?:\("(.*)"\))?$/);
    return (found) => FILTERS[name](found, given);
  });
  return (scope) => {
    let found = scope;
    for (const name of names) {
      found = found == null ? undefined : found[name];
    }
    return found == null ? undefined : applied.reduce((each, filter) => filter(each), found);
  };
}

function make() {
  const document = new Docxtemplater(new PizZip(template), {
    paragraphLoop: true,
    linebreaks: true,
    parser: (tag) => ({ get: reading(tag) }),
    nullGetter: (part) => {
      if (!part.module) {
        throw new Error(`unknown: ${part.value}`);
      }
    },
  });
  document.render(facts);
  const zip = document.getZip();
  zip.file("word/media/image1.png", picture);
  return zip.generate({
    type: "nodebuffer",
    compression: "DEFLATE",
    compressionOptions: { level: 6 },
  });
}

// Of the main thread alone, so that neither other programs nor its own helpers count.
function nanoseconds() {
  return Number(fs.readFileSync("/proc/thread-self/schedstat", "utf-8").split(" ")[0]);
}

fs.writeFileSync(outFile, make());
readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const times = Number(line);
  const began = nanoseconds();
  for (let number = 0; number < times; number += 1) {
    make();
  }
  process.stdout.write(`${(nanoseconds() - began) / times}\n`);
});
