// Compares files with the list in the page. `Sha256` comes from sha256.js, which stands before.
const PAGE = "check.html";
const SUMS = "SHA256SUMS";
const SLICE = 8 * 1024 * 1024; // no more of a file is in memory at once
const MOST_ROWS = 200; // shown at once

const STATES = {
  changed: "▲ изменён",
  missing: "▲ нет в папке",
  unread: "▲ не прочитан",
  foreign: "▲ посторонний, в списке его нет",
  unchecked: "не проверен",
  intact: "✓ цел",
};
const WRONG = new Set(["changed", "missing", "unread", "foreign"]);

const it = (id) => document.getElementById(id);
// Names and hashes as SHA256SUMS has them; this page cannot know its own.
const sumsLines = JSON.parse(it("list").textContent);
const listed = sumsLines.filter(([name]) => name !== PAGE);
const known = new Set([...listed.map(([name]) => name), SUMS, PAGE]);
let run = 0; // a new choice ends the check of the one before

async function hashOf(file) {
  // Some browsers have no crypto.subtle on a page that was opened from a disk.
  if (file.size <= SLICE && globalThis.crypto?.subtle) {
    const hash = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
  const sha256 = new Sha256();
  for (let at = 0; at < file.size; at += SLICE) {
    sha256.update(new Uint8Array(await file.slice(at, at + SLICE).arrayBuffer()));
  }
  return sha256.hex();
}

// Where the bundle lies among what was chosen: beside its page, or else in the folder around all.
function rootOf(paths) {
  const depth = (path) => path.split("/").length;
  const pages = paths.filter((path) => path === PAGE || path.endsWith(`/${PAGE}`));
  if (pages.length > 0) {
    return pages.reduce((a, b) => (depth(b) < depth(a) ? b : a)).slice(0, -PAGE.length);
  }
  const outer = paths[0].slice(0, paths[0].indexOf("/") + 1);
  return paths.every((path) => path.startsWith(outer)) ? outer : "";
}

function namedInFolder(chosen) {
  const root = rootOf(chosen.map((one) => one.path));
  const inside = chosen.filter((one) => one.path.startsWith(root));
  return new Map(inside.map((one) => [one.path.slice(root.length), one.file]));
}

// Files chosen one by one come without their folders.
function namedAlone(chosen) {
  const ends = (name, path) => name === path || name.endsWith(`/${path}`);
  const full = (path) => [...known].find((name) => ends(name, path)) ?? path;
  return new Map(chosen.map((one) => [full(one.path), one.file]));
}

// What the page cannot list: the sums hold its hash, and must be the list in all the rest.
async function ownRows(found, absent) {
  const [sums, page] = [found.get(SUMS), found.get(PAGE)];
  const text = sums ? await sums.text().catch(() => null) : "";
  const own = /^([0-9a-f]{64})  check\.html$/m.exec(text ?? "")?.[1];
  const right = sumsLines.map(([name, hash]) => `${hash ?? own}  ${name}\n`).join("");
  const read = text === right ? "intact" : "changed";
  const state = text === null ? "unread" : read;
  const untold = page ? { name: PAGE, state: "unchecked" } : { name: PAGE, state: absent };
  return [
    { name: SUMS, state: sums ? state : absent },
    page && own ? await compared(PAGE, own, page) : untold,
  ];
}

// A file that went away or may not be read is told of, and the others are still checked.
async function compared(name, expected, file) {
  try {
    const hash = await hashOf(file);
    return hash === expected ? { name, state: "intact" } : { name, state: "changed", expected, hash };
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    return { name, state: "unread" };
  }
}

async function check(found, whole, tell) {
  const absent = whole ? "missing" : "unchecked";
  const rows = [];
  for (const [name, hash] of listed) {
    const file = found.get(name);
    rows.push(file ? await compared(name, hash, file) : { name, state: absent });
    if (!tell(rows.length)) return null;
  }
  rows.push(...(await ownRows(found, absent)));
  for (const name of found.keys()) if (!known.has(name)) rows.push({ name, state: "foreign" });
  return rows;
}

function verdictOf(rows, whole) {
  const count = (state) => rows.filter((row) => row.state === state).length;
  const told = [
    ["Целы", count("intact")],
    ["изменены", count("changed")],
    ["нет в папке", count("missing")],
    ["не прочитаны", count("unread")],
    ["посторонние", count("foreign")],
    ["не проверены", count("unchecked")],
  ];
  const counts = told.filter(([word, n]) => n > 0 || word === "Целы");
  const words = `${counts.map(([word, n]) => `${word}: ${n}`).join(", ")}.`;
  if (rows.some((row) => WRONG.has(row.state) && row.state !== "foreign")) {
    return { kind: "is-bad", title: "Есть расхождения: файлы не те, что были выгружены", words };
  }
  if (count("foreign") > 0) {
    return { kind: "is-bad", title: "Файлы из списка целы, но есть посторонние", words };
  }
  if (count("intact") === 0) {
    const why = `Хеш этой страницы стоит только в ${SUMS}: выберите вместе с ней и его.`;
    return { kind: "", title: "Выбранное сравнить не с чем", words: why };
  }
  if (!whole) return { kind: "is-good", title: "Выбранные файлы целы", words };
  return { kind: "is-good", title: "Все файлы целы", words: `${words} Ни один не пропал, лишних нет.` };
}

function element(tag, text, kind = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

function showVerdict({ kind, title, words }) {
  const box = element("div", "", `verdict ${kind}`);
  box.append(element("h2", title), element("p", words));
  it("verdict").replaceChildren(box);
  box.scrollIntoView({ block: "nearest" });
}

function rowOf({ name, state, expected, hash }) {
  // Roles are said, since a narrow screen shows rows as blocks, and some readers lose the table then.
  const row = element("tr", "");
  row.setAttribute("role", "row");
  const file = element("th", name);
  file.scope = "row";
  file.setAttribute("role", "rowheader");
  const said = element("td", "");
  said.setAttribute("role", "cell");
  said.append(element("span", STATES[state], WRONG.has(state) ? "is-wrong" : ""));
  if (hash) said.append(element("code", `по списку ${expected}`), element("code", `сейчас ${hash}`));
  row.append(file, said);
  return row;
}

function showRows(rows) {
  const order = Object.keys(STATES);
  const sorted = [...rows].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  const more = it("more");
  let shown = 0;
  const showMore = () => {
    it("rows").append(...sorted.slice(shown, shown + MOST_ROWS).map(rowOf));
    shown = Math.min(shown + MOST_ROWS, sorted.length);
    more.textContent = `Показать ещё (осталось ${sorted.length - shown})`;
    more.hidden = shown === sorted.length;
  };
  it("rows").replaceChildren();
  more.onclick = showMore;
  showMore();
  it("found").hidden = false;
}

async function checkChosen(chosen, whole) {
  const mine = ++run;
  it("found").hidden = true;
  it("verdict").replaceChildren();
  if (chosen.length === 0) return;
  const found = whole ? namedInFolder(chosen) : namedAlone(chosen);
  if (![...found.keys()].some((name) => known.has(name))) {
    const words = whole
      ? "Распакуйте архив и выберите ту папку, в которой лежит эта страница."
      : "Распакуйте архив и выберите файлы из папки, в которой лежит эта страница.";
    showVerdict({ kind: "is-bad", title: "Среди выбранного нет ни одного файла из списка", words });
    return;
  }
  it("progress").hidden = false;
  const tell = (done) => {
    if (run === mine) it("done").value = done / listed.length;
    return run === mine;
  };
  const rows = await check(found, whole, tell);
  if (rows === null || run !== mine) return;
  it("progress").hidden = true;
  showRows(rows);
  showVerdict(verdictOf(rows, whole));
}

// All files of what was dropped, with their paths.
async function filesOf(handle, before = "") {
  const path = before + handle.name;
  if (handle.kind === "file") return [{ path, file: await handle.getFile() }];
  const files = [];
  for await (const one of handle.values()) files.push(...(await filesOf(one, `${path}/`)));
  return files;
}

function chosenIn(input, pathOf) {
  input.addEventListener("click", () => {
    input.value = ""; // the same choice again is a check again
  });
  input.addEventListener("change", () => {
    const chosen = Array.from(input.files, (file) => ({ path: pathOf(file), file }));
    checkChosen(chosen, input.webkitdirectory);
  });
}

chosenIn(it("folder"), (file) => file.webkitRelativePath);
chosenIn(it("files"), (file) => file.name);
async function takeDropped(items) {
  const files = Array.from(items).filter((item) => item.kind === "file");
  try {
    const handles = await Promise.all(files.map((item) => item.getAsFileSystemHandle()));
    const chosen = await Promise.all(handles.map((handle) => filesOf(handle)));
    await checkChosen(chosen.flat(), handles.some((handle) => handle.kind === "directory"));
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    const words = "Выберите папку или файлы кнопкой.";
    showVerdict({ kind: "is-bad", title: "Браузер не отдал перетащенное", words });
  }
}

// Of the two ways to a dropped folder, browsers shut the older one to a page from a disk.
if ("getAsFileSystemHandle" in DataTransferItem.prototype) {
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    document.body.classList.add("over");
  });
  document.addEventListener("dragleave", () => document.body.classList.remove("over"));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    document.body.classList.remove("over");
    takeDropped(event.dataTransfer.items);
  });
  it("drag-hint").hidden = false;
}
it("folder-field").hidden = !("webkitdirectory" in it("folder")); // phones have no folders to choose
it("unable").hidden = true;
it("choice").hidden = false;
